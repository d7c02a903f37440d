#include "data/settle.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "files/beneath.h"
#include "files/descent.h"
#include "process/stop_wait.h"

/* One pass over the tree. */
struct pass {
	struct settling *s;
	struct descent at;
	dev_t dev;   /* of the stage: nothing can be moved to another */
	bool is_new; /* nothing is in the way */
	struct err *err;
};

static int
check_stop(const struct settling *s, struct err *err)
{
	return stop_is_set(s->stop_fd) ? err_set(err, ERR_INTERRUPTED, "interrupted") : 0;
}

int
settle_add(struct settling *s, struct str path, bool is_dir, size_t *i, struct err *err)
{
	if (s->count == MAX_DATA_FILES)
		return err_set(
		    err, ERR_REFUSED, "more than %d files and directories", MAX_DATA_FILES);
	if (check_stop(s, err) < 0)
		return -1;
	*i = s->count;
	ARENA_ADD(s->arena, s,
	    (struct settle_entry){
	        .path = arena_str(s->arena, path), .number = *i, .is_dir = is_dir });
	return 0;
}

void
settle_name(size_t i, char out[SETTLE_NAME])
{
	(void)snprintf(out, SETTLE_NAME, "%zu", i);
}

static void
old_name(size_t i, char out[SETTLE_NAME])
{
	(void)snprintf(out, SETTLE_NAME, "%zu.old", i);
}

/* A directory comes just before all that is below it: '/' is the smallest character. */
static int
by_tree(const void *left, const void *right)
{
	struct str a = ((const struct settle_entry *)left)->path;
	struct str b = ((const struct settle_entry *)right)->path;
	size_t i = 0;

	while (i < a.len && i < b.len && a.ptr[i] == b.ptr[i])
		i++;
	if (i == a.len || i == b.len)
		return (a.len > b.len) - (a.len < b.len);
	if (a.ptr[i] == '/' || b.ptr[i] == '/')
		return a.ptr[i] == '/' ? -1 : 1;
	return (unsigned char)a.ptr[i] < (unsigned char)b.ptr[i] ? -1 : 1;
}

int
settle_sort(struct settling *s, struct err *err)
{
	if (s->count > 1)
		qsort(s->list, s->count, sizeof(*s->list), by_tree);
	for (size_t i = 1; i < s->count; i++) {
		const struct settle_entry *a = &s->list[i - 1], *b = &s->list[i];
		bool same = str_eq(a->path, b->path), both = a->is_dir && b->is_dir;
		bool below = !a->is_dir && b->path.len > a->path.len
		             && b->path.ptr[a->path.len] == '/'
		             && str_eq(str_head(b->path, a->path.len), a->path);

		if (same && !both)
			return err_set(err, ERR_REFUSED, "the server sends '%.*s' twice",
			    STR_FMT(str_head(a->path, 200)));
		if (below)
			return err_set(err, ERR_REFUSED,
			    "the server sends '%.*s' as a file and as a directory",
			    STR_FMT(str_head(a->path, 200)));
	}
	return 0;
}

static int
in_the_way(struct pass *p, struct str path, const char *why)
{
	(void)err_set(
	    p->err, ERR_SYSTEM, "'%s/%.*s' is in the way: %s", p->s->dest, STR_FMT(path), why);
	return err_hint(p->err, "nothing was replaced; take it away, or name another destination");
}

static int
cannot(struct pass *p, struct str path)
{
	(void)err_set(p->err, ERR_SYSTEM, "cannot write '%s/%.*s': %s", p->s->dest, STR_FMT(path),
	    strerror(errno));
	return err_hint(p->err, "check that this user may write there");
}

/* The name of an entry as a C string: its path ends with a NUL. */
static const char *
name_of(const struct settle_entry *e)
{
	return path_name(e->path).ptr;
}

static struct str
dir_of(const struct settle_entry *e)
{
	return e->is_dir ? e->path : path_dir(e->path);
}

/* The path that descent_go() could not enter: one part longer than the path that it reached. */
static struct str
obstacle(const struct descent *d, struct str path)
{
	size_t start = d->at.len > 0 ? d->at.len + 1 : 0;

	return str_head(path, start + str_find(str_tail(path, start), '/'));
}

static int
check_directory(struct pass *p, struct str shown)
{
	struct stat st;

	if (faccessat(p->at.fd, ".", W_OK | X_OK, 0) < 0)
		return in_the_way(p, shown, strerror(errno));
	if (fstat(p->at.fd, &st) == 0 && st.st_dev != p->dev)
		return in_the_way(p, shown, "it is on another file system");
	return 0;
}

