#include "data/remote.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fd.h"
#include "base/limits.h"
#include "pachd/pachd.h"
#include "secret/digest.h"

enum {
	HASHED_1X_BYTES =
	    16 << 20, /* pachd 1.x: below its ChunkSize of 512 MiB; and what fits memory well */
	COMPARE_BYTES = 64 << 10,
};

struct reading {
	struct arena *arena;
	struct remote *out;
};

static int
keep_file(void *ctx, const struct pfs_file *file, struct err *err)
{
	struct reading *r = ctx;
	struct remote *out = r->out;

	if (file->is_dir)
		return 0;
	if (out->count == MAX_DATA_FILES)
		return err_set(
		    err, ERR_REFUSED, "the branch holds more than %d files", MAX_DATA_FILES);
	ARENA_ADD(r->arena, out, *file);
	out->list[out->count - 1].path = arena_str(r->arena, file->path);
	out->list[out->count - 1].hash = arena_str(r->arena, file->hash);
	return 0;
}

static int
by_path(const void *left, const void *right)
{
	const struct pfs_file *a = left, *b = right;

	return str_cmp(a->path, b->path);
}

int
remote_read(struct arena *a, struct pachd *p, const struct pfs_ref *at, struct str path,
    struct remote *out, struct err *err)
{
	struct reading r = { a, out };
	struct pfs_file file;
	bool found;

	*out = (struct remote){ 0 };
	if (pfs_inspect(p, a, at, path, &found, &file, err) < 0)
		return -1;
	if (!found)
		return 0;
	if (pfs_walk(p, at, path, keep_file, &r, err) < 0)
		return -1;
	if (out->count > 1)
		qsort(out->list, out->count, sizeof(*out->list), by_path);
	return 0;
}

const struct pfs_file *
remote_file(const struct remote *remote, struct str path)
{
	struct pfs_file wanted = { .path = path };

	return remote->count
	           ? bsearch(&wanted, remote->list, remote->count, sizeof(wanted), by_path)
	           : NULL;
}

static int
unreadable(const struct local_file *source, struct err *err)
{
	(void)err_set(err, ERR_SYSTEM, "cannot read '%s': %s", source->file, strerror(errno));
	return err_hint(err, "check the disk");
}

/* pachd's hash of a file that it keeps in one piece: a hash of the piece's hash. 2.x: BLAKE2b of BLAKE2b. 1.x: SHA-256 of
 * SHA-512 in hex digits (HashFileNode in src/server/pkg/hashtree/db.go and putObject in src/server/pfs/server/obj_block_api_server.go of
 * 1.8.8 and 1.13.4). */
static void
hash_piece(bool is_1x, struct str bytes, unsigned char out[DIGEST_BLAKE2B_BYTES])
{
	unsigned char inner[DIGEST_BLAKE2B_BYTES];
	char hex[DIGEST_SHA512_HEX];

	if (is_1x) {
		digest_sha512_hex(bytes, hex);
		digest_sha256((struct str){ hex, sizeof(hex) }, out);
	} else {
		digest_blake2b(bytes, inner);
		digest_blake2b((struct str){ (const char *)inner, sizeof(inner) }, out);
	}
}

bool
remote_hash_is(bool is_1x, struct str bytes, struct str hash)
{
	unsigned char own[DIGEST_BLAKE2B_BYTES];

	hash_piece(is_1x, bytes, own);
	return str_eq(hash, (struct str){ (const char *)own, sizeof(own) });
}

/* *same: the hash is that of the file in one piece. Where it is not, the bytes may still be the same. */
static int
same_hash(const struct local_file *source, int fd, bool is_1x, struct str wanted, bool *same,
    struct err *err)
{
	char *bytes = malloc((size_t)source->size + 1);
	ssize_t len;

	if (!bytes)
		return err_set(err, ERR_SYSTEM, "no memory to read files into");
	len = fd_fill(fd, bytes, (size_t)source->size);
	if (len >= 0)
		*same = remote_hash_is(is_1x, (struct str){ bytes, (size_t)len }, wanted);
	free(bytes);
	return len < 0 ? unreadable(source, err) : 0;
}

struct comparing {
	const struct local_file *source;
	int fd;
	bool differs;
};

