#include "values/leaf.h"

#include "base/arena.h"

enum { MAX_PLACE = 1000000 };

static const char *const kinds[] = { "pfs", "atom", "cron", "git" };

static struct str
text_of(const struct node *object, const char *field)
{
	return node_text(node_field(object, field));
}

static void
add_leaf(struct leaves *out, struct leaf leaf)
{
	out->list = arena_grow(out->arena, out->list, out->count, &out->room, sizeof(leaf));
	out->list[out->count++] = leaf;
}

/* Recursion is as deep as the spec, which its reader limits. */
void
leaves_collect(struct node *input, struct leaves *out)
{
	static const char *const groups[] = { "cross", "join", "group", "union" };

	if (!input || input->kind != NODE_OBJECT)
		return;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		struct node *body = node_get(input, kinds[i]);

		if (body && body->kind == NODE_OBJECT)
			add_leaf(out, (struct leaf){ input, body, text_of(body, "name"),
			                  text_of(body, "repo") });
	}
	for (size_t i = 0; i < COUNT_OF(groups); i++) {
		struct node *group = node_get(input, groups[i]);

		for (struct node *n = group && group->kind == NODE_ARRAY ? group->first : NULL; n;
		     n = n->next)
			leaves_collect(n, out);
	}
}

/* Takes "[2]" off "repo[2]"; 0, and the text stays, where it has no place. */
static size_t
take_place(struct str *text)
{
	size_t open = str_rfind(*text, '[');
	struct str digits = str_tail(*text, open + 1);
	uint64_t place;

	if (!str_ends(digits, "]") || !str_number(str_head(digits, digits.len - 1), &place)
	    || place > MAX_PLACE)
		return 0;
	*text = str_head(*text, open);
	return (size_t)place;
}

size_t
leaves_choose(struct leaves *all, struct str key, size_t *unnamed)
{
	struct str repo = key;
	size_t found = 0, place = take_place(&repo), seen = 0;

	*unnamed = 0;
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
	*unnamed = seen;
	return found;
}
