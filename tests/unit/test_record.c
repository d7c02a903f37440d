#include "capture.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "ci/record.h"

static const char *
var(struct arena *a, const char *name, const char *value)
{
	return arena_fmt(a, "%s=%s", name, value).ptr;
}

static const char *
make_file(struct arena *a, const char *home, const char *name)
{
	const char *path = arena_fmt(a, "%s/%s", home, name).ptr;
	FILE *f = fopen(path, "w");

	if (!f || fclose(f) != 0)
		exit(1);
	return path;
}

/* The whole file, NUL-ended, in `a`. */
static struct str
content(struct arena *a, const char *path)
{
	struct stat st;
	FILE *f = fopen(path, "r");
	char *text;

	if (!f || fstat(fileno(f), &st) < 0)
		exit(1);
	text = arena_alloc(a, (size_t)st.st_size + 1);
	if (fread(text, 1, (size_t)st.st_size, f) != (size_t)st.st_size)
		exit(1);
	(void)fclose(f);
	return (struct str){ text, (size_t)st.st_size };
}

/* As the runner reads it: takes one NAME<<DELIMITER record off `text`. */
static bool
next_output(struct arena *a, struct str *text, struct str *name, struct str *value)
{
	struct str first, line, end;
	const char *start;
	size_t at;

	if (!str_split(text, '\n', &first) || first.len == 0)
		return false;
	at = str_find(first, '<');
	*name = str_head(first, at);
	end = str_tail(first, at + 2);
	start = text->ptr;
	while (str_split(text, '\n', &line))
		if (str_eq(line, end)) {
			*value = (struct str){ start, (size_t)(line.ptr - start) - 1 };
			*value = arena_str(a, *value);
			return str_starts(end, "ghadelimiter_") && end.len == 13 + RECORD_ID_LEN;
		}
	return false;
}

static void
test_record_id__random(void)
{
	char one[RECORD_ID_LEN + 1], other[RECORD_ID_LEN + 1];
	struct err err = { 0 };

	ok(record_id(one, &err) == 0 && record_id(other, &err) == 0 && strcmp(one, other) != 0,
	    "two differ: %s", one);
	ok(strlen(one) == RECORD_ID_LEN && one[8] == '-' && one[23] == '-'
	        && strspn(one, "0123456789abcdef-") == RECORD_ID_LEN,
	    "the shape of a UUID");
}

static void
test_ci_output__github_round_trip(struct arena *a, const char *home)
{
	static const struct {
		const char *name;
		struct str value;
	} rows[] = {
		{ "sha", { "abc", 3 } },
		{ "images", { "[\n  \"a\"\n]\n", 10 } },
		{ "changed", { "", 0 } },
		{ "plan-json", { "x\nEOF\nghadelimiter_\nPATH=/evil\nsha<<E\nE", 40 } },
	};
	const char *path = make_file(a, home, "output");
	struct str text, name, value;
	struct err err = { 0 };
	struct capture m;

	capture_open(&m, a, ON_GITHUB(var(a, "GITHUB_OUTPUT", path), NULL));
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ok(ci_output(&m.ci, rows[i].name, rows[i].value, &err) == 0, "%s is set",
		    rows[i].name);
	capture_close(&m);
	ok(m.out_len == 0 && m.log_len == 0, "nothing is said about it");
	capture_free(&m);
	text = content(a, path);
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ok(next_output(a, &text, &name, &value) && str_is(name, rows[i].name)
		        && str_eq(value, rows[i].value),
		    "%s arrives as it was", rows[i].name);
	ok(!next_output(a, &text, &name, &value), "and nothing else");
}

