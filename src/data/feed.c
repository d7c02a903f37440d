#include "data/feed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/limits.h"

enum { PATH_ROOM = 8192 };

struct feed {
	struct feed_opts opts;
	size_t next_delete, next_file; /* the next one to begin */
	int fd;                        /* of the file that is read; -1: none */
	const struct local_file *file;
	uint64_t read_bytes;
	bool is_begun, is_cleared;
	char *bytes; /* what was read last */
	size_t len, at;

	/* while pieces are made here */
	struct splitter splitter;
	uint64_t piece;
	bool in_piece;
	char *out; /* of the piece */
	size_t out_len;
	char path[PATH_ROOM];
};

struct feed *
feed_new(const struct feed_opts *opts, struct err *err)
{
	struct feed *f = calloc(1, sizeof(*f));

	if (f) {
		f->opts = *opts;
		f->fd = -1;
		f->bytes = malloc(PFS_STEP_BYTES);
		f->out = opts->splits_here ? malloc(PFS_STEP_BYTES) : NULL;
	}
	if (!f || !f->bytes || (opts->splits_here && !f->out)) {
		feed_free(f);
		(void)err_set(err, ERR_SYSTEM, "no memory to read files into");
		return NULL;
	}
	return f;
}

void
feed_free(struct feed *f)
{
	if (!f)
		return;
	if (f->fd >= 0)
		(void)close(f->fd);
	free(f->bytes);
	free(f->out);
	free(f);
}

/* Reads the next bytes of the file; at its end fewer than fit. */
static int
fill(struct feed *f, struct err *err)
{
	ssize_t n = fd_fill(f->fd, f->bytes, PFS_STEP_BYTES);

	f->at = 0;
	f->len = n > 0 ? (size_t)n : 0;
	if (n < 0) {
		(void)err_set(
		    err, ERR_SYSTEM, "cannot read '%s': %s", f->file->file, strerror(errno));
		return err_hint(err, "check the disk");
	}
	f->read_bytes += f->len;
	if (f->read_bytes > f->file->size)
		return local_check(f->file, f->fd, f->read_bytes, err);
	if (f->opts.on_read)
		f->opts.on_read(f->opts.ctx, f->len, f->next_file);
	return 0;
}

static int
begin_file(struct feed *f, struct err *err)
{
	f->file = f->opts.files[f->next_file++];
	f->read_bytes = 0;
	f->is_begun = f->is_cleared = false;
	f->splitter = (struct splitter){ .by = f->opts.split };
	f->piece = f->opts.firsts ? f->opts.firsts[f->next_file - 1] : 0;
	f->in_piece = false;
	f->len = f->at = 0;
	f->fd = local_open(f->file, err);
	return f->fd < 0 ? -1 : fill(f, err);
}

static int
end_file(struct feed *f, struct err *err)
{
	int rc = local_check(f->file, f->fd, f->read_bytes, err);

	(void)close(f->fd); /* only read from */
	f->fd = -1;
	return rc;
}

/* A file as it is. */
static int
next_whole(struct feed *f, struct pfs_step *step, struct err *err)
{
	if (f->is_begun && fill(f, err) < 0)
		return -1;
	if (f->is_begun && f->len == 0)
		return end_file(f, err);
	*step = (struct pfs_step){ .what = f->is_begun ? PFS_MORE : PFS_BEGIN,
		.path = f->file->path,
		.bytes = { f->bytes, f->len },
		.appends = f->opts.appends,
		.split = f->opts.split };
	f->is_begun = true;
	return 1;
}

static int
wrong_json(const struct feed *f, const char *what, struct err *err)
{
	(void)err_set(err, ERR_SPEC, "'%s', byte %llu: %s", f->file->file,
	    (unsigned long long)f->splitter.offset + 1, what);
	return err_hint(err, "correct the file, or leave 'split' out; nothing was put");
}

/* Gives what the piece has so far; `ends`: it is all of it. */
static void
give_piece(struct feed *f, struct pfs_step *step, bool ends)
{
	char name[17];

	split_name(f->piece, name);
	(void)snprintf(f->path, sizeof(f->path), "%.*s/%s", STR_FMT(f->file->path), name);
	*step = (struct pfs_step){ .what = f->in_piece ? PFS_MORE : PFS_BEGIN,
		.path = str_of(f->path),
		.bytes = { f->out, f->out_len },
		.appends = true }; /* the directory was deleted before, unless it is appended to */
	f->in_piece = !ends;
	f->piece += ends;
	f->out_len = 0;
}

/* Takes bytes until a piece ends, or its room is full: 1; 0 when the bytes are used up. */
static int
take_bytes(struct feed *f, struct pfs_step *step, struct err *err)
{
	while (f->at < f->len) {
		enum split_what what = split_next(&f->splitter, f->bytes[f->at]);

		if (what == SPLIT_WRONG)
			return wrong_json(f, split_mistake(&f->splitter), err);
		if (what == SPLIT_ADD || what == SPLIT_END)
			f->out[f->out_len++] = f->bytes[f->at];
		f->at += what != SPLIT_BEFORE;
		if (what == SPLIT_END || what == SPLIT_BEFORE || f->out_len == PFS_STEP_BYTES) {
			give_piece(f, step, what == SPLIT_END || what == SPLIT_BEFORE);
			return 1;
		}
	}
	return 0;
}

/* A file as its pieces, in a directory of its name. */
static int
next_piece(struct feed *f, struct pfs_step *step, struct err *err)
{
	bool wrong;
	int rc;

	if (!f->is_begun && !f->opts.appends) {
		/* the pieces of before, or the file that was put whole: 2.x takes no path that is both */
		f->is_begun = f->is_cleared;
		(void)snprintf(f->path, sizeof(f->path), "%.*s%s", STR_FMT(f->file->path),
		    f->is_cleared ? "" : "/");
		f->is_cleared = true;
		*step = (struct pfs_step){ .what = PFS_DELETE, .path = str_of(f->path) };
		return 1;
	}
	while ((rc = take_bytes(f, step, err)) == 0 && f->len > 0)
		if (fill(f, err) < 0)
			return -1;
	if (rc != 0)
		return rc;
	if (split_end(&f->splitter, &wrong)) {
		if (wrong)
			return wrong_json(f, "the file ends in the middle of a JSON value", err);
		f->splitter = (struct splitter){ .by = f->opts.split };
		give_piece(f, step, true);
		return 1;
	}
	return end_file(f, err);
}

int
feed_next(void *feed, struct pfs_step *step, struct err *err)
{
	struct feed *f = feed;
	int rc = 0;

	if (f->next_delete < f->opts.delete_count) {
		*step = (struct pfs_step){ .what = PFS_DELETE,
			.path = f->opts.deletes[f->next_delete++] };
		return 1;
	}
	while (rc == 0) {
		if (f->fd < 0 && f->next_file == f->opts.count)
			return 0;
		if (f->fd < 0 && begin_file(f, err) < 0)
			return -1;
		rc = f->opts.splits_here ? next_piece(f, step, err) : next_whole(f, step, err);
	}
	return rc;
}
