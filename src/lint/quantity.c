#include "lint/quantity.h"

#include <stdlib.h>

enum { MAX_QUANTITY_LEN = 40 };

static const struct {
	const char *suffix;
	double factor;
} suffixes[] = {
	{ "", 1 },
	{ "n", 1e-9 },
	{ "u", 1e-6 },
	{ "m", 1e-3 },
	{ "k", 1e3 },
	{ "M", 1e6 },
	{ "G", 1e9 },
	{ "T", 1e12 },
	{ "P", 1e15 },
	{ "E", 1e18 },
	{ "Ki", 1024.0 },
	{ "Mi", 1048576.0 },
	{ "Gi", 1073741824.0 },
	{ "Ti", 1099511627776.0 },
	{ "Pi", 1125899906842624.0 },
	{ "Ei", 1152921504606846976.0 },
};

static size_t
digits(struct str s, size_t at)
{
	size_t n = 0;

	while (at + n < s.len && s.ptr[at + n] >= '0' && s.ptr[at + n] <= '9')
		n++;
	return n;
}

/* The length of the number in front: "1", "-1.5", ".5", "1.". */
static size_t
number_len(struct str s)
{
	size_t at = str_starts(s, "-") || str_starts(s, "+") ? 1 : 0;
	size_t whole = digits(s, at), part = 0;

	at += whole;
	if (at < s.len && s.ptr[at] == '.') {
		part = digits(s, at + 1);
		at += 1 + part;
	}
	return whole + part > 0 ? at : 0;
}

/* The length of an exponent: "e3", "E-6"; 0 for any other text. */
static size_t
exponent_len(struct str s)
{
	size_t at = 1, n;

	if (s.len < 2 || (s.ptr[0] != 'e' && s.ptr[0] != 'E'))
		return 0;
	if (s.ptr[1] == '-' || s.ptr[1] == '+')
		at = 2;
	n = digits(s, at);
	return n > 0 ? at + n : 0;
}

bool
quantity_read(struct str text, double *value)
{
	char copy[MAX_QUANTITY_LEN + 1] = "";
	size_t len = number_len(text);
	struct str suffix;

	if (len == 0 || text.len > MAX_QUANTITY_LEN)
		return false;
	len += exponent_len(str_tail(text, len));
	suffix = str_tail(text, len);
	for (size_t i = 0; i < len; i++)
		copy[i] = text.ptr[i];
	for (size_t i = 0; i < COUNT_OF(suffixes); i++)
		if (str_is(suffix, suffixes[i].suffix)) {
			*value = strtod(copy, NULL) * suffixes[i].factor;
			return *value - *value
			       == 0; /* neither beyond all bounds nor unlike any number */
		}
	return false;
}
