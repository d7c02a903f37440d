/* gate: a condition on a result decides whether to go on. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cmd/command_table.h"
#include "data/arguments.h"
#include "data/commit.h"
#include "data/condition.h"
#include "data/result.h"
#include "format/doc.h"
#include "format/json_builder.h"
#include "inputs/exit_code.h"
#include "pachd/pachd.h"
#include "session/run.h"

#define EXAMPLE "gate model@master:/metrics.json '.rmse < 60'"

enum { MAX_JSON = 1 << 20 };

static int
read_words(struct run *run, const char **what, const char **condition, struct err *err)
{
	const struct options *opt = &run->opt;
	const char *const *words;
	size_t count = words_of(run, &words), used = 0;

	*what = opt->files.count > 0 ? opt->files.list[0] : NULL;
	*condition = opt->condition;
	if (!*what && used < count)
		*what = words[used++];
	if (!*condition && used < count)
		*condition = words[used++];
	if (!*what || !*condition)
		return usage_error(err, "gate needs a file and a condition", EXAMPLE);
	if (used < count)
		return usage_error(err, "too many arguments: quote the condition", EXAMPLE);
	return 0;
}

static int
print_verdict(
    struct run *run, const struct condition *c, bool holds, struct str value, struct err *err)
{
	struct buf json = BUF_INIT(MAX_JSON);
	struct json j = JSON_TO(&json);
	const char *word = holds ? "true" : "false";

	if (output_is_json(&run->in)) {
		json_open(&j, NULL, JSON_OBJECT);
		json_bool(&j, "holds", holds);
		json_string(&j, "path", c->path);
		json_raw(&j, "value", value);
		json_text(&j, "op", c->op_text);
		if (c->kind == VALUE_TEXT)
			json_string(&j, "wanted", c->text);
		else
			json_raw(&j, "wanted", c->text);
		json_close(&j);
		if (ci_raw_json(&run->ci, &j, "the result", err) < 0)
			return -1;
	} else {
		const char *quote = c->kind == VALUE_TEXT ? "\"" : "";

		ci_out(&run->ci, "%s: %.*s is %.*s, wanted %s %s%.*s%s", word, STR_FMT(c->path),
		    STR_FMT(str_head(value, 500)), c->op_text, quote, STR_FMT(c->text), quote);
	}
	if (ci_output(&run->ci, "value", value, err) < 0
	    || ci_output(&run->ci, "holds", str_of(word), err) < 0)
		return -1;
	return holds ? EXIT_DONE : EXIT_GATE;
}

static int
gate(struct run *run, struct pachd *cluster, const struct place *place, const struct condition *c,
    struct err *err)
{
	const struct node *document = NULL;
	struct pfs_commit commit;
	struct str value;
	size_t count;
	bool holds;

	if (commit_resolve(run, cluster, place, true, &commit, err) < 0)
		return -1;
	if (c->counts) {
		if (result_count(run, cluster, &commit, c->dir, &count, err) < 0)
			return -1;
		return print_verdict(run, c, condition_holds_count(c, count),
		    arena_fmt(run->arena, "%zu", count), err);
	}
	if (result_read(run, cluster, &commit, place, &document, err) < 0)
		return -1;
	if (condition_holds(run->arena, c, document, &holds, &value, err) < 0)
		return err_wrap(
		    err, "'%.*s'", STR_FMT(place_title(run->arena, &place->at, place->path)));
	return print_verdict(run, c, holds, value, err);
}

int
cmd_gate(struct run *run, struct err *err)
{
	const char *what, *text;
	struct condition condition;
	struct pachd *cluster;
	struct place place;
	int rc;

	if (read_words(run, &what, &text, err) < 0
	    || condition_parse(run->arena, text, &condition, err) < 0
	    || read_place(run, what, condition.counts ? NEEDS_REF : NEEDS_PATH, &place, err) < 0)
		return -1;
	cluster = open_reader(run, err);
	if (!cluster)
		return -1;
	rc = gate(run, cluster, &place, &condition, err);
	pachd_close(cluster);
	return rc;
}
