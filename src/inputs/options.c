#include "inputs/options.h"

#include <string.h>

#include "inputs/duration.h"

_Static_assert(sizeof(enum wait_what) == sizeof(unsigned), "choices are written as numbers");

/* The place of the word among the choices; behind the one for "nobody gave it" where there is no default. */
static unsigned
choice_of(const struct input *in, const char *text)
{
	struct str rest = str_of(in->choices), one;
	unsigned number = in->fallback ? 0 : 1;

	if (!text)
		return 0;
	for (; str_split(&rest, '|', &one); number++)
		if (str_is(one, text))
			return number;
	return 0;
}

static int
read_number(const struct input *in, const char *text, int64_t *out, struct err *err)
{
	*out = 0;
	if (!text)
		return 0;
	for (const char *c = text; *c; c++) {
		if (*c < '0' || *c > '9' || *out > 100000000) {
			*out = 0;
			break;
		}
		*out = *out * 10 + (*c - '0');
	}
	if (*out > 0)
		return 0;
	(void)err_set(
	    err, ERR_USAGE, "input '%s' is '%.100s', expected a number from 1", in->name, text);
	return err_hint(err, "write for example --%s 10", in->name);
}

static int
read_duration(const struct input *in, const char *text, int64_t *out, struct err *err)
{
	bool is_one = text && duration_read(str_of(text), out);

	if (!text || (is_one && (*out > 0 || !in->is_positive)))
		return 0;
	if (is_one)
		(void)err_set(err, ERR_USAGE, "input '%s' must be greater than zero", in->name);
	else
		(void)err_set(
		    err, ERR_USAGE, "invalid duration '%.100s' in input '%s'", text, in->name);
	return err_hint(err, "use a duration such as 90s, 10m, 1h30m or 30d");
}

/* What needs no check. */
static void
read_plain(char *member, const struct values *v, enum input_id id)
{
	const struct items items = { v->list[id], v->count[id] };
	bool is_true = value_is_true(v, id);
	unsigned choice;

	if (inputs[id].choices) {
		choice = choice_of(&inputs[id], v->text[id]);
		memcpy(member, &choice, sizeof(choice));
	} else if (inputs[id].kind == INPUT_LIST) {
		memcpy(member, &items, sizeof(items));
	} else if (inputs[id].kind == INPUT_BOOL) {
		memcpy(member, &is_true, sizeof(is_true));
	} else {
		memcpy(member, &v->text[id], sizeof(v->text[id]));
	}
}

/* -1 with ERR_USAGE where a duration or a number cannot be read. */
static int
read_one(struct options *out, const struct values *v, enum input_id id, struct err *err)
{
	const struct input *in = &inputs[id];
	char *member = (char *)out + in->at;
	int64_t number = 0;
	int rc;

	if (id == IN_COMMAND)
		out->command_name = v->text[id];
	if (in->kind != INPUT_NUMBER && in->kind != INPUT_DURATION) {
		read_plain(member, v, id);
		return 0;
	}
	rc = in->kind == INPUT_NUMBER ? read_number(in, v->text[id], &number, err)
	                              : read_duration(in, v->text[id], &number, err);
	memcpy(member, &number, sizeof(number));
	return rc;
}

int
options_read(struct options *out, const struct values *v, struct err *err)
{
	struct err first = { .kind = ERR_NONE };

	*out = (struct options){ 0 };
	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if (read_one(out, v, id, err) < 0 && first.kind == ERR_NONE)
			first = *err;
	if (first.kind == ERR_NONE)
		return 0;
	*err = first;
	return -1;
}

int
option_read(struct options *out, const struct values *v, enum input_id id, struct err *err)
{
	return value_check(v, id, err) < 0 ? -1 : read_one(out, v, id, err);
}

void
option_set(struct options *out, struct values *v, enum input_id id, const char *text)
{
	v->text[id] = text;
	read_plain((char *)out + inputs[id].at, v, id);
	if (id == IN_COMMAND)
		out->command_name = text;
}