static void
test_ci_output__refusals(struct arena *a, const char *home)
{
	static const char *const bad[] = { "", "1x", "-x", "a=b", "a<<b", "a b", "a\nb",
		"\xc3\xa9" };
	const char *path = make_file(a, home, "output");
	char *large = arena_alloc(a, MAX_OUTPUT_BYTES + 2);
	struct str text, name, value;
	struct err err = { 0 };
	struct capture m;

	memset(large, 'x', MAX_OUTPUT_BYTES + 1);
	capture_open(&m, a, ON_GITHUB(var(a, "GITHUB_OUTPUT", path), NULL));
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		ok(ci_output(&m.ci, bad[i], STR("x"), &err) == -1 && err.kind == ERR_SYSTEM,
		    "name %zu: %s", i, err.text);
	ok(ci_output(&m.ci, "most", (struct str){ large, MAX_OUTPUT_BYTES }, &err) == 0
	        && ci_output(&m.ci, "more", (struct str){ large, MAX_OUTPUT_BYTES + 1 }, &err) == 0,
	    "too large is not a failure");
	capture_close(&m);
	ok(strcmp(m.log,
	       "::notice::output 'more' is empty: its value has 262145 bytes, the limit is 262144"
	       "\n")
	        == 0,
	    "but a notice: %s", shown(a, m.log));
	capture_free(&m);
	text = content(a, path);
	ok(next_output(a, &text, &name, &value) && value.len == MAX_OUTPUT_BYTES,
	    "the ceiling fits");
	ok(next_output(a, &text, &name, &value) && str_is(name, "more") && value.len == 0,
	    "one more is left empty");
}

static void
test_ci_output__without_a_place(struct arena *a, const char *home)
{
	const char *gone = arena_fmt(a, "%s/gone/file", home).ptr;
	struct err err = { 0 };
	struct capture m;

	capture_open(&m, a, ON_GITHUB(NULL));
	ok(ci_output(&m.ci, "sha", STR("x"), &err) == 0 && ci_summary(&m.ci, STR("x"), &err) == 0,
	    "no variable: nothing");
	capture_close(&m);
	ok(m.out_len == 0 && m.log_len == 0, "and nothing said");
	capture_free(&m);
	capture_open(&m, a, ON_TERMINAL(var(a, "GITHUB_OUTPUT", gone), NULL));
	ok(ci_output(&m.ci, "sha", STR("x"), &err) == 0, "a terminal has no outputs");
	capture_close(&m);
	capture_free(&m);
	capture_open(
	    &m, a, ON_GITHUB(var(a, "GITHUB_OUTPUT", gone), "GITHUB_STEP_SUMMARY=/dev/full", NULL));
	ok(ci_output(&m.ci, "sha", STR("x"), &err) == -1 && strstr(err.text, "'sha'")
	        && strstr(err.text, gone),
	    "a missing file is reported: %s", err.text);
	ok(ci_summary(&m.ci, STR("x"), &err) == -1 && strstr(err.text, "/dev/full"),
	    "a full disk, too: %s", err.text);
	capture_close(&m);
	capture_free(&m);
}

static void
test_ci_output__azure(struct arena *a)
{
	enum { MOST = 96 << 10 };
	char *large = arena_alloc(a, MOST + 2);
	struct err err = { 0 };
	struct capture m;

	memset(large, 'x', MOST + 1);
	capture_open(&m, a, ON_AZURE(NULL));
	ok(ci_output(&m.ci, "plan-json", STR("[\"50%;\r\n\"]##vso[a.b]c"), &err) == 0
	        && ci_output(&m.ci, "server-version", STR("2.11"), &err) == 0
	        && ci_output(&m.ci, "sha", (struct str){ large, MOST + 1 }, &err) == 0,
	    "set");
	capture_close(&m);
	ok(strcmp(m.out, "##vso[task.setvariable variable=planJson;isoutput=true;]"
	                 "[\"50%AZP25%3B%0D%0A\"%5D##vso[a.b%5Dc\n"
	                 "##vso[task.setvariable variable=serverVersion;isoutput=true;]2.11\n"
	                 "##vso[task.setvariable variable=sha;isoutput=true;]\n")
	        == 0,
	    "escaped, named in camel case, empty when too large: %s", shown(a, m.out));
	ok(strstr(m.log, "note: output 'sha' is empty") != NULL, "which is reported: %s",
	    shown(a, m.log));
	capture_free(&m);
}

