/* What a server answers is protobuf bytes that nobody vouches for: whatever can be read must be
 * understood and packed again without harm, and packing what was packed changes nothing. */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "pachd/inside.h"
#include "transaction_v2.pb-c.h"
#include "versionpb_v2.pb-c.h"

static void
no_memory(void)
{
	abort();
}

static void
check_info(struct arena *a, const struct line *line, struct str bytes)
{
	ProtobufCMessage *info = message_read(a, line->info, bytes);
	struct live live;

	if (!info)
		return;
	live_read(a, line, info, &live);
	(void)message_read(a, line->create_request, live.spec);
}

static void
check_twice(struct arena *a, const ProtobufCMessageDescriptor *type, struct str bytes)
{
	ProtobufCMessage *one = message_read(a, type, bytes);
	struct str packed;

	if (!one)
		return;
	packed = message_pack(a, one);
	/* protobuf-c keeps unknown fields, also some that it would not read again */
	one = message_read(a, type, packed);
	if (one && !str_eq(message_pack(a, one), packed))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(no_memory);
	struct str bytes = { (const char *)data, len };

	check_info(a, &line_1, bytes);
	check_info(a, &line_2, bytes);
	check_twice(a, line_1.create_request, bytes);
	check_twice(a, line_2.create_request, bytes);
	check_twice(a, line_2.transaction_info, bytes);
	check_twice(a, line_2.version, bytes);
	arena_free(a);
	return 0;
}
