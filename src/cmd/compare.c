/* compare: shows what two sets of specs mean differently, and writes values that make one of the other. */
#include "compare/compare.h"

#include "base/arena.h"
#include "base/buf.h"
#include "cmd/command_table.h"
#include "data/arguments.h"
#include "inputs/exit_code.h"
#include "session/run.h"

enum { MAX_NAMES = 3 };

static int
refuse_rest(struct run *run, const struct comparison *c, const struct written *w, struct err *err)
{
	struct str listed = STR("");

	for (size_t i = 0; i < w->rest_count && i < MAX_NAMES; i++)
		listed = arena_listed(run->arena, listed, w->rest[i]->title);
	(void)err_set(err, ERR_FAILED, "values cannot make %zu pipeline%s of '%.200s': %.*s%s",
	    w->rest_count, w->rest_count == 1 ? "" : "s", c->side[1].name, STR_FMT(listed),
	    w->rest_count > MAX_NAMES ? ", ..." : "");
	return err_hint(err,
	    "add their specs to '%.200s', and null in the values of the targets "
	    "that are without them",
	    c->side[0].name);
}

static int
write_values(struct run *run, const struct comparison *c, struct written *w, struct err *err)
{
	const char *file = run->opt.values_file;

	if (values_file_write(run, c, file, w, err) < 0)
		return -1;
	if (w->file)
		ci_note(&run->ci, "%s: written; add it to 'values' of the target", w->file);
	else if (c->differ > 0)
		ci_note(&run->ci,
		    "%s: not written: what differs are images or schedules of the "
		    "targets, which pachup.yaml says",
		    file);
	else
		ci_note(&run->ci, "%s: not written: there is nothing that values could say", file);
	return 0;
}

int
cmd_compare(struct run *run, struct err *err)
{
	const char *const *words;
	size_t count = words_of(run, &words);
	const struct items paths = { count > 2 ? run->opt.specs.list + 2 : NULL,
		count > 2 ? count - 2 : 0 };
	const char *file = run->opt.values_file;
	struct written written = { .file = NULL };
	struct comparison c;

	if (count < 2)
		return usage_error(err, "two names are needed: targets, revisions or directories",
		    "compare main prod");
	if ((file && values_file_check(file, err) < 0) || compare(run, words, &paths, &c, err) < 0)
		return -1;
	if (file && write_values(run, &c, &written, err) < 0)
		return -1;
	if (!output_is_json(&run->in))
		comparison_print(run, &c);
	else if (comparison_json(run, &c, written.file, err) < 0)
		return -1;
	if (written.rest_count > 0)
		return refuse_rest(run, &c, &written, err);
	if (file || comparison_is_same(&c) || !run->in.command_in_argv)
		return EXIT_DONE;
	return EXIT_CHANGES;
}
