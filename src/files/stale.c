#include "files/stale.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "files/fence.h"

enum { OLD_S = 60 };

static bool
is_our_name(const char *name)
{
	size_t len = strlen(STALE_NAME);

	if (strncmp(name, STALE_NAME, len) != 0 || strlen(name) != len + STALE_RANDOM)
		return false;
	for (name += len; *name; name++)
		if (!isalnum((unsigned char)*name))
			return false;
	return true;
}

static bool
is_left_over(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid()
	       && st.st_nlink == 1 && time(NULL) - st.st_mtime > OLD_S
	       && flock(fd, LOCK_EX | LOCK_NB) == 0;
}

static void
remove_one(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return;
	if (is_left_over(fd))
		(void)unlinkat(dir, name, 0);
	(void)close(fd); /* nothing was written */
}

void
stale_remove(int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	if (!d) {
		if (fd >= 0)
			(void)close(fd);
		return;
	}
	while ((entry = readdir(d)) != NULL)
		if (is_our_name(entry->d_name))
			remove_one(dirfd(d), entry->d_name);
	(void)closedir(d);
}

void
stale_remove_at(const char *path, const char *fence)
{
	struct err unheard;
	int dir = fence_open(path, fence, O_RDONLY | O_DIRECTORY, &unheard);

	if (dir < 0)
		return;
	stale_remove(dir);
	(void)close(dir);
}
