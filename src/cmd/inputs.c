/* inputs: the value of each input for a push of this target, and where it comes from; and the other keys of the target. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cmd/command_table.h"
#include "format/json_builder.h"
#include "inputs/exit_code.h"
#include "pipeline/credential.h"
#include "session/config.h"
#include "session/run.h"

enum { MAX_INPUTS_BYTES = 4 << 20 };

/* Shown are the inputs that pachup.yaml can have, and all others that were given. */
static bool
is_shown(const struct run *run, enum input_id id)
{
	const struct input *in = &inputs[id];

	return (in->used & FOR_PUSH) && (in->in_file || run->in.from[id]) && id != IN_COMMAND
	       && id != IN_OUTPUT && value_text(&run->in, id);
}

/* "--wait", "INPUT_WAIT", "pachup.yaml:7:11" or "default". */
static const char *
source_of(const struct run *run, enum input_id id)
{
	return run->in.from[id] ? run->in.from[id] : "default";
}

/* A list as its items, separated by blanks. */
static struct str
value_of(const struct run *run, enum input_id id)
{
	struct str text = STR("");

	if (inputs[id].kind == INPUT_SECRET)
		return STR("(hidden)");
	if (inputs[id].kind != INPUT_LIST)
		return credential_hide_users(run->arena, str_of(value_text(&run->in, id)));
	for (size_t i = 0; i < run->in.count[id]; i++)
		text = arena_fmt(
		    run->arena, "%.*s%s%s", STR_FMT(text), i > 0 ? " " : "", run->in.list[id][i]);
	return credential_hide_users(run->arena, text);
}

static bool
is_input(struct str key)
{
	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if (inputs[id].in_file && str_is(key, inputs[id].name))
			return true;
	return false;
}

/* A key of the target that is not an input: "token-env", "branches", and those of previews. */
static const struct node *
next_key(const struct run *run, const struct node *n)
{
	if (!run->target)
		return NULL;
	n = n ? n->next : run->target->node->first;
	while (n && is_input(n->key))
		n = n->next;
	return n;
}

/* As it is in the file: a list as its items, an object as JSON. */
static struct str
key_value(const struct run *run, const struct node *n)
{
	struct buf json = BUF_INIT(MAX_INPUTS_BYTES);
	struct str text = STR("");

	if (n->kind == NODE_OBJECT) {
		json_write(&json, n);
		text = buf_take(&json, run->arena);
	} else if (n->kind == NODE_ARRAY) {
		for (const struct node *one = n->first; one; one = one->next)
			text = arena_fmt(run->arena, "%.*s%s%.*s", STR_FMT(text),
			    text.len > 0 ? " " : "", STR_FMT(one->text));
	} else {
		text = n->text;
	}
	return credential_hide_users(run->arena, text);
}

/* "pachup.yaml:7:5" */
static struct str
key_place(const struct run *run, const struct node *n)
{
	return arena_fmt(run->arena, "%s:%u:%u", run->target->config->file, (unsigned)n->at.line,
	    (unsigned)n->at.col);
}

static size_t
widest(const struct run *run, bool is_value)
{
	size_t width = 0;

	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		size_t len = is_value ? value_of(run, id).len : strlen(inputs[id].name);

		if (is_shown(run, id) && len > width)
			width = len;
	}
	return width < 40 ? width : 40;
}

static void
print_text(struct run *run)
{
	int names = (int)widest(run, false), values = (int)widest(run, true);

	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if (is_shown(run, id))
			ci_out(&run->ci, "%-*s  %-*.*s  %s", names, inputs[id].name, values,
			    STR_FMT(value_of(run, id)), source_of(run, id));
	for (const struct node *n = next_key(run, NULL); n; n = next_key(run, n))
		ci_out(&run->ci, "%-*.*s  %-*.*s  %.*s", names, STR_FMT(n->key), values,
		    STR_FMT(key_value(run, n)), STR_FMT(key_place(run, n)));
}

static void
add_key(struct json *j, struct run *run, const struct node *n)
{
	json_open(j, NULL, JSON_OBJECT);
	json_string(j, "input", n->key);
	if (n->kind == NODE_ARRAY) {
		json_open(j, "value", JSON_ARRAY);
		for (const struct node *one = n->first; one; one = one->next)
			json_string(j, NULL, one->text);
		json_close(j);
	} else {
		json_string(j, "value", key_value(run, n));
	}
	json_string(j, "from", key_place(run, n));
	json_close(j);
}

static void
add_json(struct buf *out, struct run *run)
{
	struct json j = JSON_TO(out);

	json_open(&j, NULL, JSON_ARRAY);
	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		if (!is_shown(run, id))
			continue;
		json_open(&j, NULL, JSON_OBJECT);
		json_text(&j, "input", inputs[id].name);
		if (inputs[id].kind == INPUT_LIST) {
			json_open(&j, "value", JSON_ARRAY);
			for (size_t i = 0; i < run->in.count[id]; i++)
				json_string(&j, NULL,
				    credential_hide_users(run->arena, str_of(run->in.list[id][i])));
			json_close(&j);
		} else {
			json_string(&j, "value", value_of(run, id));
		}
		json_text(&j, "from", source_of(run, id));
		json_close(&j);
	}
	for (const struct node *n = next_key(run, NULL); n; n = next_key(run, n))
		add_key(&j, run, n);
	json_close(&j);
	(void)json_line(&j);
}

int
cmd_inputs(struct run *run, struct err *err)
{
	struct buf text = BUF_INIT(MAX_INPUTS_BYTES);

	if (!output_is_json(&run->in)) {
		print_text(run);
		return EXIT_DONE;
	}
	add_json(&text, run);
	return ci_result_take(&run->ci, &text, "the list of inputs", err);
}
