#include "pipeline/field_path.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "format/doc.h"

static bool
is_plain_key(struct str key)
{
	for (size_t i = 0; i < key.len; i++) {
		char c = key.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
		        || c == '_' || c == '-'))
			return false;
	}
	return key.len > 0;
}

struct str
field_path_member(struct arena *a, struct str path, struct str key)
{
	struct buf out = BUF_INIT(MAX_SPEC_BYTES);

	buf_add(&out, path);
	if (is_plain_key(key)) {
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
	size_t place = 0;

	for (size_t i = 0; i < number.len; i++)
		place = place * 10 + (size_t)(number.ptr[i] - '0');
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
	size_t len = 0;

	if (str_starts(*rest, "[\"")) {
		*rest = str_tail(*rest, 1);
		return member_of(a, n, take_quoted(a, rest));
	}
	if (str_starts(*rest, "[")) {
		len = str_find(*rest, ']');
		word = str_head(str_tail(*rest, 1), len > 0 ? len - 1 : 0);
		*rest = str_tail(*rest, len + 1);
		return element_of(n, word);
	}
	if (str_starts(*rest, "."))
		*rest = str_tail(*rest, 1);
	while (len < rest->len && rest->ptr[len] != '.' && rest->ptr[len] != '[')
		len++;
	word = str_head(*rest, len);
	*rest = str_tail(*rest, len);
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
