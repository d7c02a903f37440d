/* Local files that change between being found, being opened, and being read. */
#include "tap.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "data/local.h"
#include "data/place.h"

struct world {
	struct arena *a;
	const char *path;
	struct local_file file; /* as it was found */
};

static void
write_text(const char *path, const char *text, int flags)
{
	int fd = open(path, O_WRONLY | O_CREAT | flags, 0600);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		ok(false, "writing %s", path);
	(void)close(fd);
}

/* A file of three bytes, found. */
static void
find(struct world *w)
{
	struct place to = { .path = STR("/x") };
	struct local_files found;
	struct err err = { 0 };

	(void)unlink(w->path);
	write_text(w->path, "abc", 0);
	if (local_find(w->a, &w->path, 1, NULL, &to, &found, &err) == 0 && found.count == 1)
		w->file = found.list[0];
	else
		ok(false, "finding: %s", err.text);
}

static void
test_local_open__changed_before(struct world *w)
{
	static const struct timespec later[2] = { { 1000000000, 0 }, { 1000000000, 5 } };
	struct err err = { 0 };

	find(w);
	write_text(w->path, "d", O_APPEND);
	ok(local_open(&w->file, &err) < 0 && strstr(err.text, "has changed") && err.hint[0],
	    "it has grown: %s", err.text);
	find(w);
	ok(truncate(w->path, 1) == 0 && local_open(&w->file, &err) < 0, "it is shorter");
	find(w);
	(void)utimensat(AT_FDCWD, w->path, later, 0);
	ok(local_open(&w->file, &err) < 0, "written again with the same size");
	find(w);
	(void)unlink(w->path);
	ok(local_open(&w->file, &err) < 0 && strstr(err.text, "cannot read"), "it is gone: %s",
	    err.text);
}

static void
test_local_check__changed_meanwhile(struct world *w)
{
	struct err err = { 0 };
	int fd;

	find(w);
	fd = local_open(&w->file, &err);
	ok(fd >= 0 && local_check(&w->file, fd, 3, &err) == 0, "as it was");
	ok(local_check(&w->file, fd, 2, &err) < 0, "fewer bytes came out than it had");
	ok(local_check(&w->file, fd, 4, &err) < 0, "more came out");
	write_text(w->path, "d", O_APPEND);
	ok(local_check(&w->file, fd, 3, &err) < 0 && strstr(err.text, "has changed"),
	    "it grew while it was read: %s", err.text);
	(void)close(fd);
}

int
main(void)
{
	char dir[] = "/tmp/pachup-local-XXXXXX";
	struct world w = { .a = arena_new(no_memory) };

	if (!mkdtemp(dir))
		return 1;
	w.path = arena_fmt(w.a, "%s/file", dir).ptr;
	test_local_open__changed_before(&w);
	test_local_check__changed_meanwhile(&w);
	(void)unlink(w.path);
	(void)rmdir(dir);
	arena_free(w.a);
	return done();
}
