#include "format/json_builder.h"

#include <assert.h>
#include <inttypes.h>

#include "base/buf.h"
#include "format/doc.h"

static bool
is_block(const struct json_level *level)
{
	return level->kind == JSON_BLOCK_OBJECT || level->kind == JSON_BLOCK_ARRAY;
}

static void
break_line(struct json *j)
{
	buf_add_char(j->out, '\n');
	for (size_t i = 0; i < j->depth; i++)
		buf_add(j->out, STR("  "));
}

/* What is between the member before and the next one. */
static void
separate(struct json *j, struct json_level *level)
{
	if (level->has_members)
		buf_add_char(j->out, ',');
	if (is_block(level))
		break_line(j);
	else if (level->has_members && level->kind == JSON_ROWS)
		buf_add_char(j->out, '\n');
	else if (level->has_members && j->is_spaced)
		buf_add_char(j->out, ' ');
	level->has_members = true;
}

static void
begin(struct json *j, const char *key)
{
	struct json_level *level = j->depth > 0 ? &j->levels[j->depth - 1] : NULL;
	bool in_object = level && (level->kind == JSON_OBJECT || level->kind == JSON_BLOCK_OBJECT);

	assert(in_object == (key != NULL));
	assert(level || !j->is_written);
	j->is_written = true;
	if (level)
		separate(j, level);
	if (!key)
		return;
	json_write_string(j->out, str_of(key));
	buf_add(j->out, j->is_spaced ? STR(": ") : STR(":"));
}

void
json_open(struct json *j, const char *key, enum json_kind kind)
{
	begin(j, key);
	assert(j->depth < JSON_LEVELS);
	j->levels[j->depth++] = (struct json_level){ .kind = kind };
	buf_add_char(j->out, kind == JSON_OBJECT || kind == JSON_BLOCK_OBJECT ? '{' : '[');
}

void
json_close(struct json *j)
{
	const struct json_level *level;

	assert(j->depth > 0);
	level = &j->levels[--j->depth];
	if (is_block(level))
		break_line(j);
	buf_add_char(
	    j->out, level->kind == JSON_OBJECT || level->kind == JSON_BLOCK_OBJECT ? '}' : ']');
}

void
json_raw(struct json *j, const char *key, struct str value)
{
	begin(j, key);
	buf_add(j->out, value);
}

void
json_members(struct json *j, struct str members)
{
	if (members.len == 0)
		return;
	assert(j->depth > 0);
	separate(j, &j->levels[j->depth - 1]);
	buf_add(j->out, members);
}

void
json_string(struct json *j, const char *key, struct str value)
{
	begin(j, key);
	json_write_string(j->out, value);
}

void
json_text(struct json *j, const char *key, const char *value)
{
	json_string(j, key, str_of(value));
}

void
json_int(struct json *j, const char *key, int64_t value)
{
	begin(j, key);
	buf_fmt(j->out, "%" PRId64, value);
}

void
json_uint(struct json *j, const char *key, uint64_t value)
{
	begin(j, key);
	buf_fmt(j->out, "%" PRIu64, value);
}

void
json_bool(struct json *j, const char *key, bool value)
{
	json_raw(j, key, value ? STR("true") : STR("false"));
}

void
json_null(struct json *j, const char *key)
{
	json_raw(j, key, STR("null"));
}

void
json_node(struct json *j, const char *key, const struct node *value)
{
	begin(j, key);
	json_write(j->out, value);
}

struct str
json_line(struct json *j)
{
	assert(j->depth == 0 && j->is_written);
	buf_add_char(j->out, '\n');
	return buf_str(j->out);
}
