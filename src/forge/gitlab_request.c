/* Merge requests of GitLab. GitLab Docs, "Merge requests API", "Notes API". */
#include "base/arena.h"
#include "forge/api.h"
#include "format/doc.h"

enum { MOST_PAGES = 20 };

/* "/merge_requests/1" and `rest`. */
static const char *
path_of(struct repository *r, const struct pull *p, const char *rest)
{
	return arena_fmt(r->arena, "/merge_requests/%lld%s", (long long)p->number, rest).ptr;
}

static int
open_request(struct repository *r, const struct looked *at, const struct new_pull *p,
    struct pull *out, struct err *err)
{
	struct node *n;
	struct call c;

	(void)at;
	call_begin(&c);
	json_text(&c.json, "source_branch", p->branch);
	json_string(&c.json, "target_branch", p->base);
	json_string(&c.json, "title",
	    p->is_draft ? arena_fmt(r->arena, "Draft: %.*s", STR_FMT(p->title)) : p->title);
	json_string(&c.json, "description", p->body);
	json_bool(&c.json, "remove_source_branch", true);
	if (call_rest(r, "POST", "/merge_requests", &c, "open a merge request", &n, err) < 0)
		return -1;
	*out = (struct pull){ .number = number_at(n, "iid"),
		.url = text_at(n, "web_url"),
		.body = p->body,
		.is_ours = true,
		.is_open = true };
	return 0;
}

static int
edit_request(
    struct repository *r, const struct pull *p, struct str body, bool closes, struct err *err)
{
	struct node *n;
	struct call c;

	call_begin(&c);
	json_string(&c.json, "description", body);
	if (closes)
		json_text(&c.json, "state_event", "close");
	return call_rest(r, "PUT", path_of(r, p, ""), &c,
	    closes ? "close the merge request" : "update the merge request", &n, err);
}

/* Labels are separated by commas: GitLab allows none in their names. */
static int
add_labels(struct repository *r, const struct pull *p, const char *const *labels, size_t count,
    struct err *err)
{
	struct str all = STR("");
	struct node *n;
	struct call c;

	for (size_t i = 0; i < count; i++)
		all = arena_fmt(r->arena, "%.*s%s%s", STR_FMT(all), i ? "," : "", labels[i]);
	call_begin(&c);
	json_string(&c.json, "add_labels", all);
	return call_rest(r, "PUT", path_of(r, p, ""), &c, "label the merge request", &n, err);
}

/* The id of a user; empty: there is none. */
static int
find_user(struct repository *r, const char *name, struct str *id, struct err *err)
{
	struct node *n;

	if (call_get(r, "look for a reviewer", &n, err, "//users?username=%s",
	        rest_escape(r->arena, str_of(name)).ptr)
	    < 0)
		return -1;
	*id = digits_at(n ? n->first : NULL, "id");
	if (id->len > 0)
		return 0;
	(void)err_set(err, ERR_REFUSED,
	    "GitLab knows no user '%.200s', who was not asked for a review", name);
	return err_hint(err, "write the user's name without '@'; a group cannot be asked");
}

static int
ask_reviewers(struct repository *r, const struct pull *p, const char *const *reviewers,
    size_t count, struct err *err)
{
	struct str *ids = ARENA_ARRAY(r->arena, count, struct str);
	struct node *n;
	struct call c;

	for (size_t i = 0; i < count; i++)
		if (find_user(r, reviewers[i], &ids[i], err) < 0)
			return -1;
	call_begin(&c);
	json_open(&c.json, "reviewer_ids", JSON_ARRAY);
	for (size_t i = 0; i < count; i++)
		json_raw(&c.json, NULL, ids[i]);
	return call_rest(r, "PUT", path_of(r, p, ""), &c, "ask for a review", &n, err);
}

/* `auto_merge` is the name of `merge_when_pipeline_succeeds` since GitLab 17.11. */
static int
merge_when_allowed(struct repository *r, const struct pull *p, struct err *err)
{
	struct node *n;
	struct call c;

	call_begin(&c);
	json_bool(&c.json, "merge_when_pipeline_succeeds", true);
	json_bool(&c.json, "auto_merge", true);
	json_bool(&c.json, "should_remove_source_branch", true);
	return call_rest(
	    r, "PUT", path_of(r, p, "/merge"), &c, "have the merge request merged", &n, err);
}

/* The id of our comment; empty: there is none. Anybody may write a comment with our mark; ours is by the token's user. */
static int
find_note(struct repository *r, const char *notes, struct str mark, struct str *id, struct err *err)
{
	const char *path =
	    arena_fmt(r->arena, "%s?sort=asc&order_by=created_at&per_page=100", notes).ptr;
	struct node *list;
	const char *cut;

	*id = STR("");
	if (r->host->find_me(r, err) < 0
	    || call_pages(r, path, MOST_PAGES, "list the comments", &list, &cut, err) < 0)
		return -1;
	for (const struct node *one = list->first; one && id->len == 0; one = one->next)
		if (str_eq(str_head(text_at(one, "body"), mark.len), mark)
		    && str_eq(digits_at(node_get(one, "author"), "id"), r->me))
			*id = digits_at(one, "id");
	return cut && id->len == 0 ? comments_unread(cut, err) : 0;
}

static int
put_comment(struct repository *r, struct str number, struct str mark, struct str body, bool *is_new,
    struct err *err)
{
	const char *notes = arena_fmt(r->arena, "/merge_requests/%.*s/notes", STR_FMT(number)).ptr;
	struct node *n;
	struct call c;
	struct str id;

	if (find_note(r, notes, mark, &id, err) < 0)
		return -1;
	*is_new = id.len == 0;
	if (!*is_new)
		notes = arena_fmt(r->arena, "%s/%.*s", notes, STR_FMT(id)).ptr;
	call_begin(&c);
	json_string(&c.json, "body", body);
	return call_rest(r, *is_new ? "POST" : "PUT", notes, &c, "write the comment", &n, err);
}

const struct request_calls gitlab_requests = {
	.pull = open_request,
	.edit_pull = edit_request,
	.label = add_labels,
	.ask_review = ask_reviewers,
	.auto_merge = merge_when_allowed,
	.comment = put_comment,
};
