#include "pipeline/diff.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "pipeline/credential.h"
#include "pipeline/field_path.h"

enum {
	FEW_MEMBERS = 16, /* they are looked through one by one */
	MOST_ALIGNED =
	    256, /* longer lists are compared by index alone: the other way costs their product */
};

struct differ {
	struct arena *arena;
	struct differences *out;
};

/* Where two values stand: their path, and whether they are variables of an environment. */
struct diff_path {
	struct str path;
	bool is_env;
};

static void
hide(struct arena *a, struct node *n)
{
	struct buf text = BUF_INIT(MAX_RPC_BYTES);
	size_t len = n->text.len;

	if (n->kind == NODE_OBJECT || n->kind == NODE_ARRAY) {
		json_write(&text, n);
		len = text.len;
	}
	buf_free(&text);
	n->kind = NODE_STRING;
	n->first = NULL;
	n->count = 0;
	n->text = arena_fmt(a, "(hidden, %zu bytes)", len);
}

/* Whether an object is an environment variable as Kubernetes writes it, whose value is hidden as a whole:
 * {"name": "DB_PASSWORD", "value": …}. */
static bool
is_named_secret(const struct node *n)
{
	const struct node *name = node_get(n, "name");

	return name && node_get(n, "value") && name->kind == NODE_STRING
	       && credential_is_name(name->text);
}

/* Depth is bounded by the documents' readers, so recursion is fine. */
static void
hide_secrets(struct arena *a, struct node *n, bool is_env)
{
	if (n->kind == NODE_STRING && credential_is_text(n->text)) {
		hide(a, n);
		return;
	}
	if (is_named_secret(n))
		hide(a, node_get(n, "value"));
	for (struct node *member = n->first; member; member = member->next) {
		if (is_env && n->kind == NODE_OBJECT && credential_is_name(member->key))
			hide(a, member);
		else
			hide_secrets(a, member, str_is(member->key, "env"));
	}
}

struct node *
diff_hidden_copy(struct arena *a, const struct node *document)
{
	struct node *copy = node_copy(a, document);

	hide_secrets(a, copy, false);
	return copy;
}

static struct str
value_text(const struct differ *d, const struct diff_path *at, const struct node *n)
{
	struct buf json = BUF_INIT(MAX_RPC_BYTES);
	struct node *copy;

	if (!n)
		return (struct str){ NULL, 0 };
	copy = node_copy(d->arena, n);
	hide_secrets(d->arena, copy, at->is_env);
	json_write(&json, copy);
	return buf_take(&json, d->arena);
}

static void
add_difference(
    struct differ *d, const struct diff_path *at, const struct node *old, const struct node *now)
{
	struct differences *out = d->out;

	ARENA_ADD(d->arena, out,
	    (struct difference){
	        .path = at->path,
	        .old_value = value_text(d, at, old),
	        .new_value = value_text(d, at, now),
	    });
}

/* A hidden copy of `n`, which may be NULL. */
static const struct node *
hidden(struct arena *a, const struct node *n)
{
	struct node *copy;

	if (!n)
		return NULL;
	copy = ARENA_NEW(a, struct node);
	*copy = *n;
	hide(a, copy);
	return copy;
}

static void
add_hidden(
    struct differ *d, const struct diff_path *at, const struct node *old, const struct node *now)
{
	add_difference(d, at, hidden(d->arena, old), hidden(d->arena, now));
}

static struct diff_path
member_place(const struct differ *d, const struct diff_path *at, struct str key)
{
	return (struct diff_path){ field_path_member(d->arena, at->path, key), str_is(key, "env") };
}

static struct diff_path
element_place(const struct differ *d, const struct diff_path *at, size_t index)
{
	return (struct diff_path){ field_path_element(d->arena, at->path, index), false };
}

/* An object's members, to be found by key; many are sorted first. */
struct members {
	const struct node *object;
	const struct node **sorted; /* NULL: there are few */
};

static int
by_key(const void *left, const void *right)
{
	return str_cmp(
	    (*(const struct node *const *)left)->key, (*(const struct node *const *)right)->key);
}

static const struct node **
elements(struct arena *a, const struct node *list)
{
	const struct node **out = ARENA_ARRAY(a, list->count, const struct node *);
	size_t i = 0;

	for (const struct node *n = list->first; n && i < list->count; n = n->next)
		out[i++] = n;
	return out;
}

static struct members
members_of(struct arena *a, const struct node *object)
{
	struct members out = { object, NULL };

	if (object->count <= FEW_MEMBERS)
		return out;
	out.sorted = elements(a, object);
	qsort(out.sorted, object->count, sizeof(const struct node *), by_key);
	return out;
}

static const struct node *
member_of(const struct members *m, struct str key)
{
	struct node wanted = { .key = key };
	const struct node *n = &wanted, **found;

	if (m->sorted) {
		found = bsearch(&n, m->sorted, m->object->count, sizeof(n), by_key);
		return found ? *found : NULL;
	}
	n = m->object->first;
	while (n && !str_eq(n->key, key))
		n = n->next;
	return n;
}

bool
diff_is_empty(struct arena *a, const struct node *x, const struct node *y)
{
	const struct node *other = y->first;
	struct members others;

	if (x->kind != y->kind || x->count != y->count || !str_eq(x->text, y->text))
		return false;
	if (x->kind == NODE_OBJECT)
		others = members_of(a, y);
	for (const struct node *n = x->first; n; n = n->next) {
		if (x->kind == NODE_OBJECT)
			other = member_of(&others, n->key);
		if (!other || !diff_is_empty(a, n, other))
			return false;
		other = other->next;
	}
	return true;
}

