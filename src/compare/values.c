/* The differences as a values file. */
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "compare/compare.h"
#include "files/write.h"
#include "format/yaml_write.h"
#include "session/run.h"
#include "values/between.h"
#include "values/patch.h"
#include "wire/shape.h"

int
values_file_check(const char *file, struct err *err)
{
	struct stat st;

	if (stat(file, &st) < 0 || (S_ISREG(st.st_mode) && st.st_size == 0))
		return 0;
	(void)err_set(err, ERR_USAGE, "'%.300s' is there already and is not overwritten", file);
	return err_hint(err, "remove it first, or name another file");
}

/* The text on one line of a comment. */
static struct str
one_line(struct arena *a, const char *text)
{
	char *out = arena_cstr(a, str_of(text));

	for (char *c = out; *c; c++)
		if ((unsigned char)*c < ' ')
			*c = '?';
	return str_of(out);
}

/* The values file's text; false: it is larger than MAX_SPEC_BYTES. */
static bool
write_text(struct run *run, const struct comparison *c, const struct node *values, struct str *out)
{
	struct buf text = BUF_INIT(MAX_SPEC_BYTES);
	struct arena *a = run->arena;
	bool fits;

	buf_fmt(&text, "# What is different in %.*s", STR_FMT(one_line(a, c->side[1].name)));
	if (c->side[1].sha.len > 0)
		buf_fmt(&text, " (%.*s)", STR_FMT(c->side[1].sha));
	buf_fmt(&text, ".\n# Written by 'pachup compare %.*s %.*s --values'; edit as you like.\n",
	    STR_FMT(one_line(a, c->side[0].name)), STR_FMT(one_line(a, c->side[1].name)));
	yaml_write(&text, values);
	fits = !buf_is_full(&text);
	*out = buf_take(&text, a);
	return fits;
}

static struct node *
values_of(struct run *run, const struct comparison *c)
{
	struct pair *pairs = ARENA_ARRAY(run->arena, c->count, struct pair);

	for (size_t i = 0; i < c->count; i++) {
		const struct side_spec *old = c->list[i].on[0], *now = c->list[i].on[1];
		const struct side_spec *any = old ? old : now;

		pairs[i] = (struct pair){ any->project, any->name, old ? old->node : NULL,
			now ? now->node : NULL };
	}
	return values_between(run->arena, pairs, c->count);
}

/* Applies the text as a run would, and collects the pipelines that it does not make the same. */
static void
find_rest(struct run *run, const struct comparison *c, struct str text, struct written *out)
{
	struct diags d = diags_in(run->arena);
	struct patches p = { .arena = run->arena };

	if (text.len > 0)
		patches_read(&p, doc_parse(run->arena, "values.yaml", text, &d), &d);
	out->rest = ARENA_ARRAY(run->arena, c->count, const struct match *);
	for (size_t i = 0; i < c->count; i++) {
		const struct side_spec *old = c->list[i].on[0], *now = c->list[i].on[1];
		struct node *made;
		bool is_made;

		if (!old) {
			out->rest[out->rest_count++] = &c->list[i];
			continue;
		}
		made = patches_apply(&p, old->node, old->project, old->name, &d);
		is_made =
		    now ? made && spec_same(run->arena, shape_of_spec(), made, now->node) : !made;
		if (!is_made)
			out->rest[out->rest_count++] = &c->list[i];
	}
}

int
values_file_write(struct run *run, const struct comparison *c, const char *file,
    struct written *out, struct err *err)
{
	struct node *values = values_of(run, c);
	struct str text = STR("");

	*out = (struct written){ .file = NULL };
	if (values && !write_text(run, c, values, &text))
		return err_set(
		    err, ERR_SYSTEM, "the values take more than %d bytes", MAX_SPEC_BYTES);
	find_rest(run, c, text, out);
	if (!values)
		return 0;
	if (values_file_check(file, err) < 0
	    || file_put(run->arena, file, ci_fence(&run->ci), text, err) < 0)
		return err_wrap(err, "cannot write the values");
	out->file = file;
	return 0;
}
