#include "retag/tag.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "pipeline/image.h"

enum { SHORT_DIGITS = 7, MAX_NAME = 128, MAX_TEXT = 16384 };

/* The name of a ref as the part of a tag. */
static struct str
tame(struct arena *a, struct str name)
{
	struct str copy = arena_str(a, name);
	char *p = arena_cstr(a, name);

	for (size_t i = 0; i < copy.len; i++)
		if (!p[i] || !strchr(CHARS_ALNUM "_.-", p[i]))
			p[i] = '-';
	copy.ptr = p;
	return str_head(str_tail(copy, str_span(copy, ".-")), MAX_NAME);
}

/* The part of a ref behind its last '/': v1.2.3 of edges/v1.2.3, the tag of one module of a repository. */
static struct str
version_of(struct str ref)
{
	size_t slash = str_rfind(ref, '/');

	return slash < ref.len ? str_tail(ref, slash + 1) : ref;
}

/* Whether it begins as MAJOR.MINOR.PATCH does (semver.org), and has no more than what may follow that. */
static bool
is_semver(struct str s)
{
	for (int part = 0; part < 3; part++) {
		size_t digits = str_digits(s);

		if (digits == 0 || (digits > 1 && s.ptr[0] == '0'))
			return false;
		s = str_tail(s, digits);
		if (part < 2 && !str_take(&s, "."))
			return false;
	}
	return s.len == 0 || ((s.ptr[0] == '-' || s.ptr[0] == '+') && s.len > 1);
}

/* The first part of the version that is one by those rules: 1.2.3 of v1.2.3, edges@1.2.3, edges-v1.2.3. */
static struct str
semver_of(struct str ref)
{
	struct str s = version_of(ref);

	for (size_t i = 0; i < s.len; i++) {
		char before = i ? s.ptr[i - 1] : '-';
		bool begins = before == '-' || before == '@' || before == '_'
		              || ((before == 'v' || before == 'V')
		                  && (i == 1 || s.ptr[i - 2] == '-' || s.ptr[i - 2] == '@'
		                      || s.ptr[i - 2] == '_'));

		if (begins && is_semver(str_tail(s, i)))
			return str_tail(s, i);
	}
	return (struct str){ "", 0 };
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
	else if (str_is(place, "version"))
		*value = tame(a, version_of(facts->ref));
	else if (str_is(place, "semver"))
		*value = tame(a, semver_of(facts->ref));
	else
		return false;
	return true;
}

/* A text that is being made. */
struct expansion {
	struct arena *arena;
	const char *input;
	const struct tag_facts *facts;
	struct buf made;
};

static int
add_place(struct expansion *x, struct str place, struct err *err)
{
	struct str value;

	if (!place_value(x->arena, place, x->facts, &value)) {
		(void)err_set(err, ERR_USAGE, "unknown placeholder '{%.*s}' in input '%s'",
		    STR_FMT(place), x->input);
		return err_hint(err, "use {sha}, {short}, {branch}, {ref}, {version} or {semver}; "
		                     "for a brace that is text write '\\{'");
	}
	if (value.len == 0) {
		(void)err_set(err, ERR_USAGE, "placeholder '{%.*s}' in input '%s' is empty here",
		    STR_FMT(place), x->input);
		if (str_is(place, "semver") && x->facts->ref.len > 0)
			return err_hint(err,
			    "the ref '%.*s' holds no MAJOR.MINOR.PATCH; use {version} or {ref}",
			    STR_FMT(str_head(x->facts->ref, MAX_NAME)));
		return err_hint(err, "use a plain text, or run where the name is known");
	}
	buf_add(&x->made, value);
	return 0;
}

/* How long the place is that `s` begins with, with its braces; 0: it begins with none. */
static size_t
place_len(struct str s)
{
	size_t letters = str_starts(s, "{") ? str_span(str_tail(s, 1), CHARS_LETTER) : 0;

	return letters > 0 && str_starts(str_tail(s, letters + 1), "}") ? letters + 2 : 0;
}

/* Backslashes before a brace are halved; an odd one makes the brace text. */
static int
expand(struct expansion *x, struct str text, struct err *err)
{
	while (text.len > 0 && !buf_is_full(&x->made)) {
		size_t slashes = str_span(text, "\\"), len;
		bool is_escape = str_starts(str_tail(text, slashes), "{");

		buf_add(&x->made, str_head(text, is_escape ? slashes / 2 : slashes));
		text = str_tail(text, slashes);
		if (text.len == 0)
			break;
		len = is_escape && slashes % 2 ? 0 : place_len(text);
		if (len == 0)
			buf_add_char(&x->made, text.ptr[0]);
		else if (add_place(x, str_head(str_tail(text, 1), len - 2), err) < 0)
			return -1;
		text = str_tail(text, len > 0 ? len : 1);
	}
	if (!buf_is_full(&x->made))
		return 0;
	(void)err_set(err, ERR_USAGE, "input '%s' is longer than %d bytes", x->input, MAX_TEXT);
	return err_hint(err, "use a shorter text");
}

int
text_expand(struct arena *a, struct str text, const char *input, const struct tag_facts *facts,
    struct str *out, struct err *err)
{
	struct expansion x = { a, input, facts, BUF_INIT(MAX_TEXT) };
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

	if (text_expand(a, text, "tag", facts, out, err) < 0)
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
	while (text.len > 0) {
		size_t slashes = str_span(text, "\\");

		text = str_tail(text, slashes);
		if (slashes % 2 == 0 && (str_starts(text, "{sha}") || str_starts(text, "{short}")))
			return true;
		text = str_tail(text, 1);
	}
	return false;
}
