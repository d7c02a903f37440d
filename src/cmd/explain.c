/* explain: what a check looks for, why, and an example of it. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/nearest.h"
#include "ci/ci.h"
#include "cmd/command_table.h"
#include "diag/check.h"
#include "diag/check_example.h"
#include "help/help.h"
#include "inputs/exit_code.h"
#include "session/run.h"

enum { INDENT = 2 };

static const struct check_example *
example_of(const char *code)
{
	for (size_t i = 0; i < check_example_count; i++)
		if (strcmp(check_examples[i].code, code) == 0)
			return &check_examples[i];
	return NULL;
}

/* The lines of the spec, each behind two blanks. */
static void
add_spec(struct buf *out, const char *title, const char *release, const char *spec)
{
	struct str rest = str_of(spec), line;

	buf_fmt(out, "\n%s%s%s:\n", title, *release ? " for pachd " : "", release);
	while (str_split(&rest, '\n', &line))
		if (line.len > 0)
			buf_fmt(out, "%*s%.*s\n", INDENT, "", STR_FMT(line));
}

static void
add_paragraph(struct buf *out, const char *word, const char *text, size_t width)
{
	buf_fmt(out, "%*s%s", INDENT, "", word);
	help_wrap(out, str_of(text), INDENT + strlen(word), INDENT, width);
	buf_add_char(out, '\n');
}

static void
add_check(struct buf *out, const struct check_info *check, size_t width)
{
	const struct check_example *example = example_of(check->code);

	buf_fmt(out, "%s %s (%s)\n", check->code, check->title,
	    check->is_warning ? "warning" : "error");
	add_paragraph(out, "", check->why, width);
	add_paragraph(out, "hint: ", check->hint, width);
	if (example) {
		add_spec(out, "Wrong", example->bad_release, example->bad);
		add_spec(out, "Right", example->good_release, example->good);
	}
	if (check->is_firm)
		buf_fmt(out, "\nTo leave single files out: --ignore %s=GLOB.\n", check->code);
	else
		buf_fmt(out,
		    "\nTo ignore it: --ignore %s, or in YAML the comment '# pachup: ignore %s'.\n",
		    check->code, check->code);
}

static int
unknown_code(const char *code, struct err *err)
{
	struct nearest near = nearest_to(str_of(code));

	for (enum check i = 0; i < CHECK_COUNT; i++)
		nearest_offer(&near, checks[i].code);
	(void)err_set(err, ERR_USAGE, "unknown check '%.100s'", code);
	if (near.found)
		return err_hint(
		    err, "did you mean '%s'? run 'pachup help checks' for all checks", near.found);
	return err_hint(err, "run 'pachup help checks' for all checks");
}

int
cmd_explain(struct run *run, struct err *err)
{
	struct buf out = BUF_INIT(MAX_HELP_BYTES);
	int rc = 0;

	if (run->opt.specs.count == 0) {
		(void)err_set(err, ERR_USAGE, "explain needs the code of a check");
		return err_hint(err, "run 'pachup help checks' for all checks");
	}
	for (size_t i = 0; i < run->opt.specs.count && rc == 0; i++) {
		enum check check = check_find(str_of(run->opt.specs.list[i]));

		if (check == CHECK_COUNT) {
			rc = unknown_code(run->opt.specs.list[i], err);
			continue;
		}
		if (i > 0)
			buf_add(&out, STR("\n\n"));
		add_check(&out, &checks[check], ci_width(&run->ci));
	}
	if (rc == 0)
		ci_raw(&run->ci, buf_str(&out));
	buf_free(&out);
	return rc < 0 ? -1 : EXIT_DONE;
}
