/* JSON is checked as Go's decoder, which pachd uses, checks it (encoding/json, scanner.go). */
#include "data/split.h"

#include <stdio.h>
#include <string.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static enum split_what
next_line(struct splitter *s, char c)
{
	s->offset++;
	s->is_started = c != '\n';
	return c == '\n' ? SPLIT_END : SPLIT_ADD;
}

/* A byte of the piece, and what comes after it. */
static enum split_what
go_on(struct splitter *s, enum split_state state)
{
	s->offset++;
	s->is_started = true;
	s->state = state;
	return SPLIT_ADD;
}

/* The state behind a whole value. */
static enum split_state
behind(const struct splitter *s)
{
	return s->depth > 0 ? SPLIT_COMMA : SPLIT_OUTSIDE;
}

/* The last byte of a value that shows its own end. */
static enum split_what
end_value(struct splitter *s)
{
	(void)go_on(s, behind(s));
	s->is_started = s->depth > 0;
	return s->is_started ? SPLIT_ADD : SPLIT_END;
}

static bool
in_list(const struct splitter *s)
{
	unsigned top = s->depth - 1;

	return s->depth > 0 && (s->lists[top / 8] >> top % 8 & 1) != 0;
}

static enum split_what
open_bracket(struct splitter *s, char c)
{
	unsigned bit = 1U << s->depth % 8;
	unsigned char *bits = &s->lists[s->depth / 8];

	if (s->depth == MAX_JSON_DEPTH)
		return SPLIT_WRONG;
	*bits = (unsigned char)(c == '[' ? *bits | bit : *bits & ~bit);
	s->depth++;
	return go_on(s, c == '[' ? SPLIT_LIST : SPLIT_OBJECT);
}

static enum split_what
close_bracket(struct splitter *s)
{
	s->depth--;
	return end_value(s);
}

static enum split_what
begin_text(struct splitter *s, bool is_name)
{
	s->is_name = is_name;
	return go_on(s, SPLIT_TEXT);
}

static enum split_what
begin_word(struct splitter *s, char c)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (words[i][0] == c) {
			s->rest = words[i] + 1;
			return go_on(s, SPLIT_WORD);
		}
	return SPLIT_WRONG;
}

static enum split_what
begin_value(struct splitter *s, char c)
{
	if (c == '{' || c == '[')
		return open_bracket(s, c);
	if (c == '"')
		return begin_text(s, false);
	if (c == '-')
		return go_on(s, SPLIT_MINUS);
	if (is_digit(c))
		return go_on(s, c == '0' ? SPLIT_ZERO : SPLIT_DIGITS);
	return begin_word(s, c);
}

static enum split_what
next_in_text(struct splitter *s, char c)
{
	if ((unsigned char)c < ' ')
		return SPLIT_WRONG;
	if (c == '\\')
		return go_on(s, SPLIT_ESCAPE);
	if (c != '"')
		return go_on(s, SPLIT_TEXT);
	return s->is_name ? go_on(s, SPLIT_COLON) : end_value(s);
}

static enum split_what
next_in_escape(struct splitter *s, char c)
{
	if (s->state == SPLIT_HEX) {
		if (!is_hex(c))
			return SPLIT_WRONG;
		return go_on(s, --s->hex > 0 ? SPLIT_HEX : SPLIT_TEXT);
	}
	s->hex = 4;
	if (c == 'u')
		return go_on(s, SPLIT_HEX);
	return c != '\0' && strchr("\"\\/bfnrt", c) ? go_on(s, SPLIT_TEXT) : SPLIT_WRONG;
}

static enum split_what
next_in_word(struct splitter *s, char c)
{
	if (c != *s->rest)
		return SPLIT_WRONG;
	return *++s->rest ? go_on(s, SPLIT_WORD) : end_value(s);
}

