#include "capture.h"

#include "base/buf.h"
#include "format/json_builder.h"

#include <sys/stat.h>
#include <unistd.h>

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
	const char *const *const worlds[] = { ON_GITHUB(NULL), ON_AZURE(NULL), ON_TERMINAL(NULL) };

	for (size_t w = 0; w < COUNT_OF(worlds); w++)
		for (size_t i = 0; i < COUNT_OF(hostile); i++) {
			struct capture m;

			capture_open(&m, a, worlds[w]);
			ci_out(&m.ci, "%s", hostile[i]);
			ci_log(&m.ci, "pipeline %s", hostile[i]);
			ci_raw(&m.ci, w < 2 ? str_of(hostile[i]) : STR("x"));
			capture_close(&m);
			ok(!holds_command(m.out) && !holds_command(m.log), "text %zu in world %zu",
			    i, w);
			ok(!strchr(m.out, '\x1b') && !strchr(m.log, '\r'), "controls are visible");
			capture_free(&m);
		}
}

static void
test_ci_diags__annotations(struct arena *a)
{
	struct diags d = diags_in(a);
	struct capture m;
	size_t errors = 0;

	for (unsigned i = 1; i <= 12; i++)
		diag_hint(&d,
		    diags_error(&d, CHECK_SYNTAX, "a,b:c.json",
		        (struct span){ .line = i, .col = 2 }, "50%% of\nit"),
		    "hint it");
	capture_open(&m, a, ON_GITHUB(NULL));
	ci_diags(&m.ci, &d);
	capture_close(&m);
	for (const char *at = m.log; (at = strstr(at, "\n::error ")) != NULL; at++)
		errors++;
	ok(strstr(m.log, "::error file=a%2Cb%3Ac.json,line=1,col=2,title=PU001 syntax::"
	                 "a,b:c.json:1:2: 50%25 of%0Ait%0Ahint: hint it")
	        != NULL,
	    "both escape tables");
	ok(errors <= 10, "at most ten annotations: %zu", errors);
	ok(strstr(m.log, "::group::2 more errors and 0 more warnings\na,b:c.json:11:2: ") != NULL
	        && strstr(m.log, "a,b:c.json:12:2: ") != NULL
	        && !strstr(m.log, "a,b:c.json:10:2: \x1b"),
	    "the rest as lines, counted: %s", shown(a, m.log));
	capture_free(&m);
}

static void
test_ci_diags__azure(struct arena *a)
{
	struct diags d = diags_in(a);
	struct capture m;

	(void)diags_error(
	    &d, CHECK_SYNTAX, "a;b].json", (struct span){ .line = 3, .col = 4 }, "50%%;]");
	capture_open(&m, a, ON_AZURE(NULL));
	ci_diags(&m.ci, &d);
	capture_close(&m);
	ok(strstr(m.log, "##vso[task.logissue type=error;sourcepath=a%3Bb%5D.json;linenumber=3;"
	                 "columnnumber=4;code=PU001;]50%AZP25%3B%5D")
	        != NULL,
	    "escapes: %s", shown(a, m.log));
	capture_free(&m);
}

