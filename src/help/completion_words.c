/* What the completions of all shells share. */
#include "help/help.h"

enum completed
completed_by(const char *placeholder)
{
	struct str text = str_of(placeholder);

	if (str_holds(text, STR("PATH")) || str_holds(text, STR("FILE"))
	    || str_holds(text, STR("LIST")))
		return COMPLETED_FILE;
	return str_is(text, "DIR") ? COMPLETED_DIR : COMPLETED_NOT;
}

void
completion_add_choices(struct buf *out, const char *choices)
{
	struct str rest = str_of(choices), one;

	for (bool is_first = true; str_split(&rest, '|', &one); is_first = false)
		buf_fmt(out, "%s%.*s", is_first ? "" : " ", STR_FMT(one));
}
