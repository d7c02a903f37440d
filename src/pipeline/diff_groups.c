#include "pipeline/diff_groups.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"

enum { MAX_SHOWN_BYTES = 160 };

/* One difference of one pipeline. */
struct entry {
	const struct difference *what;
	size_t owner;
};

static int
by_difference(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = str_cmp(a->what->path, b->what->path);

	if (order == 0)
		order = (a->what->old_value.ptr != NULL) - (b->what->old_value.ptr != NULL);
	if (order == 0)
		order = (a->what->new_value.ptr != NULL) - (b->what->new_value.ptr != NULL);
	if (order == 0)
		order = str_cmp(a->what->old_value, b->what->old_value);
	return order ? order : str_cmp(a->what->new_value, b->what->new_value);
}

static int
by_difference_and_owner(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = by_difference(left, right);

	return order ? order : (a->owner > b->owner) - (a->owner < b->owner);
}

/* The most shared ones first; then by path. What one pipeline has alone stays with the pipeline. */
static int
by_share(const void *left, const void *right)
{
	const struct diff_group *a = left, *b = right;
	struct entry x = { a->what, a->owners[0] }, y = { b->what, b->owners[0] };

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	if (a->count == 1 && x.owner != y.owner)
		return x.owner < y.owner ? -1 : 1;
	return by_difference(&x, &y);
}

static struct entry *
entries_of(struct arena *a, const struct differences *const *all, size_t count, size_t *entry_count)
{
	struct entry *list;
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += all[i] ? all[i]->count : 0;
	list = ARENA_ARRAY(a, n, struct entry);
	*entry_count = n;
	n = 0;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; all[i] && k < all[i]->count; k++)
			list[n++] = (struct entry){ &all[i]->list[k], i };
	if (n > 1)
		qsort(list, n, sizeof(*list), by_difference_and_owner);
	return list;
}

struct diff_groups
diff_groups_make(struct arena *a, const struct differences *const *all, size_t count)
{
	size_t n;
	struct entry *list = entries_of(a, all, count, &n);
	size_t *owners = ARENA_ARRAY(a, n, size_t);
	struct diff_groups out = { .list = ARENA_ARRAY(a, n, struct diff_group) };

	for (size_t i = 0; i < n; i++) {
		if (i == 0 || by_difference(&list[i - 1], &list[i]) != 0)
			out.list[out.count++] =
			    (struct diff_group){ .what = list[i].what, .owners = &owners[i] };
		owners[i] = list[i].owner;
		out.list[out.count - 1].count++;
	}
	if (out.count > 1)
		qsort(out.list, out.count, sizeof(*out.list), by_share);
	while (out.shared < out.count && out.list[out.shared].count > 1)
		out.shared++;
	return out;
}

/* A value as JSON, cut; a plain text without its quotes where `is_env`, as shells write variables. */
static struct str
value_of(struct arena *a, struct str json, bool is_env)
{
	struct str shown = utf8_head(json, MAX_SHOWN_BYTES), bare = json;

	if (is_env && str_take(&bare, "\"")
	    && str_is_of(str_head(bare, bare.len - 1), CHARS_ALNUM "-_./:@+"))
		return str_head(bare, bare.len - 1);
	if (shown.len == json.len)
		return json;
	return arena_fmt(a, "%.*s... (%zu bytes)", STR_FMT(shown), json.len);
}

struct str
difference_sentence(struct arena *a, const struct difference *what)
{
	struct str path = what->path;
	bool is_env = str_take(&path, "transform.env.");
	struct str old = value_of(a, what->old_value, is_env);
	struct str new = value_of(a, what->new_value, is_env);

	if (is_env)
		path = arena_fmt(a, "env %.*s", STR_FMT(path));
	if (!what->old_value.ptr)
		return arena_fmt(a, "adds %.*s=%.*s", STR_FMT(path), STR_FMT(new));
	if (!what->new_value.ptr)
		return arena_fmt(a, "removes %.*s=%.*s", STR_FMT(path), STR_FMT(old));
	return arena_fmt(a, "changes %.*s %.*s -> %.*s", STR_FMT(path), STR_FMT(old), STR_FMT(new));
}

struct str
diff_group_sentence(
    struct arena *a, const struct diff_group *group, const struct str *titles, size_t most)
{
	const struct difference *what = group->what;
	const char *where = !what->old_value.ptr ? "to" : !what->new_value.ptr ? "from" : "in";
	struct buf out = BUF_INIT(MAX_SPEC_BYTES);

	buf_fmt(&out, "%.*s %s %zu pipelines: ", STR_FMT(difference_sentence(a, what)), where,
	    group->count);
	for (size_t i = 0; i < group->count && i < most; i++)
		buf_fmt(&out, "%s%.*s", i > 0 ? ", " : "", STR_FMT(titles[group->owners[i]]));
	if (group->count > most)
		buf_add(&out, STR(", ..."));
	return buf_take(&out, a);
}
