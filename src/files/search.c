/* for O_PATH */
#define _GNU_SOURCE

#include "files/search.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "files/fence.h"
#include "files/glob.h"
#include "files/read.h"

/*
 * One directory. `live` says how far the glob has got: bit i is set when the parts before i match
 * the directories down to here, so one walk finds every match once, however many "**" there are.
 */
struct directory {
	int fd;          /* of `dir` */
	const char *dir; /* what its files' names start with: "", or a path that ends in '/' */
	uint64_t live;
	size_t depth;
};

/* What a name means for a glob that has got as far as a `place`. */
struct step {
	uint64_t live; /* once in the directory of that name */
	uint64_t link; /* the same when it is a symbolic link, which "**" does not cross */
	bool is_match;
};

static int walk(struct search *s, const struct directory *p);

int
search_too_many(size_t max, struct err *err)
{
	(void)err_set(err, ERR_SYSTEM, "the paths match more than %zu files", max);
	return err_hint(err, "name fewer directories, or use a narrower glob");
}

static bool
is_many(const struct search *s, size_t part)
{
	return part < s->part_count && str_is(s->parts[part], "**");
}

static uint64_t
bit(size_t i)
{
	return (uint64_t)1 << i;
}

/* `live` and what it implies: "**" may stand for no directory at all. */
static uint64_t
with_empty(const struct search *s, uint64_t live)
{
	for (size_t i = 0; i < s->part_count; i++)
		if ((live & bit(i)) && is_many(s, i))
			live |= bit(i + 1);
	return live;
}

static struct step
glob_step(const struct search *s, uint64_t live, const char *name)
{
	uint64_t stay = 0, go = 0;

	for (size_t i = 0; i < s->part_count; i++) {
		if (!(live & bit(i)))
			continue;
		if (is_many(s, i))
			stay |= name[0] == '.' ? 0 : bit(i);
		else if (glob_match_part(s->parts[i], str_of(name)))
			go |= bit(i + 1);
	}
	stay = with_empty(s, stay | go);
	go = with_empty(s, go);
	return (struct step){
		.live = stay & ~bit(s->part_count),
		.link = go & ~bit(s->part_count),
		.is_match = (stay & bit(s->part_count)) != 0,
	};
}

static struct step
step_of(const struct search *s, uint64_t live, const char *name)
{
	if (s->part_count > 0)
		return glob_step(s, live, name);
	if (name[0] == '.' && !s->is_whole)
		return (struct step){ 0 };
	return (struct step){ .live = 1, .is_match = s->takes(str_of(name)) };
}

static const char *
join(struct arena *a, const char *dir, const char *name, const char *end)
{
	return arena_fmt(a, "%s%s%s", dir, name, end).ptr;
}

static int
cannot(struct search *s, const char *what, const char *dir, const char *name)
{
	int cause = errno;
	const char *whole = join(s->a, dir, name, "");

	(void)err_set(
	    s->err, ERR_SYSTEM, "cannot %s '%s': %s", what, *whole ? whole : ".", strerror(cause));
	return err_hint(s->err, "make it readable, or use paths that avoid it");
}

/* What is met on the way is not a reason to stop; what the user named is opened elsewhere. */
static int
pass_by(struct search *s, const struct directory *p, const char *name)
{
	unusable_add_failed(&s->unusable, s->a, join(s->a, p->dir, name, ""), errno);
	return 0;
}

static int
enter(struct search *s, const struct directory *p, const char *name, uint64_t live, bool is_link)
{
	int flags = O_RDONLY | O_DIRECTORY | O_NONBLOCK;
	struct directory in = { .live = live, .depth = p->depth + 1 };

	if (in.depth > MAX_DIR_DEPTH) {
		(void)err_set(s->err, ERR_SYSTEM,
		    "directories nest deeper than %d levels at '%s%s'", MAX_DIR_DEPTH, p->dir,
		    name);
		return err_hint(s->err, "name a directory closer to the specs");
	}
	in.fd = is_link ? fence_open(join(s->a, p->dir, name, ""), s->fence, flags, s->err)
	                : openat(p->fd, name, flags | O_CLOEXEC | O_NOFOLLOW);
	if (in.fd < 0 && errno == EACCES)
		return pass_by(s, p, name);
	if (in.fd < 0)
		return errno ? cannot(s, "open directory", p->dir, name) : -1;
	in.dir = join(s->a, p->dir, name, "/");
	return walk(s, &in);
}

static int
add_file(struct search *s, const struct directory *p, const char *name, const struct stat *st)
{
	const char *whole = join(s->a, p->dir, name, "");
	size_t most = s->max ? s->max : MAX_SPEC_FILES;

	if (!S_ISREG(st->st_mode)) {
		unusable_add(&s->unusable, s->a, whole, file_kind_name(st->st_mode));
		return 0;
	}
	if (s->count >= most)
		return search_too_many(most, s->err);
	ARENA_ADD(s->a, s, (struct found){ .name = whole, .at = *st });
	return 0;
}

/* Looks again at what a link to a file leads to, opened within the fence. */
static int
look_behind(struct search *s, const struct directory *p, const char *name, struct stat *st)
{
	int fd, rc;

	if (!s->fence)
		return 0;
	fd = fence_open(join(s->a, p->dir, name, ""), s->fence, O_PATH, s->err);
	if (fd < 0)
		return errno ? cannot(s, "follow the symbolic link", p->dir, name) : -1;
	rc = fstat(fd, st) < 0 ? cannot(s, "look at", p->dir, name) : 0;
	(void)close(fd);
	return rc;
}

