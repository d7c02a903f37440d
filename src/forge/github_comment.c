/*
 * REST of GitHub: "Issue comments": a pull request is an issue, too. Comments are looked for page by page, the oldest
 * first, as GitHub lists them.
 */
#include "base/arena.h"
#include "forge/github.h"
#include "format/doc.h"

enum {
	MOST_PAGES = 20, /* of 100 comments each */
	MOST_ASKED = 20, /* comments with our mark whose author is asked for; others may add more */
};

/* Anybody may write a comment with our mark; only what this token's user wrote is ours. `GET /user` answers that for people
 * only, not for a job's token nor for an app's. */
static int
ask_author(struct repository *r, struct str node_id, bool *is_ours, struct err *err)
{
	static const char query[] =
	    "query($id:ID!){node(id:$id){... on IssueComment{viewerDidAuthor}}}";
	struct node *data;
	struct call c;

	call_begin_graph(&c, query);
	json_string(&c.json, "id", node_id);
	if (call_graph(r, &c, "read the author of a comment", &data, err) < 0)
		return -1;
	*is_ours = true_at(node_get(data, "node"), "viewerDidAuthor");
	return 0;
}

/* The id of our comment; empty: there is none. */
static int
find(struct repository *r, struct str number, struct str mark, struct str *id, struct err *err)
{
	const char *path =
	    arena_fmt(r->arena, "/issues/%.*s/comments?per_page=100", STR_FMT(number)).ptr;
	unsigned asked = 0;
	struct node *list;
	const char *cut;

	*id = STR("");
	if (call_pages(r, path, MOST_PAGES, "list the comments", &list, &cut, err) < 0)
		return -1;
	for (const struct node *one = list->first; one && asked < MOST_ASKED; one = one->next) {
		struct str node_id = text_at(one, "node_id");
		bool is_ours;

		if (!str_eq(str_head(text_at(one, "body"), mark.len), mark) || node_id.len == 0)
			continue;
		asked++;
		if (ask_author(r, node_id, &is_ours, err) < 0)
			return -1;
		*id = digits_at(one, "id");
		if (is_ours && id->len > 0)
			return 0;
		*id = STR("");
	}
	return cut ? comments_unread(cut, err) : 0;
}

int
github_comment(struct repository *r, struct str number, struct str mark, struct str body,
    bool *is_new, struct err *err)
{
	struct node *n;
	struct call c;
	struct str id;
	const char *path;

	if (find(r, number, mark, &id, err) < 0)
		return -1;
	*is_new = id.len == 0;
	path = *is_new ? arena_fmt(r->arena, "/issues/%.*s/comments", STR_FMT(number)).ptr
	               : arena_fmt(r->arena, "/issues/comments/%.*s", STR_FMT(id)).ptr;
	call_begin(&c);
	json_string(&c.json, "body", body);
	return call_rest(r, *is_new ? "POST" : "PATCH", path, &c, "write the comment", &n, err);
}
