#include "data/split.h"

#include <stdio.h>
#include <string.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool
is_word_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == 'E' || c == '+' || c == '-'
	       || c == '.';
}

static enum split_what
next_line(struct splitter *s, char c)
{
	s->offset++;
	s->is_started = c != '\n';
	return c == '\n' ? SPLIT_END : SPLIT_ADD;
}

/* Within quotes. */
static enum split_what
next_quoted(struct splitter *s, char c)
{
	s->offset++;
	if (s->is_escaped)
		s->is_escaped = false;
	else if (c == '\\')
		s->is_escaped = true;
	else if (c == '"')
		s->in_text = false;
	if (s->in_text || s->depth > 0)
		return SPLIT_ADD;
	s->is_started = false;
	return SPLIT_END;
}

/* The first byte of a piece. */
static enum split_what
begin(struct splitter *s, char c)
{
	if (!is_blank(c) && c != '{' && c != '[' && c != '"' && !is_word_char(c))
		return SPLIT_WRONG;
	s->offset++;
	if (is_blank(c))
		return SPLIT_SKIP;
	s->is_started = true;
	s->depth = c == '{' || c == '[' ? 1 : 0;
	s->in_text = c == '"';
	s->is_word = is_word_char(c);
	return SPLIT_ADD;
}

/* Go's decoder, which pachd uses, checks each value; here only its end is looked for. */
static enum split_what
next_json(struct splitter *s, char c)
{
	if (s->in_text)
		return next_quoted(s, c);
	if (!s->is_started)
		return begin(s, c);
	if (s->is_word) {
		if (is_word_char(c)) {
			s->offset++;
			return SPLIT_ADD;
		}
		s->is_word = s->is_started = false;
		return SPLIT_BEFORE;
	}
	s->offset++;
	if (c == '"')
		s->in_text = true;
	else if (c == '{' || c == '[')
		s->depth++;
	else if ((c == '}' || c == ']') && --s->depth == 0) {
		s->is_started = false;
		return SPLIT_END;
	}
	return SPLIT_ADD;
}

enum split_what
split_next(struct splitter *s, char c)
{
	return s->by == PFS_LINES ? next_line(s, c) : next_json(s, c);
}

bool
split_end(const struct splitter *s, bool *wrong)
{
	*wrong = s->by == PFS_JSON && s->is_started && !s->is_word;
	return s->is_started;
}

void
split_name(uint64_t i, char out[17])
{
	(void)snprintf(out, 17, "%016llx", (unsigned long long)i);
}
