#include "data/get.h"

#include <sys/stat.h>

#include "base/arena.h"
#include "base/limits.h"
#include "data/place.h"
#include "data/show.h"
#include "data/tar.h"
#include "data/unpack.h"
#include "files/descent.h"
#include "files/read.h"
#include "pachd/pachd.h"
#include "process/watch.h"
#include "session/run.h"

struct getting {
	struct run *run;
	struct pachd *cluster;
	const struct pfs_ref *commit;
	struct str path; /* of what is got */
	struct unpack *to;
	struct transfer transfer;
	struct got *out;
	uint64_t left; /* bytes of the file that are to come */
};

/* *out gets the path relative to g->path: "/x/a" below "/x" is "a"; empty for g->path itself. */
static int
below(const struct getting *g, struct str path, struct str *out, struct err *err)
{
	struct str dir = g->path;

	while (path.len > 1 && path.ptr[path.len - 1] == '/')
		path = str_head(path, path.len - 1);
	if (!str_starts(path, "/"))
		path = arena_fmt(g->run->arena, "/%.*s", STR_FMT(path));
	if (str_is(dir, "/"))
		dir = STR("");
	if (str_eq(str_head(path, dir.len), dir)
	    && (path.len == dir.len || path.ptr[dir.len] == '/')) {
		*out = str_tail(path, dir.len + 1);
		return 0;
	}
	return err_set(err, ERR_REFUSED, "the server sends '%.*s', which is not below '%.*s'",
	    STR_FMT(str_head(path, 200)), STR_FMT(g->path));
}

static int
begin(void *ctx, struct str path, bool is_dir, uint64_t size, struct err *err)
{
	struct getting *g = ctx;
	struct str name = STR("");

	if (below(g, path, &name, err) < 0)
		return -1;
	g->left = size;
	if (!is_dir)
		g->out->files++;
	if (g->out->files > MAX_DATA_FILES)
		return err_set(err, ERR_REFUSED, "more than %d files", MAX_DATA_FILES);
	if (is_dir && name.len == 0)
		return 0;
	return unpack_begin(g->to, name, is_dir, err);
}

static int
bytes(void *ctx, struct str piece, struct err *err)
{
	struct getting *g = ctx;

	g->out->bytes += piece.len;
	transfer_add(&g->transfer, piece.len, g->out->files);
	return unpack_bytes(g->to, piece, err);
}

static int
end(void *ctx, struct err *err)
{
	struct getting *g = ctx;

	return unpack_end(g->to, err);
}

static int
feed_tar(void *ctx, struct str piece, struct err *err)
{
	return tar_feed(ctx, piece, err);
}

static int
get_by_tar(struct getting *g, struct err *err)
{
	struct tar_sink sink = { begin, bytes, end, g };
	struct tar_reader *tar = ARENA_NEW(g->run->arena, struct tar_reader);

	tar_begin(tar, &sink);
	if (pfs_get_tar(g->cluster, g->commit, g->path, feed_tar, tar, err) < 0)
		return -1;
	return tar_finish(tar, err);
}

/* pachd 1.x: the files below the path, each of which is then read by itself. */
struct listing {
	struct arena *arena;
	struct pfs_file *list;
	size_t count, room;
};

static int
keep(void *ctx, const struct pfs_file *file, struct err *err)
{
	struct listing *l = ctx;

	if (l->count == MAX_DATA_FILES)
		return err_set(err, ERR_REFUSED, "more than %d files", MAX_DATA_FILES);
	ARENA_ADD(l->arena, l, *file);
	l->list[l->count - 1].path = arena_str(l->arena, file->path);
	return 0;
}

static int
get_one(struct getting *g, const struct pfs_file *file, pfs_bytes *take, struct err *err)
{
	uint64_t before = g->out->bytes;

	if (pfs_get(g->cluster, g->commit, file->path, take, g, err) < 0)
		return err_wrap(err, "cannot read '%.*s'", STR_FMT(file->path));
	if (g->out->bytes - before == file->size)
		return 0;
	return err_set(err, ERR_NETWORK, "'%.*s' came with %llu bytes instead of %llu",
	    STR_FMT(file->path), (unsigned long long)(g->out->bytes - before),
	    (unsigned long long)file->size);
}