static void
test_ci_summary__at_most_1_mib(struct arena *a, const char *home)
{
	const char *path = make_file(a, home, "summary");
	size_t most = RECORD_SUMMARY_MAX;
	char *large = arena_alloc(a, most + 1);
	struct err err = { 0 };
	struct capture m;

	memset(large, 'x', most);
	capture_open(&m, a, ON_GITHUB(var(a, "GITHUB_STEP_SUMMARY", path), NULL));
	ok(ci_summary(&m.ci, STR("# one\n"), &err) == 0
	        && ci_summary(&m.ci, (struct str){ large, most - 5 }, &err) == 0
	        && ci_summary(&m.ci, STR("two\n"), &err) == 0,
	    "three pieces");
	capture_close(&m);
	ok(str_is(content(a, path), "# one\ntwo\n"), "the one that does not fit is left out");
	ok(strstr(m.log, "::notice::the job summary is cut by 1048571 bytes") != NULL,
	    "with a notice: %s", shown(a, m.log));
	capture_free(&m);
}

static void
test_ci_summary__azure_told_once_at_the_end(struct arena *a, const char *home)
{
	static const char command[] = "##vso[task.uploadsummary]";
	struct err err = { 0 };
	struct capture m;
	struct str reported, path;

	capture_open(&m, a, ON_AZURE(var(a, "AGENT_TEMPDIRECTORY", home), NULL));
	ok(ci_summary(&m.ci, STR("# one\n"), &err) == 0
	        && ci_summary(&m.ci, STR("two\n"), &err) == 0,
	    "two pieces: %s", err.text);
	(void)fflush(m.ci.out);
	ok(m.out_len == 0, "nothing is reported yet");
	ok(ci_close(&m.ci, &err) == 0 && ci_close(&m.ci, &err) == 0, "closed, twice even");
	capture_close(&m);
	reported = (struct str){ m.out, m.out_len };
	ok(str_starts(reported, command) && str_find(reported, '\n') + 1 == reported.len,
	    "reported once: %s", shown(a, m.out));
	path = arena_str(a, str_trim(str_tail(reported, sizeof(command) - 1)));
	ok(str_starts(path, home) && str_ends(path, "/pachup-summary.md"), "where and what name");
	ok(str_is(content(a, path.ptr), "# one\ntwo\n"), "both pieces are in it");
	(void)unlink(path.ptr);
	(void)rmdir(arena_cstr(a, str_head(path, str_rfind(path, '/'))));
	capture_free(&m);
	capture_open(&m, a, ON_AZURE(NULL));
	ok(ci_summary(&m.ci, STR("x"), &err) == 0 && ci_close(&m.ci, &err) == 0, "no directory");
	capture_close(&m);
	ok(m.out_len == 0, "nothing is reported");
	capture_free(&m);
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);
	const char *base = getenv("TMPDIR");
	char *home = arena_cstr(a, arena_fmt(a, "%s/pachup-record-XXXXXX", base ? base : "/tmp"));

	if (!mkdtemp(home))
		exit(1);
	test_record_id__random();
	test_ci_output__github_round_trip(a, home);
	test_ci_output__refusals(a, home);
	test_ci_output__without_a_place(a, home);
	test_ci_output__azure(a);
	test_ci_summary__at_most_1_mib(a, home);
	test_ci_summary__azure_told_once_at_the_end(a, home);
	(void)unlink(arena_fmt(a, "%s/output", home).ptr);
	(void)unlink(arena_fmt(a, "%s/summary", home).ptr);
	ok(rmdir(home) == 0, "nothing else was written");
	arena_free(a);
	return done();
}
