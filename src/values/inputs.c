/* The inputs of a spec by their names, for merge_inputs(). */
#include "values/merge.h"

#include "base/arena.h"
#include "base/nearest.h"

enum { MAX_LEAVES = 1000 };

/* One {pfs: {…}}, {cron: {…}} or {git: {…}} of an input tree. */
struct leaf {
	struct node *holder; /* the object with the one member */
	struct node *body;   /* that member */
	struct str name;     /* its own name; empty: none */
	struct str repo;
};

struct leaves {
	struct leaf list[MAX_LEAVES];
	size_t count;
};

static const char *const kinds[] = { "pfs", "atom", "cron", "git" };

static struct str
text_of(const struct node *object, const char *field)
{
	const struct node *n = node_field(object, field);

	return n && n->kind == NODE_STRING ? n->text : (struct str){ "", 0 };
}

/* Depth is that of the spec, which its reader bounds. */
static void
collect(struct node *input, struct leaves *out)
{
	static const char *const groups[] = { "cross", "join", "group", "union" };

	if (!input || input->kind != NODE_OBJECT)
		return;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		struct node *body = node_get(input, kinds[i]);

		if (body && body->kind == NODE_OBJECT && out->count < MAX_LEAVES)
			out->list[out->count++] = (struct leaf){ input, body, text_of(body, "name"),
				text_of(body, "repo") };
	}
	for (size_t i = 0; i < COUNT_OF(groups); i++) {
		struct node *group = node_get(input, groups[i]);

		for (struct node *n = group && group->kind == NODE_ARRAY ? group->first : NULL; n;
		     n = n->next)
			collect(n, out);
	}
}

/* "repo[2]" as "repo" and 2; 0 where there is no place. */
static size_t
take_place(struct str *text)
{
	size_t open = str_rfind(*text, '['), place = 0;

	if (!str_ends(*text, "]") || open >= text->len || open + 2 >= text->len)
		return 0;
	for (size_t i = open + 1; i + 1 < text->len; i++) {
		char c = text->ptr[i];

		if (c < '0' || c > '9' || place > MAX_LEAVES)
			return 0;
		place = place * 10 + (size_t)(c - '0');
	}
	*text = str_head(*text, open);
	return place;
}

/* Which leaves a key means: those of that name; else the unnamed ones of that repo, of which there must be one or a
 * place. Puts them in front of the list; returns how many. */
static size_t
choose(struct leaves *all, struct str key, size_t *same_repo)
{
	struct str repo = key;
	size_t found = 0, place = take_place(&repo), seen = 0;

	*same_repo = 0;
	for (size_t i = 0; i < all->count; i++)
		if (str_eq(all->list[i].name, key))
			all->list[found++] = all->list[i];
	if (found > 0)
		return found;
	for (size_t i = 0; i < all->count; i++)
		if (all->list[i].name.len == 0 && str_eq(all->list[i].repo, repo)) {
			seen++;
			if (place == 0 || place == seen)
				all->list[found++] = all->list[i];
		}
	*same_repo = seen;
	return found;
}

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
		names = arena_fmt(
		    m->arena, "%.*s%s%.*s", STR_FMT(names), i > 0 ? ", " : "", STR_FMT(name));
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
	struct leaves *all = ARENA_NEW(m->arena, struct leaves);
	size_t found, same_repo;

	collect(node_field(spec, "input"), all);
	if (member->kind != NODE_OBJECT || member->count != 1) {
		diag_hint(m->diags,
		    diags_error(m->diags, CHECK_VALUES, m->file, member->at,
		        "input '%.*s' needs an object of one kind", STR_FMT(member->key)),
		    "write for example %.*s: {pfs: {glob: /*}}", STR_FMT(member->key));
		return;
	}
	found = choose(all, member->key, &same_repo);
	if (found == 0)
		no_such_input(m, all, member);
	else if (same_repo > 1 && found > 1)
		diag_hint(m->diags,
		    diags_error(m->diags, CHECK_VALUES, m->file, member->key_at,
		        "the pipeline has %zu inputs of repo '%.*s' without names", found,
		        STR_FMT(member->key)),
		    "write %.*s[1] for the first one, %.*s[2] for the second one, or give them "
		    "names",
		    STR_FMT(member->key), STR_FMT(member->key));
	else
		for (size_t i = 0; i < found; i++)
			merge_leaf(m, &all->list[i], member->first);
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