static void
test_ci_warn__long_ones_are_cut_between_characters(struct arena *a)
{
	char text[5001];
	struct capture m;

	for (size_t i = 0; i + 1 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa9", 2);
	text[5000] = '\0';
	capture_open(&m, a, ON_GITHUB(NULL));
	ci_warn(&m.ci, "x%s", text);
	capture_close(&m);
	ok(m.log_len == strlen("::warning::\n") + 3071 && !strstr(m.log, "\\x"),
	    "%zu bytes, no half character", m.log_len);
	capture_free(&m);
}

static void
test_ci_open__detects(struct arena *a)
{
	static const struct {
		const char *vars[3];
		const char *workspace;
		bool is_runner;
	} rows[] = {
		{ { "GITHUB_ACTIONS=true", "GITHUB_WORKSPACE=/w" }, "/w", true },
		{ { "TF_BUILD=True", "BUILD_SOURCESDIRECTORY=/s" }, "/s", true },
		{ { "GITHUB_ACTIONS=false", "GITHUB_WORKSPACE=/w" }, NULL, false },
		{ { "CI=true" }, NULL, false },
		{ { "TF_BUILD=" }, NULL, false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct capture m;
		const char *workspace;

		capture_open(&m, a, rows[i].vars);
		workspace = ci_workspace(&m.ci);
		ok(ci_is_runner(&m.ci) == rows[i].is_runner
		        && (rows[i].workspace ? workspace && !strcmp(workspace, rows[i].workspace)
		                              : !workspace),
		    "%s", rows[i].vars[0]);
		capture_close(&m);
		capture_free(&m);
	}
}

static void
test_ci_open__colors(struct arena *a)
{
	static const struct {
		const char *vars[4];
		bool color;
	} rows[] = {
		{ { "GITHUB_ACTIONS=true" }, true }, { { "TF_BUILD=True" }, true },
		{ { "GITHUB_ACTIONS=true", "NO_COLOR=1", "FORCE_COLOR=1" }, false },
		{ { "FORCE_COLOR=1" }, true }, { { "CLICOLOR_FORCE=1" }, true },
		{ { "FORCE_COLOR=0" }, false }, { { "NO_COLOR=", "CLICOLOR_FORCE=1" }, true },
		{ { "TERM=xterm" }, false }, /* not a terminal: memory */
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct capture m;

		capture_open(&m, a, rows[i].vars);
		ok(m.ci.color == rows[i].color, "colours, row %zu", i);
		capture_close(&m);
		capture_free(&m);
	}
}

static void
remarks(struct ci *ci)
{
	struct err err = { 0 };

	(void)err_set(&err, ERR_SYSTEM, "cannot, 100%%");
	(void)err_hint(&err, "do: this");
	ci_group(ci, "a ##[b]");
	ci_note(ci, "n");
	ci_warn(ci, "w");
	ci_error(ci, &err);
	ci_group_end(ci);
}

static void
test_ci_error__in_each_world(struct arena *a)
{
	const struct {
		const char *const *vars;
		const char *log;
	} rows[] = {
		{ ON_TERMINAL(NULL), "note: n\nwarning: w\nerror: cannot, 100%\n  "
		                     "hint: do: this\n" },
		{ ON_GITHUB(NULL),
		    "::group::a ##\\[b]\n::notice::n\n::warning::w\n::error::cannot, "
		    "100%25%0Ahint: do: this\n::endgroup::\n" },
		{ ON_AZURE(NULL), "##[group]a ##\\[b]\nnote: n\n##vso[task.logissue "
		                  "type=warning;]w\n##vso[task.logissue type=error;]cannot, "
		                  "100%AZP25. hint: do: this\n##[endgroup]\n" },
		{ (const char *const[]){ "FORCE_COLOR=1", NULL },
		    "\x1b[36mnote:\x1b[0m n\n\x1b[33mwarning:\x1b[0m w\n"
		    "\x1b[31merror:\x1b[0m cannot, 100%\n  \x1b[32mhint:\x1b[0m do: this\n" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct capture m;

		capture_open(&m, a, rows[i].vars);
		remarks(&m.ci);
		capture_close(&m);
		ok(strcmp(m.log, rows[i].log) == 0 && m.out_len == 0, "world %zu: %s", i,
		    shown(a, m.log));
		capture_free(&m);
	}
}

static void
test_ci_note__past_the_list(struct arena *a)
{
	struct capture m;
	char *last;

	capture_open(&m, a, ON_GITHUB(NULL));
	for (int i = 1; i <= 11; i++)
		ci_note(&m.ci, "n%d", i);
	ci_warn(&m.ci, "w");
	capture_close(&m);
	last = strstr(m.log, "::notice::n10\n");
	ok(last && strcmp(last, "::notice::n10\nnote: n11\n::warning::w\n") == 0,
	    "the eleventh is an ordinary line; other levels count for themselves");
	capture_free(&m);
}

static void
test_ci_diags__relative_to_the_workspace(struct arena *a)
{
	const char *base = getenv("TMPDIR");
	char *home = arena_cstr(a, arena_fmt(a, "%s/pachup-ci-XXXXXX", base ? base : "/tmp"));
	const char *dir, *file;
	struct diags d = diags_in(a);
	struct capture m;
	FILE *f;

	if (!mkdtemp(home))
		exit(1);
	dir = arena_fmt(a, "%s/sub", home).ptr;
	file = arena_fmt(a, "%s/x.json", dir).ptr;
	f = mkdir(dir, 0700) == 0 ? fopen(file, "w") : NULL;
	if (!f || fclose(f) != 0 || chdir(dir) != 0)
		exit(1);
	(void)diags_error(&d, CHECK_SYNTAX, "x.json", (struct span){ .line = 1, .col = 2 }, "one");
	(void)diags_warn(&d, CHECK_SYNTAX, file, (struct span){ .line = 0 }, "two");
	(void)diags_error(
	    &d, CHECK_SYNTAX, "/etc/passwd", (struct span){ .line = 1, .col = 1 }, "three");
	capture_open(&m, a, ON_GITHUB(arena_fmt(a, "GITHUB_WORKSPACE=%s/", home).ptr, NULL));
	ci_diags(&m.ci, &d);
	capture_close(&m);
	ok(strstr(m.log, "::error file=sub/x.json,line=1,col=2,title=PU001 syntax::"
	                 "sub/x.json:1:2: one\n")
	        != NULL,
	    "from the working directory: %s", shown(a, m.log));
	ok(strstr(m.log, "::warning file=sub/x.json,title=PU001 syntax::sub/x.json: two\n") != NULL,
	    "from an absolute name, about the whole file");
	ok(strstr(m.log, "::error file=/etc/passwd,line=1,col=1,title=PU001 syntax::"
	                 "/etc/passwd:1:1: three\n")
	        != NULL,
	    "outside as it was written");
	capture_free(&m);
	(void)unlink(file);
	ok(chdir("/") == 0 && rmdir(dir) == 0 && rmdir(home) == 0, "tidied up");
}

static void
test_ci_raw__as_it_is_only_on_a_terminal(struct arena *a)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "{\n\t\"a\": 1\n}\n", "{\n\t\"a\": 1\n}\n" },
		{ "no end", "no end\n" },
		{ "a\r\n\n::error::x", "a\\r\n\n\\::error::x\n" },
		{ "", "" },
		{ "\n", "\n" },
	};
	static const char odd[] = "\x1b[0m::error::\r##[x";
	struct capture m;

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		capture_open(&m, a, ON_AZURE(NULL));
		ci_raw(&m.ci, str_of(rows[i].in));
		capture_close(&m);
		ok(strcmp(m.out, rows[i].out) == 0, "on a runner, row %zu: %s", i, shown(a, m.out));
		capture_free(&m);
	}
	capture_open(&m, a, ON_TERMINAL(NULL));
	ci_raw(&m.ci, str_of(odd));
	capture_close(&m);
	ok(strcmp(m.out, odd) == 0, "on a terminal not a byte is changed");
	capture_free(&m);
}

