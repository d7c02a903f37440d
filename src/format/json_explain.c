/*
 * Why cJSON refused a value. cJSON says one position and no reason, and the position differs
 * between its versions; so the text is read once more here, for the message alone. What can be
 * passed over (a comment, a bad number, a comma too many) is noted and passed, the first thing that
 * cannot ends the search.
 */
#include "format/json.h"

#include "base/arena.h"
#include "base/limits.h"
#include "format/json_token.h"
#include "format/scan.h"

/* An object or array that is being read. */
struct level {
	struct span open;
	const char *kind; /* "object", "array" */
	char close;
	size_t index;   /* the element, from 1 */
	struct str key; /* the member's, as written */
};

static bool value(struct scan *s, const struct level *in, size_t depth);

static void
gap(struct scan *s)
{
	do
		json_blanks(s);
	while (json_comment(s));
}

/* The member that is being read, in words: "cmd", element 3. */
static struct str
member_name(const struct scan *s, const struct level *in)
{
	struct str shown = scan_short(s, in->key);

	if (in->close == ']')
		return arena_fmt(s->arena, "element %zu", in->index);
	return arena_fmt(s->arena, "\"%.*s\"", STR_FMT(shown));
}

static bool
single_quotes(struct scan *s)
{
	scan_error(s, CHECK_SYNTAX, scan_span(s, 1), "write \"...\" instead of '...'",
	    "expected a string in double quotes, found a single quote");
	return false;
}

/* Notes that neither ',' nor the closing bracket follows; always false. */
static bool
not_continued(struct scan *s, const struct level *in)
{
	struct str found = scan_found(s), name = member_name(s, in);
	struct diag *one = diags_error(s->diags, CHECK_SYNTAX, s->file, scan_span(s, 1),
	    "expected ',' or '%c' after %s%.*s, found %.*s", in->close,
	    in->close == '}' ? "the value of " : "", STR_FMT(name), STR_FMT(found));

	if (scan_peek(s) < 0)
		diag_hint(s->diags, one, "close the %s that starts at %u:%u with '%c'", in->kind,
		    in->open.line, in->open.col, in->close);
	else
		diag_hint(s->diags, one,
		    "add a ',' before it, or close the %s that starts at %u:%u with '%c'", in->kind,
		    in->open.line, in->open.col, in->close);
	return false;
}

static bool
not_a_key(struct scan *s, const struct level *in)
{
	size_t len = scan_word(s);
	struct str found = scan_found(s);

	if (scan_peek(s) == '\'')
		return single_quotes(s);
	if (len > 0) /* keys are not secrets */
		found = arena_fmt(
		    s->arena, "'%.*s'", STR_FMT(scan_short(s, str_head(scan_rest(s), len))));
	diag_hint(s->diags,
	    diags_error(s->diags, CHECK_SYNTAX, s->file, scan_span(s, 1),
	        "expected a key in double quotes, found %.*s", STR_FMT(found)),
	    "an object has the form { \"key\": value, ... }; this one starts at %u:%u",
	    in->open.line, in->open.col);
	return false;
}

static bool
key(struct scan *s, struct level *in)
{
	struct json_string string;
	struct str found, name;

	if (scan_peek(s) != '"')
		return not_a_key(s, in);
	if (!json_read_string(s, true, &string))
		return false;
	in->key = string.raw;
	gap(s);
	if (scan_eat(s, ':'))
		return true;
	found = scan_found(s);
	name = member_name(s, in);
	scan_error(s, CHECK_SYNTAX, scan_span(s, 1), "add a ':' between key and value",
	    "expected ':' after the key %.*s, found %.*s", STR_FMT(name), STR_FMT(found));
	return false;
}

static bool
container(struct scan *s, size_t depth)
{
	bool is_object = scan_peek(s) == '{';
	struct level in = {
		.open = scan_span(s, 1),
		.kind = is_object ? "object" : "array",
		.close = is_object ? '}' : ']',
	};
	struct span comma;

	s->at++;
	gap(s);
	if (scan_eat(s, in.close))
		return true;
	for (;;) {
		in.index++;
		if (is_object && !key(s, &in))
			return false;
		gap(s);
		if (!value(s, &in, depth))
			return false;
		gap(s);
		if (scan_eat(s, in.close))
			return true;
		comma = scan_span(s, 1);
		if (!scan_eat(s, ','))
			return not_continued(s, &in);
		gap(s);
		if (scan_eat(s, in.close)) {
			scan_error(s, CHECK_SYNTAX, comma, "remove the ','",
			    "unexpected ',' before the closing '%c'", in.close);
			return true;
		}
	}
}

/* Passes a word such as true; what JSON does not know is noted. */
static void
word(struct scan *s)
{
	struct str found = scan_found(s), text = str_head(scan_rest(s), scan_word(s));

	if (!str_is_one_of(text, "true|false|null"))
		scan_error(s, CHECK_SYNTAX, scan_span(s, text.len),
		    "use true, false or null, or put text in double quotes",
		    "expected a value, found %.*s", STR_FMT(found));
	s->at += text.len;
}

static bool
not_a_value(struct scan *s, const struct level *in)
{
	struct str found = scan_found(s), name = in ? member_name(s, in) : STR("");

	if (scan_peek(s) == '\'')
		return single_quotes(s);
	scan_error(s, CHECK_SYNTAX, scan_span(s, 1),
	    "a value is a string in double quotes, a number, true, false, null, {...} or [...]",
	    "expected a value%s%.*s, found %.*s",
	    !in                ? ""
	    : in->close == '}' ? " for "
	                       : " as ",
	    STR_FMT(name), STR_FMT(found));
	return false;
}

static bool
too_deep(struct scan *s)
{
	scan_error(s, CHECK_TOO_LARGE, scan_span(s, 1),
	    "look for an unclosed bracket; pipeline specs need only a few levels",
	    "values are nested deeper than %d levels", MAX_SPEC_DEPTH);
	return false;
}

static bool
value(struct scan *s, const struct level *in, size_t depth)
{
	struct json_string string;
	int c = scan_peek(s);

	if (c == '{' || c == '[')
		return depth < MAX_SPEC_DEPTH ? container(s, depth + 1) : too_deep(s);
	if (c == '"')
		return json_read_string(s, true, &string);
	if (str_span(scan_rest(s), CHARS_DIGIT "+-.") > 0)
		(void)json_read_number(s);
	else if (str_span(scan_rest(s), CHARS_LETTER) > 0)
		word(s);
	else
		return not_a_value(s, in);
	return true;
}

void
json_explain(struct scan *s, size_t refused)
{
	size_t before = s->diags->errors;
	struct scan start = *s;

	(void)value(s, NULL, 0);
	if (s->diags->errors > before)
		return;
	scan_skip(&start, refused);
	scan_error(s, CHECK_SYNTAX, scan_span(&start, 1), "check the syntax near this place",
	    "cannot parse the JSON from here");
}
