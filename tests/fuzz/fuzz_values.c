/*
 * Input: a values file, a NUL, then a spec. What the values make of the spec is the same when they are applied twice, the
 * spec itself stays as it was, and a patch between both, written as YAML and read again, makes the same of it.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "format/yaml_write.h"
#include "values/between.h"
#include "values/patch.h"
#include "wire/shape.h"

#include "fuzz.h"

enum { MAX_TEXT = 16 << 20 };

static struct str
json_of(struct arena *a, const struct node *n)
{
	struct buf out = BUF_INIT(MAX_TEXT);

	if (n)
		json_write(&out, n);
	return buf_take(&out, a);
}

/* What the text's values make of the spec; NULL: nothing, or they have mistakes. */
static struct node *
apply(struct arena *a, struct str text, struct node *spec)
{
	struct diags d = diags_in(a);
	struct patches p = { .arena = a };
	struct node *out;

	patches_read(&p, doc_parse(a, "v.yaml", text, &d), &d);
	out = patches_apply(&p, spec, STR("default"), STR("p"), &d);
	patches_check_used(&p, NULL, 0, &d);
	return d.errors == 0 ? out : NULL;
}

/* A field in two spellings, which is refused when a spec is checked, means nothing that a patch could say. */
static bool
has_field_twice(struct arena *a, const struct node *n)
{
	const struct shape fields = { .kind = SHAPE_MESSAGE };

	for (const struct node *m = n->first; m; m = m->next) {
		for (const struct node *other = m->next; n->kind == NODE_OBJECT && other;
		     other = other->next)
			if (str_eq(
			        shape_name(a, fields, m->key), shape_name(a, fields, other->key)))
				return true;
		if (has_field_twice(a, m))
			return true;
	}
	return false;
}

static void
check_between(struct arena *a, struct node *spec, const struct node *now)
{
	const struct pair pair = { STR(""), STR("p"), spec, now };
	struct node *values = values_between(a, &pair, 1), *made;
	struct buf yaml = BUF_INIT(MAX_TEXT);

	if (!values)
		return;
	yaml_write(&yaml, values);
	made = apply(a, buf_take(&yaml, a), spec);
	must(made && !values_between(a, &(struct pair){ STR(""), STR("p"), made, now }, 1));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(no_memory);
	struct diags d = diags_in(a);
	struct str all = arena_str(a, (struct str){ (const char *)data, len }), before;
	size_t cut = str_find(all, '\0');
	struct node *spec, *once, *twice;

	spec = cut < all.len ? doc_parse(a, "s.json", str_tail(all, cut + 1), &d)->first : NULL;
	if (spec && spec->kind == NODE_OBJECT && d.errors == 0) {
		before = json_of(a, spec);
		once = apply(a, str_head(all, cut), spec);
		must(str_eq(before, json_of(a, spec)));
		/* what renames an input by its place means another one then */
		twice = once && str_find(str_head(all, cut), '[') == cut
		            ? apply(a, str_head(all, cut), once)
		            : NULL;
		if (twice)
			must(str_eq(json_of(a, once), json_of(a, twice)));
		if (once && !has_field_twice(a, spec) && !has_field_twice(a, once))
			check_between(a, spec, once);
	}
	arena_free(a);
	return 0;
}
