#include "lint/cron.h"

#include <strings.h>

#include "wire/scalar.h"

struct field {
	int min, max;
	const char *names; /* three letters each, the first means `min`; or NULL */
	const char *fault;
};

static const struct field fields[] = {
	{ 0, 59, NULL, "minutes (first field) must be 0 to 59" },
	{ 0, 23, NULL, "hours (second field) must be 0 to 23" },
	{ 1, 31, NULL, "day of the month (third field) must be 1 to 31" },
	{ 1, 12, "janfebmaraprmayjunjulaugsepoctnovdec",
	    "month (fourth field) must be 1 to 12 or JAN to DEC" },
	{ 0, 6, "sunmontuewedthufrisat",
	    "day of the week (fifth field) must be 0 to 6 or SUN to SAT" },
};

static bool
read_value(const struct field *f, struct str text, int *out)
{
	if (f->names && text.len == 3)
		for (int i = 0; i <= f->max - f->min; i++)
			if (strncasecmp(f->names + (ptrdiff_t)3 * i, text.ptr, 3) == 0) {
				*out = f->min + i;
				return true;
			}
	*out = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9' || *out > 1000)
			return false;
		*out = *out * 10 + (text.ptr[i] - '0');
	}
	return text.len > 0;
}

/* "*", "?", "5", "1-5", each with "/STEP". */
static bool
is_range(const struct field *f, struct str text)
{
	size_t slash = str_find(text, '/');
	struct str range = str_head(text, slash), step = str_tail(text, slash + 1);
	size_t dash = str_find(range, '-');
	int from, to, by;

	if (slash < text.len && (!read_value(&(struct field){ .max = 1000 }, step, &by) || by == 0))
		return false;
	if (str_is(range, "*") || str_is(range, "?"))
		return true;
	if (!read_value(f, str_head(range, dash), &from))
		return false;
	to = from;
	if (dash < range.len && !read_value(f, str_tail(range, dash + 1), &to))
		return false;
	return from >= f->min && to <= f->max && from <= to;
}

static bool
is_list(const struct field *f, struct str text)
{
	struct str part;

	while (str_split(&text, ',', &part))
		if (!is_range(f, part))
			return false;
	return true;
}

static const char *
descriptor_fault(struct str text)
{
	static const char *const names[] = { "@yearly", "@annually", "@monthly", "@weekly",
		"@daily", "@midnight", "@hourly" };
	struct span_of_time every;

	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_is(text, names[i]))
			return NULL;
	if (str_starts(text, "@every "))
		return value_duration(str_tail(text, 7), &every) && every.seconds >= 0
		           ? NULL
		           : "@every needs a duration";
	return "use @yearly, @monthly, @weekly, @daily, @hourly or @every";
}

/* The next word; empty at the end. */
static struct str
next_word(struct str *rest)
{
	size_t len = 0;
	struct str word;

	while (rest->len > 0 && (rest->ptr[0] == ' ' || rest->ptr[0] == '\t'))
		*rest = str_tail(*rest, 1);
	while (len < rest->len && rest->ptr[len] != ' ' && rest->ptr[len] != '\t')
		len++;
	word = str_head(*rest, len);
	*rest = str_tail(*rest, len);
	return word;
}

const char *
cron_fault(struct str text, bool has_never)
{
	struct str rest = text, word;
	const char *fault = NULL;

	if (str_starts(text, "TZ=") || str_starts(text, "CRON_TZ="))
		return "pachd knows no time zones; schedules are in UTC";
	if (has_never && str_is(str_trim(text), "@never"))
		return NULL;
	if (str_starts(text, "@"))
		return descriptor_fault(text);
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		word = next_word(&rest);
		if (word.len == 0)
			return "fewer than five fields";
		if (!fault && !is_list(&fields[i], word))
			fault = fields[i].fault;
	}
	return next_word(&rest).len > 0 ? "more than five fields" : fault;
}
