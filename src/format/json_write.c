#include "format/doc.h"

#include "base/buf.h"

/* Writes on one line. */
enum { COMPACT = -1 };

static void
write_escape(struct buf *out, unsigned char c)
{
	static const char short_of[0x20] = {
		['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'
	};
	char letter = c < 0x20 ? short_of[c] : (char)c;

	if (letter)
		buf_add(out, (struct str){ (char[]){ '\\', letter }, 2 });
	else
		buf_fmt(out, "\\u%04x", c);
}

void
json_write_string(struct buf *out, struct str s)
{
	size_t done = 0;

	buf_add_char(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add(out, str_head(str_tail(s, done), i - done));
		write_escape(out, c);
		done = i + 1;
	}
	buf_add(out, str_tail(s, done));
	buf_add_char(out, '"');
}

static void
write_break(struct buf *out, int indent)
{
	if (indent == COMPACT)
		return;
	buf_add_char(out, '\n');
	for (int i = 0; i < indent; i++)
		buf_add(out, STR("  "));
}

static void write_node(struct buf *out, const struct node *n, int indent);

static void
write_members(struct buf *out, const struct node *n, int indent)
{
	int inner = indent == COMPACT ? COMPACT : indent + 1;
	bool is_object = n->kind == NODE_OBJECT;

	buf_add_char(out, is_object ? '{' : '[');
	for (const struct node *member = n->first; member; member = member->next) {
		if (member != n->first)
			buf_add_char(out, ',');
		write_break(out, inner);
		if (is_object) {
			json_write_string(out, member->key);
			buf_add(out, indent == COMPACT ? STR(":") : STR(": "));
		}
		write_node(out, member, inner);
	}
	if (n->first)
		write_break(out, indent);
	buf_add_char(out, is_object ? '}' : ']');
}

static void
write_node(struct buf *out, const struct node *n, int indent)
{
	switch (n->kind) {
	case NODE_NULL:
		buf_add(out, STR("null"));
		break;
	case NODE_BOOL:
	case NODE_NUMBER:
		buf_add(out, n->text);
		break;
	case NODE_STRING:
		json_write_string(out, n->text);
		break;
	case NODE_ARRAY:
	case NODE_OBJECT:
		write_members(out, n, indent);
		break;
	}
}

void
json_write(struct buf *out, const struct node *n)
{
	write_node(out, n, COMPACT);
}

void
json_write_pretty(struct buf *out, const struct node *n)
{
	write_node(out, n, 0);
}