static int
get_by_walk(struct getting *g, struct err *err)
{
	struct listing l = { .arena = g->run->arena };

	if (pfs_walk(g->cluster, g->commit, g->path, keep, &l, err) < 0)
		return -1;
	for (size_t i = 0; i < l.count; i++) {
		const struct pfs_file *file = &l.list[i];

		if (begin(g, file->path, file->is_dir, file->size, err) < 0)
			return -1;
		if (!file->is_dir && (get_one(g, file, bytes, err) < 0 || end(g, err) < 0))
			return -1;
	}
	return 0;
}

static int
find_source(struct getting *g, struct pfs_file *file, struct err *err)
{
	struct str title = place_title(g->run->arena, g->commit, g->path);
	bool found;

	if (pfs_inspect(g->cluster, g->run->arena, g->commit, g->path, &found, file, err) < 0)
		return err_wrap(err, "cannot read '%.*s'", STR_FMT(title));
	if (found)
		return 0;
	(void)err_set(err, ERR_REFUSED, "'%.*s' not found", STR_FMT(title));
	return err_hint(err, "list what is there: pachup ls %.*s:/",
	    STR_FMT(place_title(g->run->arena, g->commit, STR(""))));
}

/* The directory and the name that a single file is written to. */
static void
split_dest(struct getting *g, const char *dest, const char **dir, struct str *name)
{
	struct arena *a = g->run->arena;
	struct str text = str_of(dest ? dest : "");
	struct stat st;
	size_t slash = str_rfind(text, '/');

	*name = path_name(g->path);
	*dir = dest ? dest : ".";
	if (!dest || str_ends(text, "/") || (stat(dest, &st) == 0 && S_ISDIR(st.st_mode)))
		return;
	*name = path_name(text);
	*dir = slash == text.len ? "." : slash == 0 ? "/" : arena_cstr(a, str_head(text, slash));
}

/* Only a regular file may be replaced: not a device, nor a link such as /dev/stdout. */
static int
check_dest(const struct getting *g, const char *dir, struct str name, struct err *err)
{
	struct arena *a = g->run->arena;
	const char *path =
	    str_is(str_of(dir), ".") ? arena_cstr(a, name) : path_join(a, str_of(dir), name).ptr;
	struct stat st;

	if (lstat(path, &st) < 0 || file_is_regular(path, st.st_mode, err) == 0)
		return 0;
	return err_hint(err, "name another destination, or - for standard output");
}

static int
open_dest(struct getting *g, const char *dir, struct err *err)
{
	g->to = unpack_open(g->run->arena, dir, ci_fence(&g->run->ci), g->run->stop_fd, err);
	return g->to ? 0 : -1;
}

/* Moves the files to their places; after a failure logs each path that could not be put back. */
static int
finish(struct getting *g, struct err *err)
{
	int rc = unpack_finish(g->to, err);
	const struct str *left;
	size_t count;

	left = unpack_left(g->to, &count);
	for (size_t i = 0; rc < 0 && i < count; i++)
		ci_detail(&g->run->ci, "not put back: %.*s", STR_FMT(left[i]));
	return rc;
}

/* Where rc is 0 moves the files to their places; removes all files that were not moved. Both end early after a signal, but
 * the run is not cut off meanwhile. */
static int
end_dest(struct getting *g, const char *dir, int rc, struct err *err)
{
	struct run *run = g->run;
	const char *left;

	watch_hold(run->watch);
	watch_hint(run->watch,
	    arena_fmt(run->arena,
	        "  hint: '%s' may hold some of the new files, and a directory '.pachup-...' may be "
	        "left: remove that, and run this again\n",
	        dir)
	        .ptr);
	if (rc == 0)
		rc = finish(g, err);
	left = unpack_close(g->to);
	if (left)
		ci_warn(&run->ci, "'%s' could not be removed in time: remove it", left);
	watch_hint(run->watch, NULL);
	watch_release(run->watch);
	return rc;
}

