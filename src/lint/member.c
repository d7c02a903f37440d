#include "lint/member.h"

#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"

const struct node *
lint_member(const struct node *n, const char *field)
{
	const struct node *member = node_field(n, field);

	return member && member->kind != NODE_NULL ? member : NULL;
}

struct str
lint_text(const struct node *n, const char *field)
{
	const struct node *member = lint_member(n, field);

	return member && member->kind == NODE_STRING ? member->text : (struct str){ "", 0 };
}

int64_t
lint_number(const struct node *n, const char *field)
{
	const struct node *member = lint_member(n, field);
	char text[32] = "";
	char *end;
	long long value;

	if (!member || (member->kind != NODE_NUMBER && member->kind != NODE_STRING)
	    || member->text.len >= sizeof(text))
		return 0;
	for (size_t i = 0; i < member->text.len; i++)
		text[i] = member->text.ptr[i];
	value = strtoll(text, &end, 10);
	return end == text ? 0 : (int64_t)value;
}

bool
lint_is_true(const struct node *n, const char *field)
{
	const struct node *member = lint_member(n, field);

	return member && member->kind == NODE_BOOL && str_is(member->text, "true");
}

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool
lint_is_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!is_alnum(name.ptr[i])
		    && (i == 0 || (name.ptr[i] != '_' && name.ptr[i] != '-')))
			return false;
	return name.len > 0;
}

static bool
is_unknown(const struct lint *l, const struct node *member)
{
	for (size_t i = 0; i < l->diags->count; i++) {
		const struct diag *one = &l->diags->list[i];

		if (one->check == CHECK_UNKNOWN_FIELD && one->at.offset == member->key_at.offset
		    && one->at.line == member->key_at.line && strcmp(one->file, l->file) == 0)
			return true;
	}
	return false;
}

bool
lint_is_mistyped(const struct lint *l, const struct node *object, const char *field)
{
	if (!object || object->kind != NODE_OBJECT)
		return false;
	for (const struct node *n = object->first; n; n = n->next) {
		struct nearest near = nearest_to(n->key);

		if (!is_unknown(l, n))
			continue;
		nearest_offer(&near, field);
		if (near.found)
			return true;
	}
	return false;
}
