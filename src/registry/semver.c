#include "registry/semver.h"

#include <string.h>

enum { MAX_DIGITS = 18 }; /* of a part, as a time has: 20260131120000 */

/* A version that may lack parts: only the first `count` are given. */
struct partial {
	struct semver version;
	size_t count;
};

/* One comparison: from <= v < to. */
struct bounds {
	struct semver from, to;
	bool has_from, has_to;
	bool takes_to;    /* v <= to */
	bool leaves_from; /* from < v */
};

static bool
read_number(struct str text, uint64_t *out)
{
	return text.len <= MAX_DIGITS && str_number(text, out)
	       && (text.len == 1 || text.ptr[0] != '0');
}

static bool
is_prerelease(struct str text)
{
	struct str part;

	while (str_split(&text, '.', &part)) {
		size_t digits = str_digits(part);

		if (!str_is_of(part, CHARS_ALNUM "-")
		    || (digits == part.len && digits > 1 && part.ptr[0] == '0'))
			return false;
	}
	return true;
}

/* "1", "1.2.x", "v1.2.3-rc.1", "*". */
static bool
read_partial(struct str text, struct partial *out)
{
	size_t dash;
	struct str numbers, part;
	bool is_open = false;

	*out = (struct partial){ .version = { .prerelease = STR("") } };
	if (str_starts(text, "v") || str_starts(text, "V"))
		text = str_tail(text, 1);
	dash = str_find(text, '-');
	numbers = str_head(text, dash);
	for (size_t i = 0; str_split(&numbers, '.', &part); i++) {
		if (i == 3)
			return false;
		if (str_is(part, "x") || str_is(part, "X") || str_is(part, "*"))
			is_open = true;
		else if (is_open || !read_number(part, &out->version.part[out->count++]))
			return false;
	}
	if (dash == text.len)
		return out->count > 0 || is_open;
	out->version.prerelease = str_tail(text, dash + 1);
	return out->count == 3 && out->version.prerelease.len > 0
	       && is_prerelease(out->version.prerelease);
}

bool
semver_read(struct str text, struct semver *out)
{
	struct partial p;

	if (!read_partial(text, &p) || p.count != 3)
		return false;
	*out = p.version;
	return true;
}