static void
test_ci_close__a_lost_write(struct arena *a)
{
	FILE *full = fopen("/dev/full", "w"), *null = fopen("/dev/null", "w");
	struct env env = { (char *[]){ NULL } };
	struct err err = { 0 };
	struct ci ci;

	if (!full || !null) {
		skip("no /dev/full");
		return;
	}
	ok(ci_open(&ci, a, ci_systems, &env, NULL, full, null, &err) == 0,
	    "results go to a full disk");
	ci_out(&ci, "x");
	ok(ci_close(&ci, &err) == -1 && err.kind == ERR_SYSTEM
	        && strcmp(err.text, "cannot write to standard output") == 0,
	    "reported: %s; %s", err.text, err.hint);
	ok(ci_open(&ci, a, ci_systems, &env, NULL, null, null, &err) == 0, "and to a healthy one");
	ci_out(&ci, "x");
	ok(ci_close(&ci, &err) == 0, "all is well");
	(void)fclose(full);
	(void)fclose(null);
}

static void
test_ci_open__unknown_word(struct arena *a)
{
	char *none[] = { NULL };
	struct env env = { none };
	struct err err = { 0 };
	struct ci ci;

	ok(ci_open(&ci, a, ci_systems, &env, "nonesuch", stdout, stderr, &err) < 0
	        && err.kind == ERR_USAGE,
	    "'nonesuch' is refused: %s", err.hint);
	ok(ci_open(&ci, a, ci_systems, &env, "github", stdout, stderr, &err) == 0
	        && ci_is_runner(&ci),
	    "a word overrides what was found");
	ok(ci_open(&ci, a, ci_systems, &env, NULL, stdout, stderr, &err) == 0 && !ci_is_runner(&ci)
	        && !ci_workspace(&ci),
	    "a terminal has no workspace");
}

static void
test_ci_debug__forms(struct arena *a)
{
	static const struct {
		const char *vars[3];
		bool is_channel, has_log;
		const char *line;
	} worlds[] = {
		{ { NULL }, false, false, "debug: a%b\n" },
		{ { "RUNNER_DEBUG=1" }, false, false, "debug: a%b\n" },
		{ { "GITHUB_ACTIONS=true" }, true, false, "debug: a%b\n" },
		{ { "GITHUB_ACTIONS=true", "RUNNER_DEBUG=0" }, true, false, "debug: a%b\n" },
		{ { "GITHUB_ACTIONS=true", "RUNNER_DEBUG=1" }, true, true, "::debug::a%25b\n" },
		{ { "GITHUB_ACTIONS=true", "RUNNER_DEBUG=1" }, false, true, "debug: a%b\n" },
		{ { "TF_BUILD=True", "SYSTEM_DEBUG=True" }, true, true,
		    "##vso[task.debug]a%AZP25b\n" },
		{ { "TF_BUILD=True", "SYSTEM_DEBUG=false" }, true, false, "debug: a%b\n" },
		{ { "GITLAB_CI=true", "CI_DEBUG_TRACE=true" }, true, true, "debug: a%b\n" },
	};

	for (size_t i = 0; i < COUNT_OF(worlds); i++) {
		const char *vars[5] = { "NO_COLOR=1" };
		struct capture m;

		for (size_t n = 0; worlds[i].vars[n]; n++)
			vars[n + 1] = worlds[i].vars[n];
		capture_open(&m, a, vars);
		m.ci.is_channel = worlds[i].is_channel;
		ci_debug(&m.ci, "not asked for");
		m.ci.is_verbose = true;
		ci_debug(&m.ci, "a%%b");
		ok(ci_has_debug_log(&m.ci) == worlds[i].has_log, "world %zu has a debug log: %d", i,
		    worlds[i].has_log);
		capture_close(&m);
		ok(strcmp(m.log, worlds[i].line) == 0 && m.out_len == 0, "world %zu: %s", i,
		    shown(a, m.log));
		capture_free(&m);
	}
}