/* Looks at the place of one entry. */
static int
check_place(struct pass *p, struct settle_entry *e)
{
	bool is_there = descent_go(&p->at, dir_of(e)) == 0;
	struct stat st;

	if (!is_there && errno != ENOENT)
		return in_the_way(p, obstacle(&p->at, dir_of(e)), strerror(errno));
	if (is_there && e->is_dir)
		return 0;
	if (check_directory(p, e->path) < 0)
		return -1;
	if (!is_there || fstatat(p->at.fd, name_of(e), &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	/* a rename would take the place of a device, too */
	if (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
		return in_the_way(p, e->path,
		    S_ISDIR(st.st_mode) ? strerror(EISDIR) : "it is not a regular file");
	e->was_there = true;
	return 0;
}

static int
begin(struct pass *p, int root)
{
	struct stat st;

	if (descent_begin(&p->at, p->s->arena, root) < 0)
		return cannot(p, STR(""));
	if (fstat(p->s->stage, &st) == 0) {
		p->dev = st.st_dev;
		return 0;
	}
	descent_end(&p->at);
	return cannot(p, STR(""));
}

static int
check_places(struct settling *s, int root, struct err *err)
{
	struct pass p = { .s = s, .err = err };
	int rc = begin(&p, root);

	if (rc < 0)
		return -1;
	for (size_t i = 0; i < s->count && rc == 0; i++) {
		rc = check_stop(s, err);
		if (rc == 0)
			rc = check_place(&p, &s->list[i]);
	}
	descent_end(&p.at);
	return rc;
}

/* Where two files cannot change places at once: links or moves the old file into the stage, then moves the new one. */
static int
put_aside(struct pass *p, struct settle_entry *e, const char *number)
{
	char old[SETTLE_NAME];

	old_name(e->number, old);
	if (linkat(p->at.fd, name_of(e), p->s->stage, old, 0) < 0
	    && renameat(p->at.fd, name_of(e), p->s->stage, old) < 0)
		return -1;
	e->state = SETTLE_ASIDE;
	return renameat(p->s->stage, number, p->at.fd, name_of(e));
}

static int
replace(struct pass *p, struct settle_entry *e, const char *number)
{
	struct stat st;

	if (beneath_exchange(p->s->stage, number, p->at.fd, name_of(e)) < 0)
		return errno == EINVAL || errno == ENOSYS ? put_aside(p, e, number) : -1;
	e->state = SETTLE_EXCHANGED;
	if (fstatat(p->s->stage, number, &st, AT_SYMLINK_NOFOLLOW) < 0 || S_ISREG(st.st_mode)
	    || S_ISLNK(st.st_mode))
		return 0;
	errno = EBUSY; /* something else has come there since it was looked at */
	return -1;
}

static int
place(struct pass *p, struct settle_entry *e)
{
	char number[SETTLE_NAME];

	if (descent_go(&p->at, dir_of(e)) < 0)
		return p->err->kind == ERR_INTERRUPTED ? -1 : cannot(p, e->path);
	if (e->is_dir)
		return 0;
	settle_name(e->number, number);
	if (e->was_there)
		return replace(p, e, number) < 0 ? cannot(p, e->path) : 0;
	if (beneath_rename_new(p->s->stage, number, p->at.fd, name_of(e)) < 0)
		return cannot(p, e->path);
	e->state = SETTLE_NEW;
	return 0;
}

static int
note_made(void *ctx, struct str path)
{
	struct pass *p = ctx;
	struct settling *s = p->s;

	if (!p->is_new)
		ARENA_ADD(s->arena, &s->made, path);
	return check_stop(s, p->err);
}

static int
undo_one(struct pass *p, struct settle_entry *e)
{
	char number[SETTLE_NAME], old[SETTLE_NAME];

	if (descent_go(&p->at, dir_of(e)) < 0)
		return -1;
	settle_name(e->number, number);
	old_name(e->number, old);
	if (e->state == SETTLE_EXCHANGED)
		return beneath_exchange(p->s->stage, number, p->at.fd, name_of(e));
	if (e->state == SETTLE_ASIDE)
		return renameat(p->s->stage, old, p->at.fd, name_of(e));
	return unlinkat(p->at.fd, name_of(e), 0);
}

static int
remove_made(struct pass *p, struct str path)
{
	char name[NAME_MAX + 1];

	if (descent_go(&p->at, path_dir(path)) < 0)
		return -1;
	(void)snprintf(name, sizeof(name), "%.*s", STR_FMT(path_name(path)));
	return unlinkat(p->at.fd, name, AT_REMOVEDIR);
}

/* Puts all back, the last first. */
static void
undo(struct pass *p)
{
	struct settling *s = p->s;

	p->at.made = NULL;
	for (size_t i = s->count; i-- > 0;)
		if (s->list[i].state != SETTLE_STAGED && undo_one(p, &s->list[i]) < 0)
			ARENA_ADD(s->arena, &s->left, s->list[i].path);
	for (size_t i = s->made.count; i-- > 0;)
		if (remove_made(p, s->made.list[i]) < 0)
			ARENA_ADD(s->arena, &s->left, s->made.list[i]);
	if (s->left.count > 0)
		(void)err_hint(p->err, "%zu paths could not be put back, see above", s->left.count);
	else if (p->err->kind != ERR_INTERRUPTED)
		(void)err_hint(p->err, "all was put back; check that this user may write there, "
		                       "and that nothing else does");
}

int
settle_into(struct settling *s, int root, bool is_new, struct err *err)
{
	struct pass p = { .s = s, .is_new = is_new, .err = err };
	int rc;

	if ((!is_new && check_places(s, root, err) < 0) || begin(&p, root) < 0)
		return -1;
	p.at.made = note_made;
	p.at.ctx = &p;
	err->kind = ERR_NONE;
	rc = 0;
	for (size_t i = 0; i < s->count && rc == 0; i++) {
		rc = check_stop(s, err);
		if (rc == 0)
			rc = place(&p, &s->list[i]);
	}
	if (rc < 0 && !is_new)
		undo(&p);
	descent_end(&p.at);
	return rc;
}