static int
cmp_numbers(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* Identifiers: numbers by size and below words, words by their bytes. */
static int
cmp_identifiers(struct str a, struct str b)
{
	bool is_number = str_digits(a) == a.len, other = str_digits(b) == b.len;

	if (is_number != other)
		return is_number ? -1 : 1;
	if (is_number && a.len != b.len) /* none begins with 0 */
		return a.len < b.len ? -1 : 1;
	return str_cmp(a, b);
}

int
semver_cmp(const struct semver *a, const struct semver *b)
{
	struct str left = a->prerelease, right = b->prerelease, l, r;

	for (size_t i = 0; i < 3; i++)
		if (a->part[i] != b->part[i])
			return cmp_numbers(a->part[i], b->part[i]);
	if (left.len == 0 || right.len == 0)
		return left.len == right.len ? 0 : left.len == 0 ? 1 : -1;
	for (;;) {
		bool has_left = str_split(&left, '.', &l), has_right = str_split(&right, '.', &r);
		int order;

		if (!has_left || !has_right)
			return (int)has_left - (int)has_right;
		order = cmp_identifiers(l, r);
		if (order != 0)
			return order;
	}
}

/* The lowest version above all those that begin with the first `count` parts of `v`. */
static struct semver
next_of(const struct semver *v, size_t count)
{
	struct semver next = { .prerelease = STR("0") }; /* below any other prerelease */

	for (size_t i = 0; i < count; i++)
		next.part[i] = v->part[i];
	if (count > 0)
		next.part[count - 1]++;
	return next;
}

/* How many parts stay under '^': up to the first one that is not 0. */
static size_t
caret_parts(const struct partial *p)
{
	size_t i = 0;

	while (i + 1 < p->count && p->version.part[i] == 0)
		i++;
	return i + 1;
}

static struct str
take_operator(struct str *text)
{
	static const char *const known[] = { ">=", "<=", ">", "<", "=", "^", "~" };
	struct str op = STR("");

	for (size_t i = 0; i < COUNT_OF(known) && op.len == 0; i++)
		if (str_starts(*text, known[i]))
			op = str_of(known[i]);
	*text = str_trim(str_tail(*text, op.len));
	return op;
}

/* The end of "^1.2", "~1.2", "<2", "<=1.2", "=1.2" and "1.2". */
static void
bound_above(struct bounds *b, struct str op, const struct partial *p)
{
	size_t parts = p->count;
	struct semver next;

	if (str_is(op, "^"))
		parts = caret_parts(p);
	else if (str_is(op, "~") && p->count > 2)
		parts = 2;
	next = next_of(&p->version, parts);
	b->has_to = true;
	b->to = next;
	if (str_is(op, "<"))
		b->to = p->version;
	else if (p->count == 3 && !str_is(op, "^") && !str_is(op, "~")) {
		b->to = p->version;
		b->takes_to = true;
	}
}

/* Reads a comparison. Without a version ("*", ">=x") it fits every version, with "<" or ">" before it none. */
static bool
read_bounds(struct str text, struct bounds *out)
{
	struct str op = take_operator(&text);
	bool is_above = str_is(op, ">") || str_is(op, ">=");
	struct partial p;

	*out = (struct bounds){ .has_from = !str_starts(op, "<") };
	if (!read_partial(text, &p))
		return false;
	out->from = p.version;
	if (p.count == 0) {
		out->from = out->to = next_of(&p.version, 0);
		out->has_to = str_is(op, "<") || str_is(op, ">");
		return true;
	}
	if (!is_above)
		bound_above(out, op, &p);
	out->leaves_from = str_is(op, ">") && p.count == 3;
	if (str_is(op, ">") && p.count < 3)
		out->from = next_of(&p.version, p.count);
	return true;
}

static bool
is_within(const struct semver *v, const struct bounds *b)
{
	if (b->has_from) {
		int order = semver_cmp(v, &b->from);

		if (order < 0 || (order == 0 && b->leaves_from))
			return false;
	}
	if (b->has_to) {
		int order = semver_cmp(v, &b->to);

		return order < 0 || (order == 0 && b->takes_to);
	}
	return true;
}

/* Whether a comparison names a prerelease of the same MAJOR.MINOR.PATCH. */
static bool
names_prerelease(struct str text, const struct semver *v)
{
	struct partial p;

	(void)take_operator(&text);
	return read_partial(text, &p) && p.version.prerelease.len > 0
	       && memcmp(p.version.part, v->part, sizeof(v->part)) == 0;
}

/* Takes the next comparison off the front of *rest; its operator may be followed by blanks. */
static bool
next_comparison(struct str *rest, struct str *out)
{
	size_t len;

	*rest = str_tail(*rest, str_span(*rest, " ,\t"));
	len = str_span(*rest, "<>=^~");
	if (len > 0)
		len += str_span(str_tail(*rest, len), " \t");
	len += str_cspan(str_tail(*rest, len), " ,\t");
	*out = str_head(*rest, len);
	*rest = str_tail(*rest, len);
	return out->len > 0;
}

/* Takes all up to the next "||" off the front of *rest, whose ptr is NULL after the last one. */
static struct str
take_alternative(struct str *rest)
{
	struct str one = *rest;
	size_t at = 0;

	while (at + 1 < rest->len && !(rest->ptr[at] == '|' && rest->ptr[at + 1] == '|'))
		at++;
	if (at + 1 >= rest->len) {
		*rest = (struct str){ NULL, 0 };
		return one;
	}
	*rest = str_tail(*rest, at + 2);
	return str_head(one, at);
}

int
semver_check_range(struct str range, struct err *err)
{
	struct str rest = range;

	do {
		struct str all = take_alternative(&rest), one;
		size_t count = 0;

		for (; next_comparison(&all, &one); count++) {
			struct bounds b;

			if (!read_bounds(one, &b)) {
				(void)err_set(err, ERR_USAGE,
				    "'%.*s' in range '%.*s' is not a version",
				    STR_FMT(str_head(one, 100)), STR_FMT(str_head(range, 200)));
				return err_hint(err, "use for example '^1.2', '~1.2.3', "
				                     "'>=1.2 <2' or '1.x'");
			}
		}
		if (count == 0) {
			(void)err_set(err, ERR_USAGE, "the range '%.*s' is empty",
			    STR_FMT(str_head(range, 200)));
			return err_hint(err, "use for example '^1.2', or '*' for every version");
		}
	} while (rest.ptr);
	return 0;
}

bool
semver_matches(const struct semver *v, struct str range)
{
	do {
		struct str all = take_alternative(&range), one;
		bool fits = true, is_named = v->prerelease.len == 0;

		while (next_comparison(&all, &one)) {
			struct bounds b;

			fits = fits && read_bounds(one, &b) && is_within(v, &b);
			is_named = is_named || names_prerelease(one, v);
		}
		if (fits && is_named)
			return true;
	} while (range.ptr);
	return false;
}
