#include "retag/tag.h"

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "pipeline/image.h"

enum { SHORT_DIGITS = 7, MAX_NAME = 128, MAX_TEXT = 16384 };

/* A ref's name as a tag can hold it. */
static struct str
tame(struct arena *a, struct str name)
{
	struct str copy = arena_str(a, name);
	char *p = arena_cstr(a, name);

	for (size_t i = 0; i < copy.len; i++) {
		char c = p[i];
		bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
		            || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';

		if (!fine)
			p[i] = '-';
	}
	copy.ptr = p;
	while (copy.len > 0 && (copy.ptr[0] == '.' || copy.ptr[0] == '-'))
		copy = str_tail(copy, 1);
	return str_head(copy, MAX_NAME);
}

/* The value of one place; false when there is no such place. */
static bool
place_value(struct arena *a, struct str place, const struct tag_facts *facts, struct str *value)
{
	if (str_is(place, "sha"))
		*value = facts->sha;
	else if (str_is(place, "short"))
		*value = str_head(facts->sha, SHORT_DIGITS);
	else if (str_is(place, "branch"))
		*value = tame(a, facts->branch);
	else if (str_is(place, "ref"))
		*value = tame(a, facts->ref);
	else
		return false;
	return true;
}

/* A text that is being made. */
struct expansion {
	struct arena *arena;
	const char *title;
	const struct tag_facts *facts;
	struct buf made;
};

static int
add_place(struct expansion *x, struct str place, struct err *err)
{
	struct str value;

	if (!place_value(x->arena, place, x->facts, &value)) {
		(void)err_set(
		    err, ERR_USAGE, "unknown placeholder '{%.*s}' in %s", STR_FMT(place), x->title);
		return err_hint(err, "use {sha}, {short}, {branch} or {ref}");
	}
	if (value.len == 0) {
		(void)err_set(err, ERR_USAGE, "placeholder '{%.*s}' in %s is empty here",
		    STR_FMT(place), x->title);
		return err_hint(err, "use a plain text, or run where the name is known");
	}
	buf_add(&x->made, value);
	return 0;
}

/* How long the place is that `s` begins with, with its braces; 0: it begins with none. */
static size_t
place_len(struct str s)
{
	size_t i = 1;

	if (s.len == 0 || s.ptr[0] != '{')
		return 0;
	while (i < s.len
	       && ((s.ptr[i] >= 'a' && s.ptr[i] <= 'z') || (s.ptr[i] >= 'A' && s.ptr[i] <= 'Z')))
		i++;
	return i > 1 && i < s.len && s.ptr[i] == '}' ? i + 1 : 0;
}

static int
expand(struct expansion *x, struct str text, struct err *err)
{
	while (text.len > 0) {
		size_t len = place_len(text);

		if (len == 0)
			buf_add_char(&x->made, text.ptr[0]);
		else if (add_place(x, str_head(str_tail(text, 1), len - 2), err) < 0)
			return -1;
		text = str_tail(text, len > 0 ? len : 1);
	}
	if (!buf_is_full(&x->made))
		return 0;
	(void)err_set(err, ERR_USAGE, "%s is longer than %d bytes", x->title, MAX_TEXT);
	return err_hint(err, "use a shorter text");
}

int
text_expand(struct arena *a, struct str text, const char *title, const struct tag_facts *facts,
    struct str *out, struct err *err)
{
	struct expansion x = { a, title, facts, BUF_INIT(MAX_TEXT) };
	int rc = expand(&x, text, err);

	*out = arena_str(a, buf_str(&x.made));
	buf_free(&x.made);
	return rc;
}

int
tag_expand(struct arena *a, struct str text, const struct tag_facts *facts, struct str *out,
    struct err *err)
{
	const char *fault;

	if (text_expand(a, text, "input 'tag'", facts, out, err) < 0)
		return -1;
	fault = image_tag_fault(*out);
	if (!fault)
		return 0;
	(void)err_set(err, ERR_USAGE, "invalid tag '%.*s' in input 'tag': %s",
	    STR_FMT(str_head(text, 200)), fault);
	return err_hint(err, "use 1 to 128 letters, digits, '_', '.' and '-', not beginning "
	                     "with '.' or '-'");
}

bool
tag_needs_sha(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (str_starts(str_tail(text, i), "{sha}")
		    || str_starts(str_tail(text, i), "{short}"))
			return true;
	return false;
}
