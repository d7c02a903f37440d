#include "format/doc.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"

struct node *
node_get(const struct node *n, const char *key)
{
	struct str wanted = str_of(key);

	if (!n || n->kind != NODE_OBJECT)
		return NULL;
	for (struct node *member = n->first; member; member = member->next)
		if (str_eq(member->key, wanted))
			return member;
	return NULL;
}

/* The lowerCamelCase byte for the snake_case place `*p`, which moves on: protobuf's JSON name. */
static char
camel_byte(const char **p)
{
	bool upper = **p == '_' && (*p)[1];
	char c;

	if (upper)
		(*p)++;
	c = *(*p)++;
	return upper && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool
is_camel_of(struct str key, const char *field)
{
	for (size_t i = 0; i < key.len; i++)
		if (!*field || key.ptr[i] != camel_byte(&field))
			return false;
	return !*field;
}

const struct node *
node_at(const struct node *n, const char *path)
{
	char key[64];

	for (size_t len; n && *path; path += len + (path[len] == '.')) {
		len = strcspn(path, ".");
		(void)snprintf(key, sizeof(key), "%.*s", (int)len, path);
		n = node_get(n, key);
	}
	return n;
}

struct node *
node_field(const struct node *n, const char *field)
{
	if (!n || n->kind != NODE_OBJECT)
		return NULL;
	for (struct node *member = n->first; member; member = member->next)
		if (is_camel_of(member->key, field))
			return member;
	return node_get(n, field);
}

struct str
node_text(const struct node *n)
{
	return n && n->kind == NODE_STRING ? n->text : STR("");
}

enum { TEXT_UNIT = 256 }; /* of text, in bytes, that weigh as much as a value */

size_t
node_weight(const struct node *n)
{
	size_t weight = 1 + n->text.len / TEXT_UNIT;

	for (const struct node *member = n->first; member; member = member->next)
		weight += node_weight(member);
	return weight;
}

struct node *
node_share(struct arena *a, const struct node *n)
{
	struct node *copy = ARENA_NEW(a, struct node), **tail = &copy->first;

	*copy = *n;
	copy->next = NULL;
	for (const struct node *member = n->first; member; member = member->next) {
		*tail = node_share(a, member);
		tail = &(*tail)->next;
	}
	*tail = NULL;
	return copy;
}

static void
own_texts(struct arena *a, struct node *n)
{
	n->text = arena_str(a, n->text);
	n->key = arena_str(a, n->key);
	for (n = n->first; n; n = n->next)
		own_texts(a, n);
}

struct node *
node_copy(struct arena *a, const struct node *n)
{
	struct node *copy = node_share(a, n);

	own_texts(a, copy);
	return copy;
}

struct node *
node_put(struct arena *a, struct node *object, const char *key)
{
	struct node *member = node_get(object, key), **tail = &object->first;

	if (member)
		return member;
	member = ARENA_NEW(a, struct node);
	member->key = arena_str(a, str_of(key));
	member->at = member->key_at = object->at;
	while (*tail)
		tail = &(*tail)->next;
	*tail = member;
	object->count++;
	return member;
}

void
node_drop(struct node *object, const struct node *member)
{
	for (struct node **p = &object->first; *p; p = &(*p)->next) {
		if (*p != member)
			continue;
		*p = member->next;
		object->count--;
		return;
	}
}

bool
node_is_true(const struct node *n)
{
	return n && n->kind == NODE_BOOL && str_is(n->text, "true");
}

bool
node_is_alike(const struct node *x, const struct node *y)
{
	const struct node *other = y->first;

	if (x->kind != y->kind || x->count != y->count || !str_eq(x->text, y->text))
		return false;
	for (const struct node *n = x->first; n; n = n->next) {
		if (!other || !str_eq(n->key, other->key) || !node_is_alike(n, other))
			return false;
		other = other->next;
	}
	return true;
}
