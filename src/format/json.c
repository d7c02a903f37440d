#include "format/json.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "format/doc.h"
#include "format/json_token.h"
#include "format/scan.h"

/*
 * The length of the value that `rest` starts with; 0 where its brackets or quotes do not close, or brackets nest
 * too deep. So cJSON recurses no deeper than we allow, and never meets the end of its buffer within a value, where
 * 1.7.15 reads one byte too far ("{"a":1,", CVE-2023-53154).
 */
static size_t
value_len(struct str rest)
{
	size_t depth = 0;
	char first = rest.len > 0 ? rest.ptr[0] : '\0';

	if (first != '{' && first != '[' && first != '"')
		return str_cspan(rest, " \t\r\n,:]}[{\"");
	for (size_t i = 0; i < rest.len; i++) {
		char c = rest.ptr[i];

		if (c == '"')
			i = json_string_end(rest, i);
		else if ((c == '{' || c == '[') && ++depth > MAX_SPEC_DEPTH)
			return 0;
		else if (c == '}' || c == ']')
			depth--;
		if (depth == 0)
			return i < rest.len ? i + 1 : 0;
	}
	return 0;
}

/* Passes the string that comes next; its value is the source's bytes where they are the same, else
 * what cJSON has decoded. */
static struct str
pass_string(struct scan *s, const char *decoded, struct span *at)
{
	struct json_string string;

	if (!json_read_string(s, false, &string))
		return STR("");
	*at = string.at;
	return string.is_plain ? string.raw : arena_str(s->arena, str_of(decoded));
}

/* Passes the word that comes next and makes it the node's text. */
static void
pass_word(struct scan *s, struct node *n, size_t len)
{
	n->at = scan_span(s, len);
	n->text = str_head(scan_rest(s), len);
	s->at += n->text.len;
}

static enum node_kind
kind_of(const cJSON *item)
{
	if (cJSON_IsObject(item))
		return NODE_OBJECT;
	if (cJSON_IsArray(item))
		return NODE_ARRAY;
	if (cJSON_IsString(item))
		return NODE_STRING;
	if (cJSON_IsNumber(item))
		return NODE_NUMBER;
	return cJSON_IsNull(item) ? NODE_NULL : NODE_BOOL;
}

static void
pass_scalar(struct scan *s, struct node *n, const cJSON *item)
{
	if (n->kind == NODE_STRING) {
		n->style = STYLE_JSON;
		n->text = pass_string(s, item->valuestring, &n->at);
	} else if (n->kind == NODE_NUMBER) {
		n->at = scan_span(s, 0);
		n->text = json_read_number(s);
		n->at.len = n->text.len;
	} else {
		pass_word(s, n, cJSON_IsFalse(item) ? strlen("false") : strlen("true"));
		if (n->kind == NODE_NULL)
			n->text = STR("");
	}
}

static void
pass_key(struct scan *s, struct node *n, const cJSON *item)
{
	n->key = pass_string(s, item->string, &n->key_at);
	json_blanks(s);
	(void)scan_eat(s, ':'); /* cJSON has seen it */
	json_blanks(s);
}

/*
 * Walks the text beside cJSON's tree. cJSON has accepted the text, so the two agree; should they
 * ever not, the spans come out odd, but no byte behind the text is touched.
 */
static struct node *
walk(struct scan *s, const cJSON *item)
{
	struct node *n = ARENA_NEW(s->arena, struct node), **tail = &n->first;
	size_t start = s->at;

	n->kind = kind_of(item);
	if (n->kind != NODE_OBJECT && n->kind != NODE_ARRAY) {
		pass_scalar(s, n, item);
		return n;
	}
	n->at = scan_span(s, 1);
	s->at++;
	json_blanks(s);
	for (const cJSON *i = item->child; i; i = i->next) {
		struct node head = { 0 };

		if (n->kind == NODE_OBJECT)
			pass_key(s, &head, i);
		*tail = walk(s, i);
		(*tail)->key = head.key;
		(*tail)->key_at = head.key_at;
		tail = &(*tail)->next;
		n->count++;
		json_blanks(s);
		if (scan_eat(s, ','))
			json_blanks(s);
	}
	s->at += s->at < s->text.len;
	n->at.len = s->at - start;
	if (n->kind == NODE_OBJECT)
		scan_check_keys(s, n, false);
	return n;
}

struct node *
json_read(struct scan *s)
{
	struct str rest = scan_rest(s);
	size_t len = value_len(rest);
	const char *end = rest.ptr;
	struct node *n;
	cJSON *tree;

	tree = len ? cJSON_ParseWithLengthOpts(rest.ptr, len, &end, false) : NULL;
	if (!tree) {
		json_explain(s, end ? (size_t)(end - rest.ptr) : 0);
		return NULL;
	}
	n = walk(s, tree);
	cJSON_Delete(tree);
	return n;
}