/* The text of the file, in `a`; NULL: there is none. */
static const char *
text_of(struct arena *a, const char *path)
{
	char *text = arena_alloc(a, 8192);
	FILE *f = fopen(path, "r");

	if (!f)
		return NULL;
	text[fread(text, 1, 8191, f)] = '\0';
	(void)fclose(f);
	(void)unlink(path);
	return text;
}

static void
test_ci_output__tekton(struct arena *a)
{
	char dir[] = "/tmp/pachup-tekton-XXXXXX", large[4000];
	const char *const made = mkdtemp(dir);
	const char *vars[] = { "NO_COLOR=1",
		arena_fmt(a,
		    "PACHUP_RESULTS= %s/sha,%s/images\n%s/plan-json %s/empty $(results.x.path) ",
		    dir, dir, dir, dir)
		    .ptr,
		NULL };
	struct capture m;
	struct err err;

	memset(large, '"', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	capture_open(&m, a, vars);
	ok(made && ci_output(&m.ci, "sha", STR("11\n"), &err) == 0
	        && ci_output(&m.ci, "changed", STR("3"), &err) == 0
	        && ci_output(&m.ci, "empty", STR(""), &err) == 0
	        && ci_output(&m.ci, "plan-json", (struct str){ large, 1900 }, &err) == 0
	        && ci_output(&m.ci, "images", (struct str){ large, 1000 }, &err) == 0,
	    "five outputs");
	capture_close(&m);
	ok(str_is(str_of(text_of(a, arena_fmt(a, "%s/sha", dir).ptr)), "11\n"), "as it is");
	ok(text_of(a, arena_fmt(a, "%s/empty", dir).ptr) != NULL, "an empty one is there, too");
	ok(!text_of(a, arena_fmt(a, "%s/changed", dir).ptr), "nobody wants that one");
	/* a quotation mark takes two bytes of the message */
	ok(!text_of(a, arena_fmt(a, "%s/plan-json", dir).ptr)
	        && strstr(
	            m.log, "warning: result 'plan-json' is left out: it takes 3845 bytes, and "),
	    "too large: %s", shown(a, m.log));
	ok(text_of(a, arena_fmt(a, "%s/images", dir).ptr) != NULL, "a later one that fits");
	ok(rmdir(dir) == 0, "nothing else");
	capture_free(&m);
}

static void
test_ci_raw_json__whole_or_not_at_all(struct arena *a)
{
	for (size_t ceiling = 8; ceiling < 12; ceiling++) {
		struct capture m;
		struct buf text = BUF_INIT(ceiling), more = BUF_INIT(ceiling);
		struct json j = JSON_TO(&text);
		struct err err = { 0 };
		int rc, taken;

		capture_open(&m, a, (const char *const[]){ NULL });
		json_open(&j, NULL, JSON_OBJECT);
		json_text(&j, "a", "b");
		json_close(&j);
		rc = ci_raw_json(&m.ci, &j, "the list", &err);
		buf_add(&more, STR("123456789\n"));
		taken = ci_result_take(&m.ci, &more, "the list", &err);
		capture_close(&m);
		ok(rc == (ceiling < 10 ? -1 : 0) && taken == rc
		        && strcmp(m.out, rc < 0 ? "" : "{\"a\":\"b\"}\n") == 0
		        && (rc == 0 || str_starts(str_of(err.text), "the list is larger than ")),
		    "10 bytes of at most %zu", ceiling);
		capture_free(&m);
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_ci_out__holds_no_command(a);
	test_ci_diags__annotations(a);
	test_ci_diags__azure(a);
	test_ci_warn__long_ones_are_cut_between_characters(a);
	test_ci_open__detects(a);
	test_ci_open__colors(a);
	test_ci_error__in_each_world(a);
	test_ci_note__past_the_list(a);
	test_ci_diags__relative_to_the_workspace(a);
	test_ci_raw__as_it_is_only_on_a_terminal(a);
	test_ci_close__a_lost_write(a);
	test_ci_open__unknown_word(a);
	test_ci_debug__forms(a);
	test_ci_output__tekton(a);
	test_ci_raw_json__whole_or_not_at_all(a);
	arena_free(a);
	return done();
}
