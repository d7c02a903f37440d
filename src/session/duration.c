#include "session/duration.h"

#include "session/run.h"

enum { MAX_YEARS = 100 };

static const struct {
	char letter;
	int64_t seconds;
} units[] = { { 'w', 7 * 86400 }, { 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 } };

/* Takes "26w" off the front; *unit is the first that may still come. */
static bool
take_part(struct str *text, size_t *unit, int64_t *sum)
{
	int64_t number = 0;
	size_t digits = 0;

	while (digits < text->len && text->ptr[digits] >= '0' && text->ptr[digits] <= '9'
	       && digits < 11) {
		number = number * 10 + (text->ptr[digits] - '0');
		digits++;
	}
	if (digits == 0 || digits == text->len)
		return false;
	while (*unit < COUNT_OF(units) && units[*unit].letter != text->ptr[digits])
		++*unit;
	if (*unit == COUNT_OF(units))
		return false;
	*sum += number * units[*unit].seconds;
	*text = str_tail(*text, digits + 1);
	++*unit;
	return *sum <= MAX_YEARS * 366LL * 86400;
}

bool
duration_read(struct str text, int64_t *seconds)
{
	int64_t sum = 0;
	size_t unit = 0;

	if (text.len == 0)
		return false;
	while (text.len > 0)
		if (!take_part(&text, &unit, &sum))
			return false;
	*seconds = sum;
	return true;
}

int
duration_input(const struct run *run, enum input_id id, int64_t *seconds, struct err *err)
{
	const char *text = run->in.text[id];

	if (duration_read(str_of(text), seconds) && *seconds > 0)
		return 0;
	(void)err_set(
	    err, ERR_USAGE, "invalid duration '%.100s' in input '%s'", text, inputs[id].name);
	return err_hint(err, "write for example 26w, 30d, 624h or 1d12h");
}
