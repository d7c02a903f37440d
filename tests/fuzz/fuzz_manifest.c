/*
 * Input: a media type, a line feed, the bytes of a manifest or a list of tags. A digest is that of the bytes, whatever is
 * said; only versions in a range are newest, and none is newer.
 */
#include <string.h>

#include "base/arena.h"
#include "pipeline/image.h"
#include "registry/manifest.h"
#include "registry/semver.h"
#include "registry/tags.h"
#include "secret/digest.h"
#include "secret/secret.h"

#include "fuzz.h"

/* The media type is a range of versions, too. */
static void
check_tags(struct arena *a, struct str range, struct str page)
{
	struct registry_tags tags = { 0 };
	struct err err = { 0 };
	struct semver best, one;
	struct str newest;

	if (tags_read(a, page, &tags, &err) < 0)
		must(err.kind == ERR_NETWORK);
	for (size_t i = 0; i < tags.count; i++)
		must(!image_tag_fault(tags.list[i]));
	if (semver_check_range(range, &err) < 0)
		return;
	newest = tags_newest(&tags, range);
	if (newest.len == 0)
		return;
	must(semver_read(newest, &best) && semver_matches(&best, range));
	for (size_t i = 0; i < tags.count; i++)
		if (semver_read(tags.list[i], &one) && semver_matches(&one, range))
			must(semver_cmp(&one, &best) <= 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static bool is_guarded;
	struct arena *a = arena_new(no_memory);
	struct str all = { (const char *)data, len }, head = str_head(all, str_find(all, '\n'));
	struct str bytes = arena_str(a, str_tail(all, head.len + 1)), digest;
	struct err err = { 0 };

	if (!is_guarded)
		must(secret_guard_process(&err) == 0);
	is_guarded = true;
	if (manifest_digest(a, bytes, head, STR(""), &digest, &err) == 0) {
		must(str_starts(digest, "sha256:")
		     && str_eq(str_tail(digest, 7), digest_hex(a, bytes)));
		must(manifest_digest(a, bytes, head, STR("sha256:00"), &digest, &err) < 0);
	}
	must(err.kind == ERR_NONE || err.kind == ERR_REFUSED);
	check_tags(a, head, bytes);
	arena_free(a);
	return 0;
}
