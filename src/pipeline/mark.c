#include "pipeline/mark.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "format/json_builder.h"
#include "pipeline/note.h"

enum { MAX_MARK_BYTES = 4 << 10, MAX_MEMBER_BYTES = 1000, HASH_DIGITS = 64 };

bool
mark_is_set(const struct mark *m)
{
	return m->repository.len > 0;
}

struct str
mark_text(struct arena *a, const struct mark *m)
{
	struct buf text = BUF_INIT(MAX_MARK_BYTES);
	struct json j = JSON_TO(&text);

	json_open(&j, NULL, JSON_OBJECT);
	json_string(&j, "repository", m->repository);
	if (m->target.len > 0)
		json_string(&j, "target", m->target);
	json_string(&j, "commit", m->commit);
	json_string(&j, "hash", m->hash);
	json_uint(&j, "version", m->version);
	json_uint(&j, "since", m->since);
	if (m->is_stopped)
		json_bool(&j, "stopped", true);
	if (m->run.len > 0)
		json_string(&j, "run", m->run);
	json_close(&j);
	if (buf_is_full(&text)) {
		buf_free(&text);
		return STR("");
	}
	return buf_take(&text, a);
}

/* A member that is a string without control characters, else the empty view: it will be shown. */
static struct str
text_at(const struct node *mark, const char *key)
{
	const struct node *n = node_get(mark, key);

	if (!n || n->kind != NODE_STRING || n->text.len > MAX_MEMBER_BYTES
	    || str_has_control(n->text))
		return STR("");
	return n->text;
}

/* The member where it is a number in hex digits of one of these lengths. */
static struct str
hex_at(const struct node *mark, const char *key, size_t one, size_t other)
{
	struct str s = text_at(mark, key);

	return str_is_of(s, CHARS_HEX) && (s.len == one || s.len == other) ? s : STR("");
}

static uint64_t
number_at(const struct node *mark, const char *key)
{
	const struct node *n = node_get(mark, key);
	uint64_t number;

	return n && n->kind == NODE_NUMBER && str_number(n->text, &number) ? number : 0;
}

static bool
flag_at(const struct node *mark, const char *key)
{
	const struct node *n = node_get(mark, key);

	return n && n->kind == NODE_BOOL && str_is(n->text, "true");
}

struct mark
mark_parse(struct arena *a, struct str text)
{
	struct diags ignored = diags_in(a);
	const struct node *n =
	    text.len > 0 && text.len <= MAX_MARK_BYTES ? doc_parse_value(a, text, &ignored) : NULL;
	struct mark m = { .version = 0 };

	if (!n || n->kind != NODE_OBJECT)
		return m;
	m.repository = text_at(n, "repository");
	m.target = text_at(n, "target");
	m.commit = hex_at(n, "commit", 40, 64);
	m.hash = hex_at(n, "hash", HASH_DIGITS, HASH_DIGITS);
	m.run = text_at(n, "run");
	m.version = number_at(n, "version");
	m.since = number_at(n, "since");
	m.is_stopped = flag_at(n, "stopped");
	return m.repository.len > 0 && m.version > 0 ? m : (struct mark){ .version = 0 };
}

/* "host/team/specs" of "https://host/team/specs.git", "git@host:team/specs", "ssh://git@host/team/specs/". */
static struct str
plain_name(struct arena *a, struct str name)
{
	size_t colon = str_find(name, ':');
	struct str rest = str_tail(name, colon);
	bool is_url = str_take(&rest, "://"), is_scp = colon < name.len && !is_url;
	size_t at;

	if (is_url)
		name = rest;
	at = str_find(name, '@');
	if (at < str_find(name, '/'))
		name = str_tail(name, at + 1);
	while (str_ends(name, "/"))
		name = str_head(name, name.len - 1);
	if (str_ends(name, ".git"))
		name = str_head(name, name.len - strlen(".git"));
	name = arena_lower(a, name);
	colon = str_find(name, ':');
	if (is_scp && colon < str_find(name, '/'))
		return arena_fmt(a, "%.*s/%.*s", STR_FMT(str_head(name, colon)),
		    STR_FMT(str_tail(name, colon + 1)));
	return name;
}

