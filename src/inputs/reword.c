#include "inputs/reword.h"

#include <string.h>

#include "base/buf.h"

enum { MAX_GROWTH = 200 }; /* of a hint, by longer names */

static const char opening[] = "input '";

/* The input whose name is at the start of the text, before a "'"; INPUT_COUNT for none. */
static enum input_id
named_at(struct str text)
{
	struct str name = str_head(text, str_find(text, '\''));

	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if (name.len < text.len && str_is(name, inputs[id].name))
			return id;
	return INPUT_COUNT;
}

/* "set input 'split' to true" is "add --split". Returns what of the text is said by that. */
static size_t
add_flag(struct buf *out, const char *flag, struct str rest)
{
	static const char set[] = "set ", to_true[] = " to true";

	if (str_starts(rest, to_true) && str_ends(buf_str(out), set)) {
		out->len -= strlen(set);
		buf_fmt(out, "add %s", flag);
		return strlen(to_true);
	}
	buf_add(out, str_of(flag));
	return 0;
}

static void
reword(const struct values *v, struct str rest, struct buf *out)
{
	while (rest.len > 0) {
		bool is_here = str_starts(rest, opening);
		enum input_id id =
		    is_here ? named_at(str_tail(rest, strlen(opening))) : INPUT_COUNT;
		const char *title;

		if (id == INPUT_COUNT) {
			buf_add_char(out, *rest.ptr);
			rest = str_tail(rest, 1);
			continue;
		}
		rest = str_tail(rest, strlen(opening) + strlen(inputs[id].name) + 1);
		title = value_title(v, id);
		if (inputs[id].kind == INPUT_BOOL && strncmp(title, "--", 2) == 0)
			rest = str_tail(rest, add_flag(out, title, rest));
		else
			buf_add(out, str_of(title));
	}
}

static void
reword_field(const struct values *v, char *text, size_t room)
{
	struct buf out = BUF_INIT(2 * room);
	struct str cut;

	reword(v, str_of(text), &out);
	cut = str_head(buf_str(&out), room - 1);
	if (!buf_is_full(&out) && cut.len > 0) {
		memcpy(text, cut.ptr, cut.len);
		text[cut.len] = '\0';
	}
	buf_free(&out);
}

void
reword_inputs(const struct values *v, struct err *err)
{
	if (!v->arena)
		return; /* nothing was read yet, so nobody is known to speak of flags */
	reword_field(v, err->text, sizeof(err->text));
	reword_field(v, err->hint, sizeof(err->hint));
}

void
reword_hints(const struct values *v, struct diags *d)
{
	for (size_t i = 0; i < d->count; i++) {
		struct buf out = BUF_INIT(2 * d->list[i].hint.len + MAX_GROWTH);

		if (!str_holds(d->list[i].hint, str_of(opening)))
			continue;
		reword(v, d->list[i].hint, &out);
		if (!buf_is_full(&out))
			d->list[i].hint = buf_take(&out, v->arena);
		else
			buf_free(&out);
	}
}
