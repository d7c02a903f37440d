/* label.h, svg.h, html.h: names that would break out of a picture do not. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "drawing/html.h"
#include "drawing/label.h"
#include "drawing/layout.h"
#include "drawing/svg.h"
#include "secret/secret.h"
#include "tap.h"

static struct arena *arena;

static const char hostile[] =
    "</title></script><script>alert(1)</script>\"'&<!-- ]]> \x1b[31m \xff \xe2\x80\xae\n";

static void
test_label_xml__escapes(void)
{
	static const struct {
		const char *text, *wanted;
	} rows[] = {
		{ "edges", "edges" },
		{ "<a href=\"x\">'&", "&#60;a href=&#34;x&#34;&#62;&#39;&#38;" },
		{ "a\tb\nc\x7f", "a\\x09b\\x0ac\\x7f" },
		{ "\xff\xc0\x80", "\\xff\\xc0\\x80" },
		{ "\xe2\x80\xae"
		  "x",
		    "\\u202ex" },
		{ "\xef\xbf\xbe", "\\ufffe" },
		{ "gr\xc3\xbc\xc3\x9f", "gr\xc3\xbc\xc3\x9f" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf out = BUF_INIT(1000);

		label_xml(&out, str_of(rows[i].text));
		ok(str_is(buf_str(&out), rows[i].wanted), "%s", rows[i].wanted);
		buf_free(&out);
	}
}

static void
test_label_short__cuts_the_middle(void)
{
	struct str text = label_short(arena, STR("0123456789abcdefghij"), LABEL_BRANCH);

	ok(str_is(text, "01234567…defghij"), "the middle is left out: %.*s", STR_FMT(text));
	text = label_short(arena, STR("0123456789abcdef"), LABEL_BRANCH);
	ok(str_is(text, "0123456789abcdef"), "what fits stays");
	ok(label_width(STR(""), LABEL_TITLE) == 0, "nothing has no width");
	ok(label_width(STR("\xff\xff"), LABEL_NOTE) > 0, "bytes that are not UTF-8 count");
}

static size_t
count_of(struct str text, const char *word)
{
	size_t count = 0;

	for (size_t i = 0; i < text.len; i++)
		count += str_starts(str_tail(text, i), word);
	return count;
}

static struct drawing
hostile_drawing(void)
{
	static struct drawing_node nodes[2];
	static struct drawing_edge edge;
	struct str text = { hostile, sizeof(hostile) - 1 };
	struct drawing d = {
		.title = text, .nodes = nodes, .node_count = 2, .edges = &edge, .edge_count = 1
	};

	memset(nodes, 0, sizeof(nodes));
	for (size_t i = 0; i < 2; i++) {
		nodes[i] = (struct drawing_node){
			.title = text, .note = text, .diff = text, .spec = text
		};
		node_add_link(&nodes[i], "file", text, text);
	}
	edge = (struct drawing_edge){ .from = 0, .to = 1, .label = text };
	drawing_add_fact(&d, "commit", text, STR("https://x.test/?a=\"><script>"));
	return d;
}

static bool
has_control(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (((unsigned char)text.ptr[i] < ' ' && text.ptr[i] != '\n' && text.ptr[i] != '\t')
		    || text.ptr[i] == '\x7f')
			return true;
	return false;
}

static void
test_svg_write__nothing_breaks_out(void)
{
	struct drawing d = hostile_drawing();
	struct buf out = BUF_INIT(1 << 20);
	struct str text;

	layout_make(arena, &d);
	svg_write(&out, arena, &d);
	text = buf_str(&out);
	ok(!buf_is_full(&out) && count_of(text, "<script") == 0, "no script");
	ok(count_of(text, "<g ") == 2 && count_of(text, "</svg>") == 1, "two boxes");
	ok(count_of(text, "<title>") == 3 && count_of(text, "</title>") == 3, "three titles");
	ok(!has_control(text), "no controls");
	ok(count_of(text, "http") == 1, "no address but that of the name space");
	buf_free(&out);
}

static void
test_html_write__nothing_breaks_out(void)
{
	struct drawing d = hostile_drawing();
	struct buf out = BUF_INIT(1 << 20);
	struct str text;

	layout_make(arena, &d);
	html_write(&out, arena, &d);
	text = buf_str(&out);
	ok(!buf_is_full(&out) && count_of(text, "<script") == 2, "our two scripts");
	ok(count_of(text, "</script") == 2 && count_of(text, "<!--") == 0, "which end once each");
	ok(count_of(text, "script-src 'sha256-") == 1 && count_of(text, "unsafe") == 0,
	    "a policy that allows ours alone");
	ok(!has_control(text), "no controls");
	ok(count_of(text, "<link") + count_of(text, " src=") + count_of(text, "@import") == 0,
	    "nothing is loaded");
	buf_free(&out);
}

int
main(void)
{
	struct err err;

	arena = arena_new(no_memory);
	if (secret_guard_process(&err) < 0)
		printf("Bail out! %s\n", err.text);
	test_label_xml__escapes();
	test_label_short__cuts_the_middle();
	test_svg_write__nothing_breaks_out();
	test_html_write__nothing_breaks_out();
	arena_free(arena);
	return done();
}
