#include "session/schema.h"

#include "base/buf.h"
#include "format/json_builder.h"
#include "inputs/inputs.h"
#include "session/config_keys.h"

static const char duration_pattern[] = "^([0-9]+(w|d|h|m|s|ms))+$";

/* "type": ["string", "number"] of the words "string|number". */
static void
add_words(struct json *j, const char *key, const char *words)
{
	struct str rest = str_of(words), one;

	json_open(j, key, JSON_ARRAY);
	while (str_split(&rest, '|', &one))
		json_string(j, NULL, one);
	json_close(j);
}

/* One value, or a list of them. */
static void
add_list(struct json *j)
{
	add_words(j, "type", "array|string");
	json_open(j, "items", JSON_OBJECT);
	add_words(j, "type", "string|number|boolean");
	json_close(j);
}

static void
add_input(struct json *j, const struct input *in)
{
	json_open(j, in->name, JSON_BLOCK_OBJECT);
	json_text(j, "description", in->help);
	if (in->kind == INPUT_LIST)
		add_list(j);
	else if (in->kind == INPUT_BOOL)
		json_text(j, "type", "boolean");
	else if (in->choices)
		add_words(j, "enum", in->choices);
	else if (in->kind == INPUT_DURATION)
		json_text(j, "pattern", duration_pattern);
	else
		add_words(j, "type", "string|number");
	json_close(j);
}

/* Opens the members of an object that has no others. */
static void
open_object(struct json *j)
{
	json_text(j, "type", "object");
	json_bool(j, "additionalProperties", false);
	json_open(j, "properties", JSON_BLOCK_OBJECT);
}

static void
add_inputs(struct json *j)
{
	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		if (inputs[id].in_file)
			add_input(j, &inputs[id]);
}

static void add_sources(struct json *j);

static void
add_key(struct json *j, const struct config_key *key)
{
	json_open(j, key->name, JSON_BLOCK_OBJECT);
	json_text(j, "description", key->help);
	switch (key->kind) {
	case KEY_LIST:
		add_list(j);
		break;
	case KEY_SOURCES:
		add_sources(j);
		break;
	case KEY_DURATION:
		json_text(j, "pattern", duration_pattern);
		break;
	case KEY_NUMBER:
		json_text(j, "type", "integer");
		json_uint(j, "minimum", 0);
		break;
	case KEY_BOOL:
		json_text(j, "type", "boolean");
		break;
	case KEY_TEXT:
		json_text(j, "type", "string");
		break;
	}
	json_close(j);
}

/* REPO: {branch, paths} */
static void
add_sources(struct json *j)
{
	json_text(j, "type", "object");
	json_open(j, "additionalProperties", JSON_BLOCK_OBJECT);
	open_object(j);
	for (size_t i = 0; i < source_key_count; i++)
		add_key(j, &source_keys[i]);
	json_close(j);
	json_close(j);
}

static void
add_target(struct json *j)
{
	json_open(j, "target", JSON_BLOCK_OBJECT);
	open_object(j);
	for (size_t i = 0; i < config_key_count; i++)
		add_key(j, &config_keys[i]);
	add_inputs(j);
	json_close(j);
	json_close(j);
}

void
schema_write(struct buf *out)
{
	struct json j = JSON_TO(out);

	j.is_spaced = true;
	json_open(&j, NULL, JSON_BLOCK_OBJECT);
	json_text(&j, "$schema", "http://json-schema.org/draft-07/schema#");
	json_text(&j, "title", "pachup.yaml");
	open_object(&j);
	add_inputs(&j);
	json_open(&j, "targets", JSON_BLOCK_OBJECT);
	json_text(&j, "description", "the environments of this tree, by their names");
	json_text(&j, "type", "object");
	json_open(&j, "propertyNames", JSON_BLOCK_OBJECT);
	json_text(&j, "pattern", "^[A-Za-z0-9_.-]{1,64}$");
	json_close(&j);
	json_open(&j, "additionalProperties", JSON_BLOCK_OBJECT);
	json_text(&j, "$ref", "#/definitions/target");
	json_close(&j);
	json_close(&j);
	json_close(&j);
	json_open(&j, "definitions", JSON_BLOCK_OBJECT);
	add_target(&j);
	json_close(&j);
	json_close(&j);
	(void)json_line(&j);
}