/* Between the brackets of an object or a list; blanks are passed already. */
static enum split_what
next_in_brackets(struct splitter *s, char c)
{
	bool lists = in_list(s),
	     may_end = s->state != SPLIT_VALUE && s->state != SPLIT_NAME && s->state != SPLIT_COLON;

	if (may_end && c == (lists ? ']' : '}'))
		return close_bracket(s);
	if (s->state == SPLIT_COMMA)
		return c == ',' ? go_on(s, lists ? SPLIT_VALUE : SPLIT_NAME) : SPLIT_WRONG;
	if (s->state == SPLIT_COLON)
		return c == ':' ? go_on(s, SPLIT_VALUE) : SPLIT_WRONG;
	if (s->state == SPLIT_OBJECT || s->state == SPLIT_NAME)
		return c == '"' ? begin_text(s, true) : SPLIT_WRONG;
	return begin_value(s, c);
}

/* The state of a number behind one more digit. */
static enum split_state
behind_digit(enum split_state state, char c)
{
	if (state == SPLIT_MINUS)
		return c == '0' ? SPLIT_ZERO : SPLIT_DIGITS;
	if (state == SPLIT_POINT)
		return SPLIT_FRACTION;
	if (state == SPLIT_E || state == SPLIT_SIGN)
		return SPLIT_EXPONENT;
	return state == SPLIT_ZERO ? SPLIT_OUTSIDE : state;
}

/* The state of a number behind one more byte; SPLIT_OUTSIDE: the number has ended before it. */
static enum split_state
number_state(enum split_state state, char c)
{
	bool is_whole = state == SPLIT_ZERO || state == SPLIT_DIGITS;

	if (is_digit(c))
		return behind_digit(state, c);
	if (c == '.' && is_whole)
		return SPLIT_POINT;
	if ((c == 'e' || c == 'E') && (is_whole || state == SPLIT_FRACTION))
		return SPLIT_E;
	return (c == '+' || c == '-') && state == SPLIT_E ? SPLIT_SIGN : SPLIT_OUTSIDE;
}

static bool
is_number(enum split_state state)
{
	return state == SPLIT_ZERO || state == SPLIT_DIGITS || state == SPLIT_FRACTION
	       || state == SPLIT_EXPONENT;
}

/* Go's decoder reads two numbers in 01 and in 1-2; nobody who writes them means that. */
static enum split_what
next_in_number(struct splitter *s, char c)
{
	enum split_state state = number_state(s->state, c);

	if (state != SPLIT_OUTSIDE)
		return go_on(s, state);
	if (!is_number(s->state) || is_digit(c) || (c != '\0' && strchr("+-.eE", c)))
		return SPLIT_WRONG;
	s->state = behind(s);
	if (s->depth > 0)
		return is_blank(c) ? go_on(s, s->state) : next_in_brackets(s, c);
	s->is_started = false;
	return SPLIT_BEFORE;
}

static enum split_what
next_outside(struct splitter *s, char c)
{
	if (!is_blank(c))
		return begin_value(s, c);
	s->offset++;
	return SPLIT_SKIP;
}

static enum split_what
next_json(struct splitter *s, char c)
{
	if (s->state == SPLIT_OUTSIDE)
		return next_outside(s, c);
	if (s->state == SPLIT_TEXT)
		return next_in_text(s, c);
	if (s->state == SPLIT_ESCAPE || s->state == SPLIT_HEX)
		return next_in_escape(s, c);
	if (s->state == SPLIT_WORD)
		return next_in_word(s, c);
	if (s->state >= SPLIT_MINUS)
		return next_in_number(s, c);
	return is_blank(c) ? go_on(s, s->state) : next_in_brackets(s, c);
}

enum split_what
split_next(struct splitter *s, char c)
{
	return s->by == PFS_LINES ? next_line(s, c) : next_json(s, c);
}

const char *
split_mistake(const struct splitter *s)
{
	if (s->depth == MAX_JSON_DEPTH)
		return "a JSON value is nested too deep";
	return s->is_started ? "no JSON value goes on so" : "no JSON value begins so";
}

bool
split_end(const struct splitter *s, bool *wrong)
{
	*wrong = s->by == PFS_JSON && s->is_started && (s->depth > 0 || !is_number(s->state));
	return s->is_started;
}

void
split_name(uint64_t i, char out[17])
{
	(void)snprintf(out, 17, "%016llx", (unsigned long long)i);
}
