/*
 * A spec of any content for any release: what has no mistake becomes bytes that read back the same, the
 * tree made fit for the server's own reader means the same, the message drawn as a tree means the same, and compared with itself it is the same.
 * The first byte, a digit, picks the release, the rest is the file.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "format/doc.h"
#include "pachd/compare.h"
#include "pachd/pachd_private.h"
#include "wire/decode.h"
#include "wire/protojson.h"

#include "fuzz.h"

static void
check(bool good)
{
	if (!good)
		abort();
}

static bool
holds_null(const struct node *n)
{
	for (const struct node *member = n->first; member; member = member->next)
		if (holds_null(member))
			return true;
	return n->kind == NODE_NULL;
}

static void
check_likeness(const struct pachd *p, struct node *tree, struct str packed)
{
	struct buf text = BUF_INIT(MAX_RPC_BYTES);
	struct deployed live = { .exists = true, .spec = packed };
	struct comparison like;

	if (p->generation->v2) {
		json_write(&text, tree);
		live.user_json = buf_take(&text, p->arena);
	}
	like = pachd_compare(p, tree, NULL, "x.json", &live);
	if (p->generation->v2 && (holds_null(tree) || live.user_json.len == 0))
		return;
	check(like.same && like.same_code && like.why.len == 0);
}

static void
check_tree(const struct pachd *p, struct node *tree)
{
	const ProtobufCMessageDescriptor *type =
	    method_of(p->generation->api, METHOD_CREATE_PIPELINE)->request;
	struct diags d = diags_in(p->arena);
	const ProtobufCMessage *one = request_encode(p, p->arena, tree, "x.json", false, &d),
	                       *again;
	struct str packed = message_pack(p->arena, one);

	again = message_read(p->arena, type, packed);
	check(again && str_eq(message_pack(p->arena, again), packed));
	if (d.errors > 0)
		return;
	one = request_encode(
	    p, p->arena, decode_message(p->arena, again, p->facts.release), "x.json", false, &d);
	check(d.errors == 0 && str_eq(message_pack(p->arena, one), packed));
	protojson_convert(p->arena, type, tree);
	again = request_encode(p, p->arena, tree, "x.json", false, &d);
	check(d.errors == 0 && str_eq(message_pack(p->arena, again), packed));
	check_likeness(p, tree, packed);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const uint32_t releases[] = { RELEASE(1, 7, 0), RELEASE(1, 8, 8), RELEASE(1, 9, 12),
		RELEASE(1, 13, 4), RELEASE(2, 0, 0), RELEASE(2, 6, 5), RELEASE(2, 7, 8),
		RELEASE(2, 8, 0), RELEASE(2, 11, 6) };
	struct pachd p = { .arena = arena_new(no_memory) };
	struct diags d = diags_in(p.arena);
	struct doc *doc;

	if (len > 0) {
		p.facts.release = releases[(uint8_t)(data[0] - '0') % COUNT_OF(releases)];
		p.generation = generation_of(p.facts.release);
		doc = doc_parse(
		    p.arena, "x.json", (struct str){ (const char *)data + 1, len - 1 }, &d);
		if (d.errors == 0)
			for (struct node *n = doc->first; n; n = n->next)
				if (n->kind == NODE_OBJECT)
					check_tree(&p, n);
	}
	arena_free(p.arena);
	return 0;
}
