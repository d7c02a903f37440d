#include "inputs/values.h"

#include <string.h>

#include "base/arena.h"
#include "base/nearest.h"
#include "ci/env.h"
#include "inputs/reader.h"

void
reader_add(struct reader *r, enum input_id id, const char *item)
{
	struct values *v = r->out;

	v->list[id] = arena_grow(r->arena, v->list[id], v->count[id], &r->room[id], sizeof(char *));
	v->list[id][v->count[id]++] = item;
}

void
reader_add_items(struct reader *r, enum input_id id, struct str text)
{
	bool by_line = inputs[id].by_line || str_find(text, '\n') < text.len;
	const char *separators = by_line ? "\r\n" : ", \t\r\n";

	while (text.len > 0) {
		struct str item = str_head(text, str_cspan(text, separators));

		text = str_tail(text, item.len + 1);
		item = str_trim(item);
		if (item.len > 0)
			reader_add(r, id, arena_cstr(r->arena, item));
	}
}

/* What a runner hands over for an input, NULL for nothing. Each spelling of its name counts the same: two of them
 * must say the same. A secret is not copied where nothing is dropped behind it, so that env_wipe_input()
 * overwrites it. */
static int
read_spellings(struct reader *r, const struct env *env, const struct input *input,
    const char **value, const char **variable)
{
	const char *name;
	struct str text, other;
	size_t at = 0;

	if (!env_input_next(env, r->arena, input->name, &at, &text, variable))
		return 0;
	while (env_input_next(env, r->arena, input->name, &at, &other, &name)) {
		bool is_first = strcmp(name, *variable) < 0;

		if (str_eq(text, other))
			continue;
		(void)err_set(r->err, ERR_USAGE, "input '%s' is given twice, as %s and as %s",
		    input->name, is_first ? name : *variable, is_first ? *variable : name);
		return err_hint(r->err, "write '%s' once", input->name);
	}
	*value = text.ptr[text.len] == '\0' ? text.ptr : arena_cstr(r->arena, text);
	return 0;
}

static int
read_env(struct reader *r, const struct env *env, enum input_id id)
{
	const struct input *input = &inputs[id];
	const char *variable = NULL, *value = NULL;

	if (!input->cli_only && read_spellings(r, env, input, &value, &variable) < 0)
		return -1;
	if (!value)
		value = env_connection(env, r->arena, input->name, &variable);
	for (size_t i = 0; !value && i < COUNT_OF(input->also) && input->also[i]; i++) {
		variable = input->also[i];
		value = env_get(env, variable);
	}
	if (!value)
		return 0;
	r->out->text[id] = value;
	r->out->from[id] = variable;
	if (input->kind == INPUT_LIST)
		reader_add_items(r, id, str_of(value));
	return 0;
}

static bool
is_true(const char *text)
{
	return str_is_one_of(str_of(text), "true|True|TRUE");
}

const char *
value_name(const struct values *v, enum input_id id)
{
	const char *name = inputs[id].name;
	char *camel;
	size_t len = 0;

	if (!v->is_camel)
		return name;
	camel = arena_alloc(v->arena, strlen(name) + 1);
	for (size_t i = 0; name[i] != '\0'; i++)
		if (name[i] == '-' && name[i + 1] != '\0')
			camel[len++] = (char)(name[++i] - 'a' + 'A');
		else
			camel[len++] = name[i];
	camel[len] = '\0';
	return camel;
}

const char *
value_title(const struct values *v, enum input_id id)
{
	const struct input *in = &inputs[id];
	const char *from = v->from[id], *flag = input_flag(in);

	if (id == IN_SPECS && (from ? strcmp(from, "the arguments") == 0 : v->command_in_argv))
		return "the arguments";
	if (from ? strncmp(from, "--", 2) == 0 : v->command_in_argv && *flag)
		return arena_fmt(v->arena, "--%s", flag).ptr;
	for (size_t i = 0; from && i < COUNT_OF(in->also); i++)
		if (in->also[i] && strcmp(from, in->also[i]) == 0)
			return from;
	if (!from && v->command_in_argv && in->also[0])
		return in->also[0];
	return arena_fmt(v->arena, "input '%s'", value_name(v, id)).ptr;
}

struct str
choices_text(struct arena *a, const char *choices)
{
	struct str rest = str_of(choices), one, text = STR("");

	while (str_split(&rest, '|', &one))
		text = arena_listed(a, text, one);
	return text;
}

static int
check_choice(const struct values *v, enum input_id id, struct err *err)
{
	struct str choices = str_of(inputs[id].choices), one;
	const char *text = v->text[id];
	struct nearest near = nearest_to(str_of(text));

	while (str_split(&choices, '|', &one)) {
		if (str_is(one, text))
			return 0;
		nearest_offer(&near, arena_cstr(v->arena, one));
	}
	(void)err_set(err, ERR_USAGE, "invalid value '%.100s' in %s", text, value_title(v, id));
	if (near.found)
		return err_hint(err, "did you mean '%s'?", near.found);
	return err_hint(
	    err, "use one of: %.*s", STR_FMT(choices_text(v->arena, inputs[id].choices)));
}

int
value_check(const struct values *v, enum input_id id, struct err *err)
{
	const char *text = v->text[id];

	if (!text)
		return 0;
	if (inputs[id].kind == INPUT_BOOL && !is_true(text)
	    && !str_is_one_of(str_of(text), "false|False|FALSE")) {
		(void)err_set(
		    err, ERR_USAGE, "invalid boolean '%.100s' in %s", text, value_title(v, id));
		return err_hint(err, "use true or false");
	}
	if (id == IN_COMMAND)
		return command_check(v->arena, text, err);
	return inputs[id].choices ? check_choice(v, id, err) : 0;
}

void
value_give(struct values *v, enum input_id id, const char **items, size_t count, const char *from)
{
	if (v->from[id])
		return;
	v->from[id] = from;
	v->list[id] = inputs[id].kind == INPUT_LIST ? items : NULL;
	v->count[id] = inputs[id].kind == INPUT_LIST ? count : 0;
	if (count > 0)
		v->text[id] = items[0];
}

static void
use_fallback(struct reader *r, enum input_id id)
{
	r->out->text[id] = inputs[id].fallback;
	if (inputs[id].fallback && inputs[id].kind == INPUT_LIST)
		reader_add_items(r, id, str_of(inputs[id].fallback));
}

void
value_forget(struct values *v, enum input_id id)
{
	struct err never;
	struct reader r = { .out = v, .arena = v->arena, .err = &never };

	v->from[id] = NULL;
	v->list[id] = NULL;
	v->count[id] = 0;
	use_fallback(&r, id);
}

const char *
value_text(const struct values *v, enum input_id id)
{
	return v->text[id];
}

int
values_read(struct values *out, struct arena *a, int argc, char *const *argv, const struct env *env,
    struct err *err)
{
	struct reader r = { .out = out, .arena = a, .err = err };

	*out = (struct values){ .arena = a };
	if (reader_argv(&r, argc, argv) < 0)
		return -1;
	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		if (!out->text[id] && read_env(&r, env, id) < 0)
			return -1;
		if (!out->text[id])
			use_fallback(&r, id);
	}
	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if (value_check(out, id, err) < 0)
			return -1;
	return 0;
}

bool
value_is_true(const struct values *v, enum input_id id)
{
	return v->text[id] && is_true(v->text[id]);
}

bool
output_is_json(const struct values *v)
{
	return strcmp(v->text[IN_OUTPUT], "json") == 0;
}
