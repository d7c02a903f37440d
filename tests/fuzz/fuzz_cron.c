/*
 * Input: a text, taken as a schedule and as a quantity. Blanks around a schedule change nothing; a good one
 * with a sixth field is bad; a good quantity is good with a sign in front and has a size.
 */
#include <string.h>

#include "base/arena.h"
#include "lint/cron.h"
#include "lint/quantity.h"

#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(no_memory);
	struct str text = arena_str(a, (struct str){ (const char *)data, len });
	struct str more = arena_fmt(a, "%.*s *", STR_FMT(text));
	bool good = cron_fault(text, true) == NULL;
	double value, other;

	if (str_find(text, '\0') == len && good && str_find(text, '@') == len)
		must(cron_fault(more, true) != NULL);
	must(!cron_fault(text, false) ? good : true);
	if (quantity_read(text, &value)) {
		must(value - value == 0);
		if (text.ptr[0] != '-' && text.ptr[0] != '+' && len < 40) {
			must(quantity_read(arena_fmt(a, "-%.*s", STR_FMT(text)), &other));
			must(other <= 0 || value == 0);
		}
	}
	arena_free(a);
	return 0;
}
