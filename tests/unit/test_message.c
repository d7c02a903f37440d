#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "pps_v2.pb-c.h"
#include "wire/generation.h"
#include "wire/message.h"

/* {"input": {"cross": [{"cross": [… {} …]}]}} with `levels` times "cross", written from the inside. */
static struct str
nested(struct arena *a, size_t levels)
{
	size_t room = levels * 6 + 16, at = room;
	char *bytes = arena_alloc(a, room);

	for (size_t i = 0; i <= levels; i++) {
		size_t len = room - at, digits = 1;

		for (size_t rest = len; rest > 0x7f; rest >>= 7)
			digits++;
		at -= digits;
		for (size_t j = 0; j < digits; j++)
			bytes[at + j] = (char)((len >> 7 * j & 0x7f) | (j + 1 < digits ? 0x80 : 0));
		bytes[--at] = (char)((i == levels ? 12 : 4) << 3 | 2);
	}
	return (struct str){ bytes + at, room - at };
}

static void
test_message_read__depth(struct arena *a)
{
	static const struct {
		size_t levels;
		bool good;
	} rows[] = { { 0, true }, { 32, true }, { 98, true }, { 99, true }, { 100, false },
		{ 1000000, false } };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const ProtobufCMessage *m = message_read(a,
		    method_of(API_2, METHOD_CREATE_PIPELINE)->request, nested(a, rows[i].levels));

		ok((m != NULL) == rows[i].good, "%zu times cross", rows[i].levels);
	}
}

/* An Input whose cross has that many empty Inputs of two bytes each. */
static struct str
wide(struct arena *a, size_t count)
{
	char *bytes = arena_alloc(a, count * 2);

	for (size_t i = 0; i < count; i++)
		bytes[2 * i] = 4 << 3 | 2; /* Input.cross */
	return (struct str){ bytes, count * 2 };
}

static void
test_message_read__width(struct arena *a)
{
	static const struct {
		size_t count;
		bool good;
	} rows[] = { { 0, true }, { 20000, true }, { MAX_REPLY_MESSAGES, true },
		{ MAX_REPLY_MESSAGES + 1, false }, { MAX_RPC_BYTES / 2, false } };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *own = arena_like(a);
		const ProtobufCMessage *m =
		    message_read(own, &pps_v2__input__descriptor, wide(own, rows[i].count));

		ok((m != NULL) == rows[i].good
		        && (!m || message_count(m, "cross") == rows[i].count),
		    "%zu inputs in one", rows[i].count);
		arena_free(own);
	}
}

/* Many answers are bounded as one is. */
static void
test_message_read__in_all(struct arena *a)
{
	size_t most = MAX_READ_MESSAGES / (MAX_REPLY_MESSAGES + 1), read = 0;
	struct arena *own = arena_like(a);
	struct str bytes = wide(a, MAX_REPLY_MESSAGES);

	while (read <= most && message_read(own, &pps_v2__input__descriptor, bytes))
		read++;
	ok(read == most, "%zu answers as large as one may be", read);
	ok(message_read(own, &pps_v2__input__descriptor, wide(own, 1)) != NULL, "then a small one");
	arena_free(own);
}

