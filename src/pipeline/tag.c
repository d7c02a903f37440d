#include "pipeline/tag.h"

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "pipeline/image.h"

enum { SHORT_DIGITS = 7, MAX_NAME = 128 };

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

static int
add_place(struct arena *a, struct str place, const struct tag_facts *facts, struct buf *out,
    struct err *err)
{
	struct str value;

	if (!place_value(a, place, facts, &value)) {
		(void)err_set(
		    err, ERR_USAGE, "unknown placeholder '{%.*s}' in input 'tag'", STR_FMT(place));
		return err_hint(err, "use {sha}, {short}, {branch} or {ref}");
	}
	if (value.len == 0) {
		(void)err_set(err, ERR_USAGE, "placeholder '{%.*s}' in input 'tag' is empty here",
		    STR_FMT(place));
		return err_hint(err, "use a plain tag, or run where the name is known");
	}
	buf_add(out, value);
	return 0;
}

int
tag_expand(struct arena *a, struct str text, const struct tag_facts *facts, struct str *out,
    struct err *err)
{
	struct buf made = BUF_INIT(4096);
	const char *fault;
	int rc = -1;

	for (size_t i = 0; i < text.len;) {
		struct str rest = str_tail(text, i);
		size_t end = rest.ptr[0] == '{' ? str_find(rest, '}') : rest.len;

		if (end == rest.len) {
			buf_add_char(&made, rest.ptr[0]);
			i++;
			continue;
		}
		if (add_place(a, str_head(str_tail(rest, 1), end - 1), facts, &made, err) < 0)
			goto out;
		i += end + 1;
	}
	fault = buf_is_full(&made) ? "the tag is longer than 128 characters"
	                           : image_tag_fault(buf_str(&made));
	if (fault) {
		(void)err_set(err, ERR_USAGE, "invalid tag '%.*s' in input 'tag': %s",
		    STR_FMT(str_head(text, 200)), fault);
		(void)err_hint(err, "use 1 to 128 letters, digits, '_', '.' and '-', not beginning "
		                    "with '.' or '-'");
		goto out;
	}
	*out = arena_str(a, buf_str(&made));
	rc = 0;
out:
	buf_free(&made);
	return rc;
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
