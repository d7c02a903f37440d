#include "format/doc.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "format/json.h"
#include "format/json_token.h"
#include "format/scan.h"
#include "format/template.h"
#include "format/yaml.h"

/* The reader of a format, chosen by the end of the file's name. */
struct format {
	const char *suffix;
	void (*read)(struct scan *s, struct doc *doc);
};

/* A file's JSON values, one after the other. */
struct stream {
	struct node **tail; /* where the next document goes */
	bool is_fresh;      /* no value since the start or the last marker */
	struct scan start;  /* where the text begins, for reading it as YAML after all */
};

/* Appends `n` and its siblings; returns where the next document goes. */
static struct node **
add_documents(struct doc *doc, struct node **tail, struct node *n)
{
	*tail = n;
	for (; *tail; tail = &(*tail)->next)
		doc->count++;
	return tail;
}

static void
read_yaml(struct scan *s, struct doc *doc)
{
	(void)add_documents(doc, &doc->first, yaml_read(s));
}

/* Passes the line start "---" or "..." of a stream of documents (YAML 1.2, 9.1). */
static bool
pass_marker(struct scan *s)
{
	struct str rest = scan_rest(s);

	if (s->at != s->line_at || (!str_starts(rest, "---") && !str_starts(rest, "...")))
		return false;
	if (rest.len > 3 && str_span(str_tail(rest, 3), " \t\r\n") == 0)
		return false;
	scan_skip(s, 3);
	return true;
}

static void
not_a_document(struct scan *s)
{
	struct str found = scan_found(s);
	const char *hint = "start the next document with '{' or a line '---'";
	int c = scan_peek(s);

	if (c == '}' || c == ']')
		hint = "remove it, or add the matching opening bracket";
	else if (c == ',')
		hint = "remove it, or put all values in one list [...]";
	scan_error(s, CHECK_SYNTAX, scan_span(s, 1), hint,
	    "expected another document or the end of the file, found %.*s", STR_FMT(found));
}

/* Reads what comes next of a stream of JSON values; false at its end. */
static bool
read_next(struct scan *s, struct doc *doc, struct stream *in)
{
	struct node *n;
	int c;

	json_blanks(s);
	c = scan_peek(s);
	if (c < 0)
		return false;
	if (pass_marker(s)) {
		in->is_fresh = true;
		return true;
	}
	if (c == '{' || c == '[') {
		n = json_read(s);
		if (!n)
			return false;
		in->tail = add_documents(doc, in->tail, n->kind == NODE_ARRAY ? n->first : n);
		in->is_fresh = false;
		return true;
	}
	/* '#' before the first value is YAML */
	if ((c == '/' || !in->is_fresh) && json_comment(s))
		return true;
	if (doc->count > 0 || !in->is_fresh || c == '/')
		not_a_document(s);
	else
		read_yaml(&in->start, doc);
	return false;
}

static void
read_json(struct scan *s, struct doc *doc)
{
	struct stream in = { .tail = &doc->first, .is_fresh = true, .start = *s };

	while (read_next(s, doc, &in))
		continue;
}

static const struct format formats[] = {
	{ ".yaml", read_yaml },
	{ ".yml", read_yaml },
	{ "", read_json },
};

/* Whether the text is UTF-8 without NUL, as every value of the tree then is; reports the first byte that is not. */
static bool
is_text(const struct scan *start)
{
	struct scan s = *start;
	size_t bad = str_find(s.text, '\0');

	if (str_starts(s.text, "\xff\xfe") || str_starts(s.text, "\xfe\xff")) {
		scan_error(&s, CHECK_ENCODING, scan_span(&s, 2),
		    "save it as UTF-8; PowerShell: Out-File -Encoding utf8",
		    "the file is UTF-16 or UTF-32, not UTF-8");
		return false;
	}
	if (bad < s.text.len) {
		scan_skip(&s, bad - s.at);
		scan_error(&s, CHECK_ENCODING, scan_span(&s, 1),
		    "save it as UTF-8, or remove it from the specs", "byte 0x00 in a text file");
		return false;
	}
	if (utf8_is_valid(s.text, &bad))
		return true;
	scan_skip(&s, bad - s.at);
	scan_error(&s, CHECK_ENCODING, scan_span(&s, 1), "save the file as UTF-8",
	    "byte 0x%02x is not valid UTF-8", (unsigned char)s.text.ptr[bad]);
	return false;
}

static struct doc *
parse(struct arena *a, const char *file, struct str text, bool is_any, struct diags *d)
{
	struct scan s = {
		.arena = a, .diags = d, .file = file, .text = text, .line = 1, .is_any = is_any
	};
	size_t before = d->count, errors = d->errors, i = 0;
	struct doc *doc = ARENA_NEW(a, struct doc);

	*doc = (struct doc){ .file = file, .text = text };
	s.at = s.line_at = text.len - utf8_bare(text).len;
	if (!is_text(&s) || str_trim(scan_rest(&s)).len == 0)
		return doc;
	while (!str_ends(str_of(file), formats[i].suffix))
		i++;
	formats[i].read(&s, doc);
	if (d->errors > errors && template_explain(d, before, file, text)) {
		doc->first = NULL;
		doc->count = 0;
	}
	return doc;
}

struct doc *
doc_parse(struct arena *a, const char *file, struct str text, struct diags *d)
{
	return parse(a, file, text, false, d);
}

struct node *
doc_parse_value(struct arena *a, struct str text, struct diags *d)
{
	struct scan s = {
		.arena = a, .diags = d, .file = "", .text = text, .line = 1, .is_any = true
	};
	size_t before = d->errors;
	struct node *n = NULL;
	struct str found;

	if (!is_text(&s))
		return NULL;
	json_blanks(&s);
	n = json_read(&s);
	if (!n)
		return NULL;
	json_blanks(&s);
	found = scan_found(&s);
	if (scan_peek(&s) >= 0)
		(void)diags_error(d, CHECK_SYNTAX, s.file, scan_span(&s, 1),
		    "expected the end of the text, found %.*s", STR_FMT(found));
	return d->errors > before ? NULL : n;
}

struct doc *
doc_parse_any(struct arena *a, const char *file, struct str text, struct diags *d)
{
	return parse(a, file, text, true, d);
}