static int
get_file(struct getting *g, const struct pfs_file *file, const char *dest, struct err *err)
{
	struct str name;
	const char *dir;
	int rc;

	split_dest(g, dest, &dir, &name);
	if (check_dest(g, dir, name, err) < 0 || open_dest(g, dir, err) < 0)
		return -1;
	g->out->files = 1;
	rc = unpack_begin(g->to, name, false, err);
	if (rc == 0)
		rc = get_one(g, file, bytes, err);
	if (rc == 0)
		rc = unpack_end(g->to, err);
	rc = end_dest(g, dir, rc, err);
	g->out->dest = path_join(g->run->arena, str_of(dir), name).ptr;
	if (str_is(str_of(dir), "."))
		g->out->dest = arena_cstr(g->run->arena, name);
	return rc;
}

static int
get_directory(struct getting *g, const char *dest, struct err *err)
{
	struct str own = str_is(g->path, "/") ? g->commit->repo : path_name(g->path);
	int rc;

	g->out->dest = dest ? dest : arena_cstr(g->run->arena, own);
	if (open_dest(g, g->out->dest, err) < 0)
		return -1;
	rc = pachd_is_1x(pachd_facts(g->cluster)) ? get_by_walk(g, err) : get_by_tar(g, err);
	return end_dest(g, g->out->dest, rc, err);
}

static int
cannot_get(const struct getting *g, struct err *err)
{
	return err_wrap(err, "cannot get '%s'", place_title(g->run->arena, g->commit, g->path).ptr);
}

int
get_to_disk(struct run *run, struct pachd *cluster, const struct pfs_ref *commit, struct str path,
    const char *dest, struct got *out, struct err *err)
{
	struct getting g = {
		.run = run, .cluster = cluster, .commit = commit, .path = path, .out = out
	};
	struct pfs_file file;
	int rc;

	*out = (struct got){ 0 };
	if (find_source(&g, &file, err) < 0)
		return -1;
	g.transfer = transfer_begin(run, "got", file.size);
	rc = file.is_dir ? get_directory(&g, dest, err) : get_file(&g, &file, dest, err);
	transfer_end(&g.transfer);
	return rc < 0 ? cannot_get(&g, err) : 0;
}

static int
print_bytes(void *ctx, struct str piece, struct err *err)
{
	struct getting *g = ctx;

	(void)err; /* a lost write is reported by ci_close() */
	g->out->bytes += piece.len;
	ci_raw(&g->run->ci, piece);
	return 0;
}

/* pachd 1.x sends no tar stream: makes one of its files. */
static int
print_tar(struct getting *g, struct err *err)
{
	static const char zeros[2 * TAR_BLOCK];
	struct listing l = { .arena = g->run->arena };
	char *header = arena_alloc(g->run->arena, TAR_HEADER_ROOM);

	if (pfs_walk(g->cluster, g->commit, g->path, keep, &l, err) < 0)
		return -1;
	for (size_t i = 0; i < l.count; i++) {
		const struct pfs_file *file = &l.list[i];
		size_t len =
		    tar_header(header, file->path, file->is_dir, file->size, file->committed_s);

		if (len == 0)
			return err_set(err, ERR_REFUSED, "'%.*s' is too long a path for a tar",
			    STR_FMT(str_head(file->path, 200)));
		ci_raw(&g->run->ci, (struct str){ header, len });
		if (file->is_dir)
			continue;
		g->out->files++;
		if (get_one(g, file, print_bytes, err) < 0)
			return -1;
		ci_raw(&g->run->ci, (struct str){ zeros, tar_padding(file->size) });
	}
	ci_raw(&g->run->ci, (struct str){ zeros, sizeof(zeros) });
	return 0;
}

int
get_to_stdout(struct run *run, struct pachd *cluster, const struct pfs_ref *commit, struct str path,
    struct got *out, struct err *err)
{
	struct getting g = {
		.run = run, .cluster = cluster, .commit = commit, .path = path, .out = out
	};
	struct pfs_file file;
	int rc;

	*out = (struct got){ .dest = "-" };
	if (find_source(&g, &file, err) < 0)
		return -1;
	if (!file.is_dir) {
		out->files = 1;
		rc = get_one(&g, &file, print_bytes, err);
	} else if (pachd_is_1x(pachd_facts(cluster))) {
		rc = print_tar(&g, err);
	} else {
		rc = pfs_get_tar(cluster, commit, path, print_bytes, &g, err);
	}
	return rc < 0 ? cannot_get(&g, err) : 0;
}