static int
compare_bytes(void *ctx, struct str bytes, struct err *err)
{
	struct comparing *c = ctx;
	char local[COMPARE_BYTES];

	while (bytes.len > 0) {
		struct str part = str_head(bytes, sizeof(local));
		ssize_t n = fd_fill(c->fd, local, part.len);

		if (n < 0)
			return unreadable(c->source, err);
		if (!str_eq(part, (struct str){ local, (size_t)n })) {
			c->differs = true;
			return err_set(err, ERR_FAILED, "they differ"); /* no more is needed */
		}
		bytes = str_tail(bytes, part.len);
	}
	return 0;
}

/* Whether the server has a hash of the file that a client can know. */
static bool
has_hash(const struct pachd *p, const struct pfs_file *file)
{
	size_t most = pachd_is_1x(pachd_facts(p)) ? HASHED_1X_BYTES : REMOTE_HASHED_BYTES;

	return file->size < most && file->hash.len > 0;
}

int
remote_same(struct pachd *p, const struct pfs_ref *at, const struct pfs_file *file,
    const struct local_file *source, bool *same, struct err *err)
{
	struct comparing c = { .source = source };
	bool is_1x = pachd_is_1x(pachd_facts(p));
	int rc = 0;

	*same = false;
	if (file->size != source->size)
		return 0;
	c.fd = local_open(source, err);
	if (c.fd < 0)
		return -1;
	if (has_hash(p, file))
		rc = same_hash(source, c.fd, is_1x, file->hash, same, err);
	if (rc == 0 && !*same && lseek(c.fd, 0, SEEK_SET) < 0)
		rc = unreadable(source, err);
	if (rc == 0 && !*same) {
		rc = pfs_get(p, at, file->path, compare_bytes, &c, err);
		*same = rc == 0;
		rc = c.differs ? 0 : rc;
	}
	if (rc == 0)
		rc = local_check(source, c.fd, source->size, err);
	(void)close(c.fd);
	return rc;
}

/* The directory below which all of them go. */
static struct str
common_directory(const struct local_files *found)
{
	struct str first = found->list[0].path, last = found->list[found->count - 1].path;
	size_t same = 0, slash = 0;

	if (found->count == 1)
		return first;
	/* they are sorted, so that those between have it as well */
	for (; same < first.len && same < last.len && first.ptr[same] == last.ptr[same]; same++)
		if (first.ptr[same] == '/')
			slash = same;
	return slash > 0 ? str_head(first, slash) : STR("/");
}

/* Whether the server's hash proves that it has the file. */
static bool
is_proved(const struct pachd *p, const struct remote *remote, const struct local_file *source)
{
	const struct pfs_file *file = remote_file(remote, source->path);
	struct err unheard;
	bool same = false;
	int fd;

	if (!file || file->size != source->size || !has_hash(p, file))
		return false;
	fd = local_open(source, &unheard);
	if (fd < 0)
		return false;
	if (same_hash(source, fd, pachd_is_1x(pachd_facts(p)), file->hash, &same, &unheard) < 0
	    || local_check(source, fd, source->size, &unheard) < 0)
		same = false;
	(void)close(fd);
	return same;
}

void
remote_look(struct arena *a, struct pachd *p, struct remote_look *list, size_t count)
{
	struct pfs_walking *walks = ARENA_ARRAY(a, count, struct pfs_walking);
	struct remote *remotes = ARENA_ARRAY(a, count, struct remote);
	struct reading *readings = ARENA_ARRAY(a, count, struct reading);

	for (size_t i = 0; i < count; i++) {
		bool is_whole = list[i].is_mirror || list[i].found->count == 0;

		readings[i] = (struct reading){ a, &remotes[i] };
		walks[i] = (struct pfs_walking){ .at = list[i].at,
			.path = is_whole ? list[i].path : common_directory(list[i].found),
			.take = keep_file,
			.ctx = &readings[i] };
	}
	pfs_walk_all(p, walks, count);
	for (size_t i = 0; i < count; i++) {
		const struct local_files *found = list[i].found;

		if (remotes[i].count > 1)
			qsort(remotes[i].list, remotes[i].count, sizeof(*remotes[i].list), by_path);
		list[i].is_same =
		    walks[i].is_done && (!list[i].is_mirror || remotes[i].count == found->count);
		for (size_t k = 0; list[i].is_same && k < found->count; k++)
			list[i].is_same = is_proved(p, &remotes[i], &found->list[k]);
	}
}
