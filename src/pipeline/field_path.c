#include "pipeline/field_path.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "format/doc.h"

struct str
field_path_member(struct arena *a, struct str path, struct str key)
{
	struct buf out = BUF_INIT(MAX_SPEC_BYTES);

	buf_add(&out, path);
	if (str_is_of(key, CHARS_ALNUM "_-")) {
		buf_fmt(&out, "%s%.*s", path.len ? "." : "", STR_FMT(key));
	} else {
		buf_add_char(&out, '[');
		json_write_string(&out, key);
		buf_add_char(&out, ']');
	}
	return buf_take(&out, a);
}

struct str
field_path_element(struct arena *a, struct str path, size_t index)
{
	return arena_fmt(a, "%.*s[%zu]", STR_FMT(path), index);
}

/* Takes `"key"` and the bracket behind it; the key, decoded. */
static struct str
take_quoted(struct arena *a, struct str *rest)
{
	struct diags unheard = diags_in(a);
	const struct node *n;
	size_t end = 1;

	while (end < rest->len && rest->ptr[end] != '"')
		end += rest->ptr[end] == '\\' ? 2 : 1;
	n = doc_parse_value(a, str_head(*rest, end + 1), &unheard);
	*rest = str_tail(*rest, end + 2);
	return node_text(n);
}

static const struct node *
element_of(const struct node *list, struct str number)
{
	const struct node *n = list->kind == NODE_ARRAY ? list->first : NULL;
	uint64_t place;

	if (!str_number(number, &place))
		return NULL;
	while (n && place-- > 0)
		n = n->next;
	return n;
}

static const struct node *
member_of(struct arena *a, const struct node *object, struct str key)
{
	const char *name = arena_cstr(a, key);
	const struct node *exact = node_get(object, name);

	return exact ? exact : node_field(object, name);
}

/* The step that `rest` begins with. */
static const struct node *
take_step(struct arena *a, const struct node *n, struct str *rest)
{
	struct str word;

	if (str_take(rest, "[")) {
		if (str_starts(*rest, "\""))
			return member_of(a, n, take_quoted(a, rest));
		word = str_head(*rest, str_find(*rest, ']'));
		*rest = str_tail(*rest, word.len + 1);
		return element_of(n, word);
	}
	(void)str_take(rest, ".");
	word = str_head(*rest, str_cspan(*rest, ".["));
	*rest = str_tail(*rest, word.len);
	return member_of(a, n, word);
}

const struct node *
field_path_find(struct arena *a, const struct node *spec, struct str path)
{
	const struct node *n = spec;

	while (n && path.len > 0 && n->kind != NODE_STRING)
		n = take_step(a, n, &path);
	return n;
}