static void
test_message_read__no_message(struct arena *a)
{
	const struct {
		const char *name;
		struct str bytes;
		bool good;
	} rows[] = {
		{ "nothing", { NULL, 0 }, true },
		{ "a name", STR("\x0a\x03\x0a\x01x"), true },
		{ "cut", STR("\x0a\x03\x0a\x01"), false },
		{ "a length beyond the end", STR("\x0a\x7f"), false },
		{ "a huge length", STR("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), false },
		{ "a varint without end",
		    STR("\x30\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), false },
		{ "a group", STR("\x0b\x0c"), false },
		{ "an unknown field", STR("\xf2\x3f\x01x"), true },
		{ "unknown fixed ones",
		    STR("\xf5\x3f\x01\x02\x03\x04\xf1\x3f\x01\x02\x03\x04\x05"
		        "\x06\x07\x08"),
		    true },
		{ "a cut fixed one", STR("\xf5\x3f\x01\x02\x03"), false },
		{ "field 0", STR("\x02\x01s"), false },
		{ "field 0 in two bytes", STR("\x82\x00\x01s"), false },
		{ "the largest number", STR("\xf8\xff\xff\xff\x0f\x01"), true },
		{ "a larger number", STR("\x80\x80\x80\x80\x10\x01"), false },
		{ "a single message twice", STR("\x0a\x03\x0a\x01x\x0a\x03\x0a\x01y"), false },
		{ "a number where a message belongs", STR("\x08\x01"), false },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const ProtobufCMessage *m = message_read(
		    a, method_of(API_2, METHOD_CREATE_PIPELINE)->request, rows[i].bytes);

		ok((m != NULL) == rows[i].good, "%s", rows[i].name);
	}
}

static void
test_message_has__one_of_a_oneof(struct arena *a)
{
	ProtobufCMessage *egress = message_new(a, &pps_v2__egress__descriptor), *sql;
	const ProtobufCFieldDescriptor *object =
	    protobuf_c_message_descriptor_get_field_by_name(egress->descriptor, "object_storage");
	const ProtobufCFieldDescriptor *other =
	    protobuf_c_message_descriptor_get_field_by_name(egress->descriptor, "sql_database");

	ok(!message_has(egress, object) && !message_has(egress, other), "neither");
	sql = message_new(a, other->descriptor);
	message_set(egress, other, &sql);
	ok(!message_has(egress, object) && message_has(egress, other), "the one that was set");
	ok(!message_message(egress, "object_storage")
	        && message_message(egress, "sql_database") == sql,
	    "and it is read as what it is");
}

static void
test_message_string__and_its_like(struct arena *a)
{
	ProtobufCMessage *m = message_new(a, method_of(API_2, METHOD_CREATE_PIPELINE)->request);
	const ProtobufCMessage *again;
	const ProtobufCFieldDescriptor *cmd, *salt;
	char *words[] = { arena_cstr(a, STR("x")), arena_cstr(a, STR("")) };
	char *text = arena_cstr(a, STR("s"));
	ProtobufCMessage *transform = message_new(a, &pps_v2__transform__descriptor);

	salt = protobuf_c_message_descriptor_get_field_by_name(m->descriptor, "salt");
	cmd = protobuf_c_message_descriptor_get_field_by_name(transform->descriptor, "cmd");
	message_set(m, salt, &text);
	message_set_int(m, "datum_tries", -3);
	message_set_list(transform, cmd, words, 2);
	message_set(m, protobuf_c_message_descriptor_get_field_by_name(m->descriptor, "transform"),
	    &transform);
	again =
	    message_read(a, method_of(API_2, METHOD_CREATE_PIPELINE)->request, message_pack(a, m));
	ok(str_is(message_string(again, "salt"), "s"), "a string");
	ok(message_string(again, "description").len == 0, "an unset string");
	ok(message_string(again, "datum_tries").len == 0 && message_string(again, "no").len == 0
	        && message_string(NULL, "salt").len == 0,
	    "what is not a string");
	ok(message_int(again, "datum_tries") == -3 && message_int(again, "no") == 0
	        && message_int(NULL, "x") == 0 && message_int(again, "tolerations") == 0,
	    "integers");
	ok(!message_flag(again, "update") && !message_flag(again, "salt")
	        && !message_flag(NULL, "update"),
	    "flags");
	ok(message_message(again, "salt") == NULL && message_message(NULL, "x") == NULL
	        && message_message(again, "tolerations") == NULL,
	    "messages");
	ok(message_count(message_message(again, "transform"), "cmd") == 2
	        && message_list(message_message(again, "transform"), "cmd") == NULL
	        && message_count(again, "salt") == 0,
	    "lists");
	ok(protobuf_c_message_get_packed_size(again) == message_pack(a, m).len, "the same bytes");
}

static void
test_entries_sort__by_key(struct arena *a)
{
	static const char *const keys[] = { "b", "", "a", "aa" };
	const ProtobufCMessageDescriptor *type = &pps_v2__transform__env_entry__descriptor;
	ProtobufCMessage *entries[COUNT_OF(keys) + 1];
	struct str text = { "", 0 };

	entries[COUNT_OF(keys)] = message_new(a, type); /* without a key */
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		char *key = arena_cstr(a, str_of(keys[i]));

		entries[i] = message_new(a, type);
		message_set(entries[i], &type->fields[0], &key);
	}
	entries_sort(entries, COUNT_OF(entries));
	for (size_t i = 0; i < COUNT_OF(entries); i++)
		text = arena_fmt(
		    a, "%.*s,%.*s", STR_FMT(text), STR_FMT(message_string(entries[i], "key")));
	ok(str_is(text, ",,,a,aa,b"), "%.*s", STR_FMT(text));
	entries_sort(NULL, 0);
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_message_read__depth(a);
	test_message_read__width(a);
	test_message_read__in_all(a);
	test_message_read__no_message(a);
	test_message_has__one_of_a_oneof(a);
	test_message_string__and_its_like(a);
	test_entries_sort__by_key(a);
	arena_free(a);
	return done();
}
