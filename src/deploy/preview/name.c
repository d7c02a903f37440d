#include "deploy/preview/name.h"

#include "base/arena.h"
#include "base/buf.h"

enum {
	LABEL_MAX = 63,
	VERSION_LEN = 4, /* "-v99", as pachd itself counts */
	PROJECT_MAX = 51,
	NUMBER_MAX = 18, /* digits of a pull request's number */
	SHORT_PRINT = 2, /* hex digits of the fingerprint in a short name */
	NAME_BYTES = 4096,
};

/* Takes the text before the next {pr} or {repo} of the template, and which of them it is. */
static bool
next_part(struct str *rest, struct str *literal, bool *is_number, bool *is_repo)
{
	*is_number = *is_repo = false;
	if (rest->len == 0)
		return false;
	for (size_t i = 0; i < rest->len; i++) {
		struct str here = str_tail(*rest, i);

		*is_number = str_take(&here, "{pr}");
		*is_repo = str_take(&here, "{repo}");
		if (*is_number || *is_repo) {
			*literal = str_head(*rest, i);
			*rest = here;
			return true;
		}
	}
	*literal = *rest;
	*rest = str_tail(*rest, rest->len);
	return true;
}

static struct str
short_prefix(struct arena *a, const struct preview_template *t)
{
	bool has_repo = str_holds(t->text, STR("{repo}"));

	return arena_fmt(a, "p%.*s", STR_FMT(str_head(t->fingerprint, has_repo ? SHORT_PRINT : 0)));
}

struct preview_names
preview_names(struct arena *a, const struct preview_template *t, struct str number)
{
	struct buf out = BUF_INIT(NAME_BYTES);
	struct str rest = t->text, literal;
	bool is_number, is_repo;

	while (next_part(&rest, &literal, &is_number, &is_repo)) {
		buf_add(&out, literal);
		if (is_number)
			buf_add(&out, number);
		if (is_repo)
			buf_add(&out, t->fingerprint);
	}
	return (struct preview_names){
		.whole = buf_take(&out, a),
		.shorter = arena_fmt(a, "%.*s%.*s", STR_FMT(short_prefix(a, t)), STR_FMT(number)),
	};
}

size_t
preview_name_room(size_t longest)
{
	size_t taken = longest + 1 + VERSION_LEN;

	return taken < LABEL_MAX ? LABEL_MAX - taken : 0;
}

const char *
preview_name_fault(struct str name)
{
	if (str_span(name, CHARS_ALNUM) == 0)
		return "it does not begin with a letter or digit";
	if (name.len > PROJECT_MAX)
		return "it has more than 51 characters";
	if (!str_is_of(name, CHARS_ALNUM "-_"))
		return "it has more than letters, digits, '-' and '_'";
	return NULL;
}

/* A number that begins the text, without zeros in front; empty: there is none. */
static struct str
leading_number(struct str text)
{
	size_t len = str_digits(text);

	if (len == 0 || len > NUMBER_MAX || text.ptr[0] == '0')
		return str_head(text, 0);
	return str_head(text, len);
}

/* Takes the literal off the front of *name. */
static bool
take_literal(struct str *name, struct str literal)
{
	if (!str_eq(str_head(*name, literal.len), literal))
		return false;
	*name = str_tail(*name, literal.len);
	return true;
}

static bool
fits_whole(const struct preview_template *t, struct str name, struct str *number)
{
	struct str rest = t->text, literal;
	bool is_number, is_repo;

	*number = STR("");
	while (next_part(&rest, &literal, &is_number, &is_repo)) {
		struct str found = number->len > 0 ? *number : STR("");

		if (!take_literal(&name, literal)
		    || (is_repo && !take_literal(&name, t->fingerprint)))
			return false;
		if (!is_number)
			continue;
		*number = leading_number(name);
		if (number->len == 0 || (found.len > 0 && !str_eq(found, *number)))
			return false;
		name = str_tail(name, number->len);
	}
	return name.len == 0 && number->len > 0;
}

static bool
fits_short(const struct preview_template *t, struct str name, struct str *number)
{
	bool has_repo = str_holds(t->text, STR("{repo}"));

	if (!take_literal(&name, STR("p"))
	    || !take_literal(&name, str_head(t->fingerprint, has_repo ? SHORT_PRINT : 0)))
		return false;
	*number = leading_number(name);
	return number->len > 0 && number->len == name.len;
}

bool
preview_name_fits(const struct preview_template *t, struct str name, struct str *number)
{
	return fits_whole(t, name, number) || fits_short(t, name, number);
}