static void compare(
    struct differ *d, const struct diff_path *at, const struct node *old, const struct node *now);

static void
compare_member(struct differ *d, const struct diff_path *at, struct str key, const struct node *old,
    const struct node *now)
{
	struct diff_path place = member_place(d, at, key);

	if (old && now && diff_is_empty(d->arena, old, now))
		return;
	if (at->is_env && credential_is_name(key))
		add_hidden(d, &place, old, now);
	else
		compare(d, &place, old, now);
}

static void
compare_objects(
    struct differ *d, const struct diff_path *at, const struct node *old, const struct node *now)
{
	struct members before = members_of(d->arena, old), after = members_of(d->arena, now);

	for (const struct node *n = now->first; n; n = n->next)
		compare_member(d, at, n->key, member_of(&before, n->key), n);
	for (const struct node *n = old->first; n; n = n->next)
		if (!member_of(&after, n->key))
			compare_member(d, at, n->key, n, NULL);
}

/* Two lists, as far as they are still to be compared. */
struct lists {
	const struct node **x, **y; /* old, now */
	size_t from, x_to, y_to;    /* what they begin with in common ends at `from` in both */
};

/* length[i][j]: how many elements in order the rests from i and j have in common. */
static size_t *
common_lengths(struct arena *a, const struct lists *l, size_t width)
{
	size_t rows = l->x_to - l->from, columns = l->y_to - l->from;
	size_t *length = ARENA_ARRAY(a, (rows + 1) * width, size_t);

	for (size_t i = rows; i > 0; i--)
		for (size_t j = columns; j > 0; j--) {
			size_t *here = &length[(i - 1) * width + j - 1];

			if (diff_is_empty(a, l->x[l->from + i - 1], l->y[l->from + j - 1]))
				*here = here[width + 1] + 1;
			else
				*here = here[width] > here[1] ? here[width] : here[1];
		}
	return length;
}

/* Elements between two that both lists have: the first is the other's first, and so on. */
static void
compare_gap(struct differ *d, const struct diff_path *at, const struct lists *gap, size_t y_from)
{
	size_t rows = gap->x_to - gap->from, columns = gap->y_to - y_from;

	for (size_t k = 0; k < rows || k < columns; k++) {
		size_t index = k < columns ? y_from + k : gap->from + k;
		struct diff_path place = element_place(d, at, index);

		compare(d, &place, k < rows ? gap->x[gap->from + k] : NULL,
		    k < columns ? gap->y[y_from + k] : NULL);
	}
}

/* Walks along what both have in common. */
static void
compare_middle(struct differ *d, const struct diff_path *at, const struct lists *l)
{
	size_t width = l->y_to - l->from + 1, i = l->from, j = i;
	size_t *length = common_lengths(d->arena, l, width);
	struct lists gap = *l;
	size_t gap_y = j;

	while (i < l->x_to && j < l->y_to) {
		const size_t *here = &length[(i - l->from) * width + j - l->from];

		if (diff_is_empty(d->arena, l->x[i], l->y[j])) {
			gap.x_to = i++;
			gap.y_to = j++;
			compare_gap(d, at, &gap, gap_y);
			gap.from = i;
			gap_y = j;
		} else if (here[width] >= here[1]) {
			i++;
		} else {
			j++;
		}
	}
	gap.x_to = l->x_to;
	gap.y_to = l->y_to;
	compare_gap(d, at, &gap, gap_y);
}

static void
compare_lists(
    struct differ *d, const struct diff_path *at, const struct node *old, const struct node *now)
{
	struct lists l = { elements(d->arena, old), elements(d->arena, now), 0, old->count,
		now->count };

	while (
	    l.from < l.x_to && l.from < l.y_to && diff_is_empty(d->arena, l.x[l.from], l.y[l.from]))
		l.from++;
	while (l.x_to > l.from && l.y_to > l.from
	       && diff_is_empty(d->arena, l.x[l.x_to - 1], l.y[l.y_to - 1])) {
		l.x_to--;
		l.y_to--;
	}
	if (l.x_to - l.from > MOST_ALIGNED || l.y_to - l.from > MOST_ALIGNED)
		compare_gap(d, at, &l, l.from);
	else
		compare_middle(d, at, &l);
}

static void
compare(
    struct differ *d, const struct diff_path *at, const struct node *old, const struct node *now)
{
	bool both = old && now && old->kind == now->kind;

	if (both && old->kind == NODE_OBJECT && !is_named_secret(old) && !is_named_secret(now))
		compare_objects(d, at, old, now);
	else if (both && old->kind == NODE_ARRAY)
		compare_lists(d, at, old, now);
	else
		add_difference(d, at, old, now);
}

void
diff_trees(struct arena *a, const struct node *old, const struct node *now, struct differences *out)
{
	struct differ d = { a, out };
	struct diff_path root = { { "", 0 }, false };

	if (!old || !now ? old != now : !diff_is_empty(a, old, now))
		compare(&d, &root, old, now);
}

static struct str
text_copy(struct arena *a, struct str text)
{
	return text.ptr ? arena_str(a, text) : text;
}

struct differences
differences_copy(struct arena *a, const struct differences *from)
{
	struct differences out = { .list = ARENA_ARRAY(a, from->count, struct difference) };

	for (size_t i = 0; i < from->count; i++)
		out.list[i] = (struct difference){
			text_copy(a, from->list[i].path),
			text_copy(a, from->list[i].old_value),
			text_copy(a, from->list[i].new_value),
		};
	out.count = out.room = from->count;
	return out;
}
