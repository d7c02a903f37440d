#define _GNU_SOURCE /* open_memstream */
#include "tap.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "ci/ci.h"
#include "secret/secret.h"

/* A mouth whose words can be read. */
struct mouth {
	struct ci ci;
	char *out, *log;
	size_t out_len, log_len;
	struct env env;
};

static void
mouth_open(struct mouth *m, struct arena *a, char *const *vars)
{
	struct err err = { 0 };

	*m = (struct mouth){ .env = { vars } };
	if (ci_open(&m->ci, a, &m->env, NULL, open_memstream(&m->out, &m->out_len),
	        open_memstream(&m->log, &m->log_len), &err)
	    < 0)
		exit(1);
}

static void
mouth_close(struct mouth *m)
{
	(void)fclose(m->ci.out);
	(void)fclose(m->ci.log);
}

static void
mouth_free(struct mouth *m)
{
	free(m->out);
	free(m->log);
}

/* A copy of what both runners look for in a line. */
static bool
holds_command(const char *text)
{
	const char *line = text;

	if (strstr(text, "##[") || strstr(text, "##vso["))
		return true;
	for (; line; line = strpbrk(line, "\r\n")) {
		line += strspn(line, "\r\n\t ");
		if (strncmp(line, "::", 2) == 0)
			return true;
		if (!*line)
			break;
	}
	return false;
}

static const char *const hostile[] = {
	"::error::x",
	"  ::add-mask::x",
	"a ##[error]x",
	"##vso[task.setvariable variable=PATH]x",
	"x\n::stop-commands::t",
	"x\r::error::y",
	"x\xe2\x80\xa8::error::y",
	"##teamcity[x]",
	"\x1b[2J",
};

static void
test_ci_out__holds_no_command(struct arena *a)
{
	char *github[] = { (char[]){ "GITHUB_ACTIONS=true" }, NULL };
	char *azure[] = { (char[]){ "TF_BUILD=True" }, NULL };
	char *none[] = { NULL };
	char *const *const worlds[] = { github, azure, none };

	for (size_t w = 0; w < COUNT_OF(worlds); w++)
		for (size_t i = 0; i < COUNT_OF(hostile); i++) {
			struct mouth m;

			mouth_open(&m, a, worlds[w]);
			ci_out(&m.ci, "%s", hostile[i]);
			ci_log(&m.ci, "pipeline %s", hostile[i]);
			ci_raw(&m.ci, w < 2 ? str_of(hostile[i]) : STR("x"));
			mouth_close(&m);
			ok(!holds_command(m.out) && !holds_command(m.log), "text %zu in world %zu",
			    i, w);
			ok(!strchr(m.out, '\x1b') && !strchr(m.log, '\r'), "controls are visible");
			mouth_free(&m);
		}
}

static void
test_ci_diags__annotations(struct arena *a)
{
	char *github[] = { (char[]){ "GITHUB_ACTIONS=true" }, (char[]){ "NO_COLOR=1" }, NULL };
	struct diags d = diags_in(a);
	struct mouth m;
	size_t errors = 0;

	for (unsigned i = 1; i <= 12; i++)
		diag_mend(&d,
		    diags_error(
		        &d, "a,b:c.json", (struct span){ .line = i, .col = 2 }, "50%% of\nit"),
		    "mend it");
	mouth_open(&m, a, github);
	ci_diags(&m.ci, &d);
	mouth_close(&m);
	for (const char *at = m.log; (at = strstr(at, "\n::error ")) != NULL; at++)
		errors++;
	ok(strstr(m.log, "::error file=a%2Cb%3Ac.json,line=1,col=2::50%25 of\\nit%0Amend: mend it")
	        != NULL,
	    "both escape tables");
	ok(errors <= 10, "at most ten annotations: %zu", errors);
	ok(strstr(m.log, "a,b:c.json:12:2: error: ") != NULL, "but all of them as lines");
	mouth_free(&m);
}

static void
test_ci_diags__azure(struct arena *a)
{
	char *azure[] = { (char[]){ "TF_BUILD=True" }, (char[]){ "NO_COLOR=1" }, NULL };
	struct diags d = diags_in(a);
	struct mouth m;

	(void)diags_error(&d, "a;b].json", (struct span){ .line = 3, .col = 4 }, "50%%;]");
	mouth_open(&m, a, azure);
	ci_diags(&m.ci, &d);
	mouth_close(&m);
	ok(strstr(m.log, "##vso[task.logissue type=error;sourcepath=a%3Bb%5D.json;linenumber=3;"
	                 "columnnumber=4;]50%AZP25%3B%5D")
	        != NULL,
	    "escapes: %s", m.log);
	mouth_free(&m);
}

static void
test_ci_mask__derived_forms_only(struct arena *a)
{
	char *github[] = { (char[]){ "GITHUB_ACTIONS=true" }, NULL };
	char *none[] = { NULL };
	struct err err = { 0 };
	struct secret *s = secret_new(STR("to+ken/with=signs"), "a test", &err);
	struct mouth m;

	mouth_open(&m, a, github);
	ok(s && ci_mask(&m.ci, s, false, &err) == 0, "masking works");
	mouth_close(&m);
	ok(!strstr(m.log, "::add-mask::to+ken/with=signs")
	        && strstr(m.log, "::add-mask::to%252Bken"),
	    "the percent-encoded form, and not the value: %s", m.log);
	mouth_free(&m);
	mouth_open(&m, a, github);
	ok(ci_mask(&m.ci, s, true, &err) == 0, "masking the value, too");
	mouth_close(&m);
	ok(strstr(m.log, "::add-mask::to+ken/with=signs") != NULL, "an unsealed value is masked");
	mouth_free(&m);
	mouth_open(&m, a, none);
	ok(ci_mask(&m.ci, s, true, &err) == 0, "on a terminal");
	mouth_close(&m);
	ok(m.log_len == 0 && m.out_len == 0, "nothing is written there");
	mouth_free(&m);
	secret_free(s);
}

static void
test_ci_open__unknown_word(struct arena *a)
{
	char *none[] = { NULL };
	struct env env = { none };
	struct err err = { 0 };
	struct ci ci;

	ok(ci_open(&ci, a, &env, "jenkins", stdout, stderr, &err) < 0 && err.kind == ERR_USAGE,
	    "'jenkins' is refused: %s", err.mend);
	ok(ci_open(&ci, a, &env, "github", stdout, stderr, &err) == 0 && ci_is_runner(&ci),
	    "a word overrides what was found");
	ok(ci_open(&ci, a, &env, NULL, stdout, stderr, &err) == 0 && !ci_is_runner(&ci)
	        && !ci_workspace(&ci),
	    "a terminal has no workspace");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);
	struct err err = { 0 };

	ok(secret_guard_process(&err) == 0, "libsodium starts");
	test_ci_out__holds_no_command(a);
	test_ci_diags__annotations(a);
	test_ci_diags__azure(a);
	test_ci_mask__derived_forms_only(a);
	test_ci_open__unknown_word(a);
	arena_free(a);
	return done();
}
