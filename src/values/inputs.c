/* The inputs of a spec by their names, for merge_inputs(). */
#include "values/merge.h"

#include "base/arena.h"
#include "base/nearest.h"
#include "values/leaf.h"

static void
no_such_input(const struct merge *m, const struct leaves *all, const struct node *member)
{
	struct nearest near = nearest_to(member->key);
	struct diag *one = diags_error(m->diags, CHECK_VALUES, m->file, member->key_at,
	    "the pipeline has no input '%.*s'", STR_FMT(member->key));
	struct str names = STR("");

	for (size_t i = 0; i < all->count; i++) {
		struct str name = all->list[i].name.len > 0 ? all->list[i].name : all->list[i].repo;

		nearest_offer(&near, arena_cstr(m->arena, name));
		names = arena_listed(m->arena, names, name);
	}
	if (near.found)
		diag_hint(m->diags, one, "did you mean '%s'?", near.found);
	else if (names.len > 0)
		diag_hint(m->diags, one, "its inputs are: %.*s", STR_FMT(str_head(names, 300)));
	else
		diag_hint(m->diags, one, "the pipeline has no inputs");
}

static void
merge_leaf(const struct merge *m, struct leaf *leaf, const struct node *kind)
{
	struct shape input = shape_member(m->arena, shape_of_spec(), STR("input"));

	if (!str_eq(kind->key, leaf->body->key)
	    && !(str_is(kind->key, "pfs") && str_is(leaf->body->key, "atom"))) {
		diag_hint(m->diags,
		    diags_error(m->diags, CHECK_VALUES, m->file, kind->key_at,
		        "the input is of kind '%.*s', not '%.*s'", STR_FMT(leaf->body->key),
		        STR_FMT(kind->key)),
		    "write '%.*s'", STR_FMT(leaf->body->key));
		return;
	}
	if (kind->kind == NODE_OBJECT)
		merge_object(m, shape_member(m->arena, input, leaf->body->key), leaf->body, kind);
	else
		diag_hint(m->diags,
		    diags_error(m->diags, CHECK_VALUES, m->file, kind->at,
		        "the value of '%.*s' is not an object", STR_FMT(kind->key)),
		    "write for example {%.*s: {glob: /*}}", STR_FMT(kind->key));
}

static void
merge_input(const struct merge *m, struct node *spec, const struct node *member)
{
	struct leaves all = { .arena = m->arena };
	size_t found, unnamed;

	leaves_collect(node_field(spec, "input"), &all);
	if (member->kind != NODE_OBJECT || member->count != 1) {
		diag_hint(m->diags,
		    diags_error(m->diags, CHECK_VALUES, m->file, member->at,
		        "input '%.*s' needs an object of one kind", STR_FMT(member->key)),
		    "write for example %.*s: {pfs: {glob: /*}}", STR_FMT(member->key));
		return;
	}
	found = leaves_choose(&all, member->key, &unnamed);
	if (found == 0)
		no_such_input(m, &all, member);
	else if (unnamed > 1 && found > 1)
		diag_hint(m->diags,
		    diags_error(m->diags, CHECK_VALUES, m->file, member->key_at,
		        "the pipeline has %zu inputs of repo '%.*s' without names", found,
		        STR_FMT(member->key)),
		    "write %.*s[1] for the first one, %.*s[2] for the second one, or give them "
		    "names",
		    STR_FMT(member->key), STR_FMT(member->key));
	else
		for (size_t i = 0; i < found; i++)
			merge_leaf(m, &all.list[i], member->first);
}

void
merge_inputs(const struct merge *m, struct node *spec, const struct node *inputs)
{
	if (inputs->kind != NODE_OBJECT) {
		diag_hint(m->diags,
		    diags_error(
		        m->diags, CHECK_VALUES, m->file, inputs->at, "'inputs' is not an object"),
		    "write for example inputs: {images: {pfs: {glob: /*}}}");
		return;
	}
	for (const struct node *member = inputs->first; member; member = member->next)
		merge_input(m, spec, member);
}