static int
refuse_link(struct search *s, const struct directory *p, const char *name)
{
	(void)err_set(s->err, ERR_SYSTEM, "'%s%s' is a symbolic link to a directory", p->dir, name);
	return err_hint(s->err, "name the directory itself, or take the link away");
}

static int
visit_link(struct search *s, const struct directory *p, const char *name, const struct step *step)
{
	struct stat st;
	bool is_there = fstatat(p->fd, name, &st, 0) == 0;

	if (s->is_whole && s->part_count == 0 && is_there && S_ISDIR(st.st_mode))
		return refuse_link(s, p, name);
	if (!is_there && step->is_match)
		return pass_by(s, p, name);
	if (!is_there || (S_ISDIR(st.st_mode) ? step->link == 0 : !step->is_match)) {
		s->others += !is_there || !S_ISDIR(st.st_mode);
		return 0;
	}
	if (S_ISDIR(st.st_mode))
		return enter(s, p, name, step->link, true);
	if (look_behind(s, p, name, &st) < 0)
		return -1;
	return add_file(s, p, name, &st);
}

/* Looks at one name. What is not a symbolic link lies within the fence because its directory does. */
static int
visit(struct search *s, const struct directory *p, const char *name)
{
	struct step step = step_of(s, p->live, name);
	struct stat st;

	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || (!step.live && !step.is_match))
		return 0;
	if (fstatat(p->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		if (errno == ENOENT) /* deleted since readdir() */
			return 0;
		if (errno == EACCES)
			return pass_by(s, p, name);
		return cannot(s, "look at", p->dir, name);
	}
	if (S_ISLNK(st.st_mode))
		return visit_link(s, p, name, &step);
	if (S_ISDIR(st.st_mode))
		return step.live ? enter(s, p, name, step.live, false) : 0;
	if (step.is_match)
		return add_file(s, p, name, &st);
	s->others++;
	return 0;
}

static int
by_text(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Reads the directory to its end; closes p->fd. */
static int
walk(struct search *s, const struct directory *p)
{
	size_t count = 0, room = 0;
	const char **names = NULL;
	DIR *dir = fdopendir(p->fd);
	struct dirent *entry;
	int rc = 0;

	if (!dir) {
		rc = cannot(s, "read directory", p->dir, "");
		(void)close(p->fd);
		return rc;
	}
	for (errno = 0; (entry = readdir(dir)); errno = 0) {
		names = arena_grow(s->a, names, count, &room, sizeof(*names));
		names[count++] = arena_cstr(s->a, str_of(entry->d_name));
	}
	if (errno != 0)
		rc = cannot(s, "read directory", p->dir, "");
	if (count > 1)
		qsort(names, count, sizeof(*names), by_text);
	for (size_t i = 0; i < count && rc == 0; i++)
		rc = visit(s, p, names[i]);
	(void)closedir(dir);
	return rc;
}

/* How the names of files in the directory `name` start: "pipelines/", and nothing for ".". */
static const char *
prefix(struct arena *a, const char *name)
{
	size_t len;

	while (name[0] == '.' && name[1] == '/') {
		name += 2;
		name += strspn(name, "/");
	}
	if (strcmp(name, ".") == 0 || *name == '\0')
		return "";
	len = strlen(name);
	return join(a, name, "", name[len - 1] == '/' ? "" : "/");
}

static int
start(struct search *s, const char *name, uint64_t live)
{
	struct directory p = { .dir = prefix(s->a, name), .live = live };

	s->prefix = strlen(p.dir);
	p.fd = fence_open(name, s->fence, O_RDONLY | O_DIRECTORY | O_NONBLOCK, s->err);
	if (p.fd < 0)
		return errno ? cannot(s, "open directory", name, "") : -1;
	return walk(s, &p);
}

int
search_directory(struct search *s, const char *name)
{
	s->part_count = 0;
	s->others = 0;
	return start(s, name, 1);
}

/* How much of `glob` comes before its first part that is a pattern, the '/' included. */
static size_t
literal_len(struct str glob)
{
	size_t len = 0, part;

	for (;;) {
		struct str rest = str_tail(glob, len);

		part = str_find(rest, '/');
		if (part == rest.len || glob_is_pattern(str_head(rest, part)))
			return len;
		len += part + 1;
	}
}

/* Splits what follows the literal part; -1 when it has too many parts. */
static int
split_parts(struct search *s, struct str glob, struct err *err)
{
	struct str part;

	s->part_count = 0;
	while (str_split(&glob, '/', &part)) {
		if (part.len == 0 || str_is(part, ".")
		    || (is_many(s, s->part_count - 1) && str_is(part, "**")))
			continue;
		if (s->part_count == SEARCH_PARTS) {
			(void)err_set(
			    err, ERR_SYSTEM, "a glob has more than %d parts", SEARCH_PARTS);
			return err_hint(err, "use '**' for any number of directories");
		}
		s->parts[s->part_count++] = part;
	}
	return 0;
}

int
search_glob(struct search *s, const char *glob)
{
	size_t len = literal_len(str_of(glob));
	char *dir = arena_cstr(s->a, str_head(str_of(glob), len));
	bool is_there = true;
	struct stat st;

	dir[glob_unquote(dir, len)] = '\0';
	if (split_parts(s, str_tail(str_of(glob), len), s->err) != 0)
		return -1;
	if (*dir && stat(dir, &st) != 0)
		is_there = errno != ENOENT && errno != ENOTDIR;
	/* a '/' at the end asks for a directory; a directory that is not there holds no match */
	if (str_ends(str_of(glob), "/") || !is_there)
		return 0;
	return start(s, *dir ? dir : ".", with_empty(s, 1));
}
