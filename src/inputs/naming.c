#include "inputs/naming.h"

#include <string.h>

#include "base/buf.h"

/* The input that "input 'tag'" names; INPUT_COUNT for none. */
static enum input_id
named_by(struct str mention)
{
	struct str name = str_tail(mention, strlen("input '"));

	name = str_head(name, str_find(name, '\''));
	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if (str_is(name, inputs[id].name))
			return id;
	return INPUT_COUNT;
}

/* "set input 'split' to true" is "add --split". Returns how much of the text behind the input is said by that. */
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

/* Adds the text with the titles of the inputs that it mentions. */
static void
add_named(struct buf *out, const struct values *v, struct str text, const struct mentions *about)
{
	size_t done = 0;

	for (size_t i = 0; i < about->count; i++) {
		size_t at = about->list[i].at, end = at + about->list[i].len;
		enum input_id id;
		const char *title;

		if (at < done || end > text.len)
			continue; /* it was cut */
		id = named_by(str_head(str_tail(text, at), end - at));
		if (id == INPUT_COUNT)
			continue;
		buf_add(out, str_head(str_tail(text, done), at - done));
		title = value_title(v, id);
		done = end;
		if (inputs[id].kind == INPUT_BOOL && strncmp(title, "--", 2) == 0)
			done += add_flag(out, title, str_tail(text, end));
		else
			buf_add(out, str_of(title));
	}
	buf_add(out, str_tail(text, done));
}

static void
name_field(const struct values *v, char *text, size_t room, struct mentions *about)
{
	struct buf out = BUF_INIT(2 * room);
	struct str cut;

	add_named(&out, v, str_of(text), about);
	cut = str_head(buf_str(&out), room - 1);
	if (about->count > 0 && !buf_is_full(&out) && cut.len > 0) {
		memcpy(text, cut.ptr, cut.len);
		text[cut.len] = '\0';
	}
	about->count = 0;
	buf_free(&out);
}

void
err_name_inputs(const struct values *v, struct err *err)
{
	if (!v->arena)
		return; /* nothing was read yet, so nobody is known to speak of flags */
	name_field(v, err->text, sizeof(err->text), &err->about);
	name_field(v, err->hint, sizeof(err->hint), &err->hint_about);
}

void
diags_name_inputs(const struct values *v, struct diags *d)
{
	enum { MAX_GROWTH = 200 }; /* of a hint, by longer names */

	for (size_t i = 0; i < d->count; i++) {
		struct diag *one = &d->list[i];
		struct buf out = BUF_INIT(2 * one->hint.len + MAX_GROWTH);

		if (one->hint_about.count == 0)
			continue;
		add_named(&out, v, one->hint, &one->hint_about);
		if (!buf_is_full(&out))
			one->hint = buf_take(&out, v->arena);
		else
			buf_free(&out);
		one->hint_about.count = 0;
	}
}
