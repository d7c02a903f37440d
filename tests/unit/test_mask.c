#include "capture.h"

#include "secret/secret.h"

static void
test_ci_mask__derived_forms_only(struct arena *a)
{
	struct err err = { 0 };
	struct secret *s = secret_new(STR("to+ken/with=signs"), "a test", &err);
	struct capture m;

	capture_open(&m, a, ON_GITHUB(NULL));
	m.ci.is_channel = true;
	ok(s && ci_mask(&m.ci, s, false, &err) == 0, "masking works");
	capture_close(&m);
	ok(!strstr(m.log, "::add-mask::to+ken/with=signs")
	        && strstr(m.log, "::add-mask::to%252Bken"),
	    "the percent-encoded form, and not the value: %s", shown(a, m.log));
	capture_free(&m);
	capture_open(&m, a, ON_GITHUB(NULL));
	m.ci.is_channel = true;
	ok(ci_mask(&m.ci, s, true, &err) == 0, "masking the value, too");
	capture_close(&m);
	ok(strstr(m.log, "::add-mask::to+ken/with=signs") != NULL, "an unsealed value is masked");
	capture_free(&m);
	capture_open(&m, a, ON_TERMINAL(NULL));
	ok(ci_mask(&m.ci, s, true, &err) == 0, "on a terminal");
	capture_close(&m);
	ok(m.log_len == 0 && m.out_len == 0, "nothing is written there");
	capture_free(&m);
	capture_open(&m, a, ON_GITHUB(NULL));
	ok(ci_mask(&m.ci, s, true, &err) == 0, "in a script step");
	capture_close(&m);
	ok(m.log_len == 0 && m.out_len == 0, "neither: its output may go into a file");
	capture_free(&m);
	secret_free(s);
}

static void
test_ci_mask__short_and_azure(struct arena *a)
{
	struct err err = { 0 };
	struct secret *tiny = secret_new(STR("abc"), "a test", &err);
	struct secret *odd = secret_new(STR("a;]%?>~"), "a test", &err);
	struct capture m;

	capture_open(&m, a, ON_GITHUB(NULL));
	m.ci.is_channel = true;
	ok(tiny && ci_mask(&m.ci, tiny, true, &err) == 0, "three characters");
	capture_close(&m);
	ok(m.log_len == 0, "are not hidden: they would blot out the log");
	capture_free(&m);
	capture_open(&m, a, ON_AZURE(NULL));
	m.ci.is_channel = true;
	ok(odd && ci_mask(&m.ci, odd, true, &err) == 0, "odd characters");
	capture_close(&m);
	ok(strcmp(m.log, "##vso[task.setsecret]a%3B%5D%AZP25?>~\n"
	                 "##vso[task.setsecret]YTtdJT8-fg\n"
	                 "##vso[task.setsecret]a%AZP253B%AZP255D%AZP2525%AZP253F%AZP253E~\n"
	                 "##vso[task.setsecret]a%AZP253b%AZP255d%AZP2525%AZP253f%AZP253e~\n")
	        == 0,
	    "escaped: %s", shown(a, m.log));
	ok(m.out_len == 0, "results stay clean");
	capture_free(&m);
	secret_free(tiny);
	secret_free(odd);
}

static void
test_ci_mask__a_lost_line_is_told(struct arena *a)
{
	FILE *full = fopen("/dev/full", "w");
	const struct env env = { (char *[]){ NULL } };
	struct err err = { 0 };
	struct secret *s = secret_new(STR("a-token"), "a test", &err);
	struct ci ci;

	if (!full) {
		skip("no /dev/full");
		secret_free(s);
		return;
	}
	(void)setvbuf(full, NULL, _IONBF, 0); /* as standard error is */
	ok(s && ci_open(&ci, a, ci_systems, &env, "github", full, full, &err) == 0, "a full disk");
	ci.is_channel = true;
	ok(ci_mask(&ci, s, true, &err) == -1 && err.kind == ERR_SYSTEM
	        && !strstr(err.text, "a-token"),
	    "reported, without the secret: %s", err.text);
	(void)fclose(full);
	secret_free(s);
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);
	struct err err = { 0 };

	ok(secret_guard_process(&err) == 0, "libsodium starts");
	test_ci_mask__derived_forms_only(a);
	test_ci_mask__short_and_azure(a);
	test_ci_mask__a_lost_line_is_told(a);
	arena_free(a);
	return done();
}
