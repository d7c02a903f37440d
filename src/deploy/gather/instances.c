#include "deploy/gather/instances.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "deploy/gather/commit.h"
#include "deploy/gather/gather.h"
#include "deploy/gather/lists.h"
#include "retag/tag.h"
#include "session/read.h"
#include "session/run.h"

enum { MAX_SHOWN = 100 };

void
instances_add(struct instances *all, struct arena *a, const struct instance *one)
{
	all->list = arena_grow(a, all->list, all->count, &all->room, sizeof(*all->list));
	all->list[all->count++] = *one;
}

void
instance_give(struct instance *one, struct arena *a, const struct jsonnet_argument *argument)
{
	one->list = arena_grow(a, one->list, one->count, &one->room, sizeof(*one->list));
	one->list[one->count++] = *argument;
}

bool
instance_has(const struct instance *one, struct str name)
{
	for (size_t i = 0; i < one->count; i++)
		if (str_eq(one->list[i].name, name))
			return true;
	return false;
}

static const char blanks[] = " \t\r";

/* Takes the next word off the front of *rest, without its quotes; false: there is none, or *is_open: a quote has no end. The
 * word and a NUL go to *room, which moves behind them; a line needs no more room than its own length and one byte. */
static bool
next_word(char **room, struct str *rest, struct str *word, bool *is_open)
{
	char *text = *room, quote = '\0';
	size_t at = str_span(*rest, blanks), len = 0;

	*is_open = false;
	if (at == rest->len)
		return false;
	for (; at < rest->len && (quote || !memchr(blanks, rest->ptr[at], sizeof(blanks) - 1));
	     at++) {
		char c = rest->ptr[at];

		if (quote ? c == quote : c == '"' || c == '\'')
			quote = quote ? '\0' : c;
		else
			text[len++] = c;
	}
	text[len] = '\0';
	*is_open = quote != '\0';
	*word = (struct str){ text, len };
	*room = text + len + 1;
	*rest = str_tail(*rest, at);
	return !*is_open;
}

/* The places in a value; the commit is known unless a command reads specs alone. */
static int
expand_value(struct run *run, struct work *work, struct str text, struct str *out, struct err *err)
{
	struct commit *c = &work->commit;
	struct tag_facts facts;

	if (str_find(text, '{') < text.len && c->sha.len + c->ref.len == 0
	    && commit_find(run, tag_needs_sha(text), c, err) < 0)
		return -1;
	facts = (struct tag_facts){ c->sha, c->branch, c->ref };
	return text_expand(run->arena, text, "args", &facts, out, err);
}

static int
read_argument(struct run *run, struct work *work, struct str word, struct jsonnet_argument *out,
    struct err *err)
{
	size_t equals = str_find(word, '='), bad;

	if (!utf8_is_valid(word, &bad))
		return err_set(err, ERR_USAGE, "an argument is not UTF-8");
	out->name = str_head(word, equals);
	if (equals < word.len && equals > 0)
		return expand_value(run, work, str_tail(word, equals + 1), &out->value, err);
	(void)err_set(err, ERR_USAGE, "argument '%.*s' is not NAME=VALUE",
	    STR_FMT(utf8_head(word, MAX_SHOWN)));
	return err_hint(err, "use for example tag={sha}");
}

static int
give_once(
    struct run *run, struct instance *one, const struct jsonnet_argument *argument, struct err *err)
{
	if (instance_has(one, argument->name)) {
		(void)err_set(
		    err, ERR_USAGE, "argument '%.*s' is given twice", STR_FMT(argument->name));
		return err_hint(err, "remove one of the two");
	}
	if (one->count == MAX_ARGUMENTS)
		return err_set(
		    err, ERR_SYSTEM, "a template has more than %d arguments", MAX_ARGUMENTS);
	instance_give(one, run->arena, argument);
	return 0;
}

static int
add_line(struct run *run, struct work *work, struct str line, const char *place,
    struct instances *out, struct err *err)
{
	struct instance one = { .place = place };
	struct jsonnet_argument argument;
	char *room = arena_alloc(run->arena, line.len + 1);
	struct str word;
	bool is_open;

	while (next_word(&room, &line, &word, &is_open)) {
		if (!one.file)
			one.file = word.ptr;
		else if (read_argument(run, work, word, &argument, err) < 0
		         || give_once(run, &one, &argument, err) < 0)
			return err_wrap(err, "%s", place);
	}
	if (is_open) {
		(void)err_set(err, ERR_USAGE, "%s: a quote has no end", place);
		return err_hint(err, "use FILE NAME=VALUE NAME=\"VALUE WITH BLANKS\"");
	}
	if (out->count == MAX_SPEC_FILES)
		return err_set(err, ERR_SYSTEM, "there are more than %d instances", MAX_SPEC_FILES);
	instances_add(out, run->arena, &one);
	return 0;
}

/* A file of the repository that holds instances, one a line. */
static int
add_file(
    struct run *run, struct work *work, const char *name, struct instances *out, struct err *err)
{
	struct str text, line;
	unsigned number = 0;

	if (run_read(run, name, &text, err) < 0)
		return err_wrap(err, "input 'instances'");
	while (list_next_item(&text, &line, &number))
		if (add_line(
		        run, work, line, arena_fmt(run->arena, "%s:%u", name, number).ptr, out, err)
		    < 0)
			return -1;
	return 0;
}

/* Reads input `args`, which is for all templates. */
static int
read_common(struct run *run, struct work *work, struct instances *out, struct err *err)
{
	struct instance all = { 0 };

	for (size_t i = 0; i < run->opt.args.count; i++) {
		struct jsonnet_argument argument;

		if (read_argument(run, work, str_of(run->opt.args.list[i]), &argument, err) < 0
		    || give_once(run, &all, &argument, err) < 0)
			return -1;
	}
	out->common = (struct jsonnet_arguments){ all.list, all.count, all.room };
	return 0;
}

int
instances_read(struct run *run, struct work *work, struct instances *out, struct err *err)
{
	const struct items *given = &run->opt.instances;

	if (read_common(run, work, out, err) < 0)
		return -1;
	for (size_t i = 0; i < given->count; i++) {
		const char *item = given->list[i];

		if ((*item == '@'
		            ? add_file(run, work, item + 1, out, err)
		            : add_line(run, work, str_of(item), "input 'instances'", out, err))
		    < 0)
			return -1;
	}
	return 0;
}