/* CI systems leave out the host, some the owner, too. */
static bool
is_end_of(struct str part, struct str whole)
{
	return part.len > 0 && part.len < whole.len && whole.ptr[whole.len - part.len - 1] == '/'
	       && str_eq(str_tail(whole, whole.len - part.len), part);
}

static bool
is_same_repository(struct arena *a, struct str one, struct str other)
{
	struct str x, y;

	if (str_eq(one, other))
		return true;
	x = plain_name(a, one);
	y = plain_name(a, other);
	return str_eq(x, y) || is_end_of(x, y) || is_end_of(y, x);
}

bool
mark_is_same_owner(struct arena *a, const struct mark *one, const struct mark *other)
{
	if (!mark_is_set(one) || !mark_is_set(other)
	    || !is_same_repository(a, one->repository, other->repository))
		return false;
	return one->target.len == 0 || other->target.len == 0 || str_eq(one->target, other->target);
}

bool
mark_is_from(struct arena *a, const struct mark *m, struct str repository)
{
	return mark_is_set(m) && is_same_repository(a, m->repository, repository);
}

struct str
mark_plain_name(struct arena *a, const struct mark *m)
{
	return plain_name(a, m->repository);
}

struct str
mark_owner(struct arena *a, const struct mark *m)
{
	if (m->target.len == 0)
		return m->repository;
	return arena_fmt(a, "%.*s (target %.*s)", STR_FMT(m->repository), STR_FMT(m->target));
}

static int
by_key(const void *left, const void *right)
{
	const struct node *const *a = left, *const *b = right;

	return str_cmp((*a)->key, (*b)->key);
}

/* Depth is bounded by MAX_SPEC_DEPTH, so recursion is fine. */
static void
sort_members(struct arena *a, struct node *n)
{
	struct node **list, *member;
	size_t count = 0;

	if (n->kind != NODE_OBJECT && n->kind != NODE_ARRAY)
		return;
	for (member = n->first; member; member = member->next) {
		sort_members(a, member);
		count++;
	}
	if (n->kind == NODE_ARRAY || count < 2)
		return;
	list = ARENA_ARRAY(a, count, struct node *);
	count = 0;
	for (member = n->first; member; member = member->next)
		list[count++] = member;
	qsort(list, count, sizeof(*list), by_key);
	n->first = list[0];
	for (size_t i = 0; i < count; i++)
		list[i]->next = i + 1 < count ? list[i + 1] : NULL;
}

struct str
mark_basis(struct arena *a, const struct node *document)
{
	struct buf text = BUF_INIT(MAX_RPC_BYTES);
	struct node *n = node_share(a, document), *description = node_get(n, "description");

	mark_drop(n);
	if (description && description->kind == NODE_STRING) {
		description->text = note_strip(description->text);
		if (description->text.len == 0)
			node_drop(n, description);
	}
	sort_members(a, n);
	json_write(&text, n);
	return buf_take(&text, a);
}

void
mark_put(struct arena *a, struct node *document, const struct mark *m)
{
	static const char *const path[] = { "metadata", "annotations" };
	struct str text = mark_text(a, m);
	struct node *n = document;

	if (n->kind != NODE_OBJECT || text.len == 0)
		return;
	for (size_t i = 0; i < COUNT_OF(path); i++) {
		n = node_put(a, n, path[i]);
		if (n->kind == NODE_NULL)
			n->kind = NODE_OBJECT;
		if (n->kind != NODE_OBJECT)
			return;
	}
	n = node_put(a, n, MARK_KEY);
	*n = (struct node){ .kind = NODE_STRING,
		.text = text,
		.at = n->at,
		.key = n->key,
		.key_at = n->key_at,
		.next = n->next };
}

void
mark_drop(struct node *document)
{
	struct node *metadata = node_get(document, "metadata");
	struct node *annotations = node_get(metadata, "annotations");
	struct node *mark = node_get(annotations, MARK_KEY);

	if (!mark)
		return;
	node_drop(annotations, mark);
	if (!annotations->first)
		node_drop(metadata, annotations);
	if (!metadata->first)
		node_drop(document, metadata);
}
