#include "data/pieces.h"

#include <stdlib.h>
#include <string.h>

#include "data/feed.h"
#include "data/split.h"

enum { NAME_LEN = 16 }; /* split_name() */

/* How a path compares with all that begin with "DIRECTORY/"; 0: it begins so. */
static int
order(struct str path, struct str directory)
{
	struct str head = str_head(path, directory.len);
	int first = str_cmp(head, directory);

	if (first != 0 || path.len <= directory.len)
		return first != 0 ? first : -1;
	return (unsigned char)path.ptr[directory.len] - '/';
}

/* The files below the directory, which are neighbours in the sorted list. */
static const struct pfs_file *
held_in(const struct remote *remote, struct str directory, size_t *count)
{
	size_t from = 0, to = remote->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (order(remote->list[middle].path, directory) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	while (to < remote->count && order(remote->list[to].path, directory) == 0)
		to++;
	*count = to - from;
	return remote->list + from;
}

/* The number in a piece's name. */
static bool
read_number(struct str name, uint64_t *out)
{
	static const char digits[] = CHARS_HEX;

	if (name.len != NAME_LEN || !str_is_of(name, digits))
		return false;
	*out = 0;
	for (size_t i = 0; i < name.len; i++)
		*out = *out << 4 | (uint64_t)(strchr(digits, name.ptr[i]) - digits);
	return true;
}

uint64_t
pieces_next(const struct remote *remote, struct str path)
{
	uint64_t next = 0, number = 0;
	size_t count;
	const struct pfs_file *held = held_in(remote, path, &count);

	for (size_t i = 0; i < count; i++)
		if (read_number(str_tail(held[i].path, path.len + 1), &number) && number >= next)
			next = number + 1;
	return next;
}

/* One pass over the pieces of a local file. */
struct pass {
	const struct remote *remote;
	bool is_1x;
	const struct pfs_file *wanted; /* the remote piece of the name; NULL: there is none */
	char *bytes;                   /* of the local piece; room for REMOTE_HASHED_BYTES */
	size_t len;
	size_t count; /* pieces so far */
	bool differs;
};

static void
end_piece(struct pass *p)
{
	if (p->count == 0)
		return;
	p->differs =
	    p->differs || !p->wanted || p->wanted->size != p->len
	    || !remote_hash_is(p->is_1x, (struct str){ p->bytes, p->len }, p->wanted->hash);
}

static void
take_step(struct pass *p, const struct pfs_step *step)
{
	if (step->what == PFS_BEGIN) {
		end_piece(p);
		p->wanted = remote_file(p->remote, step->path);
		p->len = 0;
		p->count++;
	}
	if (step->bytes.len > REMOTE_HASHED_BYTES - 1 - p->len) {
		p->differs = true;
		return;
	}
	if (step->bytes.len > 0)
		memcpy(p->bytes + p->len, step->bytes.ptr, step->bytes.len);
	p->len += step->bytes.len;
}

int
pieces_same(const struct remote *remote, const struct local_file *source, enum pfs_split by,
    bool is_1x, bool *same, struct err *err)
{
	struct feed_opts opts = {
		.files = &source, .count = 1, .appends = true, .split = by, .splits_here = true
	};
	struct pass p = { .remote = remote, .is_1x = is_1x, .bytes = malloc(REMOTE_HASHED_BYTES) };
	struct feed *feed = feed_new(&opts, err);
	struct pfs_step step;
	size_t held;
	int rc = feed ? 1 : -1;

	if (rc > 0 && !p.bytes)
		rc = err_set(err, ERR_SYSTEM, "no memory to read files into");
	while (rc > 0 && !p.differs) {
		rc = feed_next(feed, &step, err);
		if (rc > 0)
			take_step(&p, &step);
	}
	if (rc >= 0) {
		end_piece(&p);
		(void)held_in(remote, source->path, &held);
		*same = !p.differs && p.count == held;
	}
	feed_free(feed);
	free(p.bytes);
	return rc < 0 ? -1 : 0;
}
