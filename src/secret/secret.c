/* for madvise(), which POSIX does not have */
#define _DEFAULT_SOURCE

#include "secret/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "base/fd.h"
#include "base/limits.h"

struct secret {
	unsigned char *bytes; /* own guarded pages, unreadable except while lent */
	size_t len;
	enum audience audience;
};

int
secret_guard_process(struct err *err)
{
	const struct rlimit none = { 0, 0 };

	if (sodium_init() < 0)
		return err_set(
		    err, ERR_SYSTEM, "libsodium cannot start: no source of random bytes");
	if (setrlimit(RLIMIT_CORE, &none) < 0)
		return err_set(
		    err, ERR_SYSTEM, "core dumps cannot be switched off: %s", strerror(errno));
#ifdef __linux__
	/* a limit of 0 does not stop a core_pattern that is a pipe, this does: core(5), prctl(2) */
	if (prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L) < 0)
		return err_set(
		    err, ERR_SYSTEM, "the process cannot be made undumpable: %s", strerror(errno));
#endif
	return 0;
}

enum audience
secret_audience(const struct secret *s)
{
	return s->audience;
}

void
secret_set_audience(struct secret *s, enum audience to)
{
	s->audience = to;
}

void
secret_wipe(void *bytes, size_t len)
{
	sodium_memzero(bytes, len);
}

void *
secret_room(size_t size, const char *what, struct err *err)
{
	void *room = sodium_malloc(size);

	if (!room)
		(void)err_set(err, ERR_SYSTEM, "no memory to keep %s in", what);
	return room;
}

static int
check_bytes(struct str bytes, const char *what, struct err *err)
{
	if (bytes.len == 0) {
		(void)err_set(err, ERR_USAGE, "%s is empty", what);
		return err_hint(
		    err, "check that the CI secret exists and is available to this run");
	}
	if (bytes.len > MAX_TOKEN_BYTES)
		return err_set(err, ERR_USAGE, "%s is longer than %d bytes", what, MAX_TOKEN_BYTES);
	for (size_t i = 0; i < bytes.len; i++)
		if (bytes.ptr[i] < 0x21 || bytes.ptr[i] > 0x7e) {
			(void)err_set(err, ERR_USAGE,
			    "%s contains a space, a control character or a byte outside ASCII",
			    what);
			return err_hint(err, "store only the value, on one line, without quotes");
		}
	return 0;
}

/* Into pages of its own. */
static struct secret *
keep(struct str bytes, const char *what, struct err *err)
{
	struct secret *s = calloc(1, sizeof(*s));

	/* a refused mlock (RLIMIT_MEMLOCK of a container) is not a failure here: the pages then can be
	 * swapped, and everything else still holds */
	if (s)
		s->bytes = sodium_malloc(bytes.len);
	if (!s || !s->bytes) {
		(void)err_set(err, ERR_SYSTEM, "out of memory for %s", what);
		free(s);
		return NULL;
	}
	memcpy(s->bytes, bytes.ptr, bytes.len);
	s->len = bytes.len;
	if (sodium_mprotect_noaccess(s->bytes) < 0) {
		(void)err_set(err, ERR_SYSTEM, "cannot protect the memory of %s", what);
		secret_free(s);
		return NULL;
	}
	return s;
}

struct secret *
secret_new(struct str bytes, const char *what, struct err *err)
{
	struct str inner = str_trim(bytes);

	return check_bytes(inner, what, err) < 0 ? NULL : keep(inner, what, err);
}

struct secret *
secret_of_bytes(struct str bytes, const char *what, struct err *err)
{
	if (bytes.len == 0 || bytes.len > MAX_SECRET_BYTES) {
		(void)err_set(err, ERR_USAGE,
		    bytes.len ? "%s is longer than %d bytes" : "%s is empty", what,
		    MAX_SECRET_BYTES);
		(void)err_hint(err, "check that it is what you mean, and that the secret behind it "
		                    "exists and is visible here");
		return NULL;
	}
	return keep(bytes, what, err);
}

struct secret *
secret_read_fd_bytes(int fd, const char *what, struct err *err)
{
	char *room = secret_room(MAX_SECRET_BYTES + 1, what, err);
	struct secret *s = NULL;
	ssize_t len;

	if (!room)
		return NULL;
	len = fd_fill(fd, room, MAX_SECRET_BYTES + 1);
	if (len < 0)
		(void)err_set(err, ERR_SYSTEM, "cannot read %s: %s", what, strerror(errno));
	else
		s = secret_of_bytes((struct str){ room, (size_t)len }, what, err);
	sodium_free(room); /* wipes */
	return s;
}

struct secret *
secret_read_bytes(const char *path, const char *what, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct secret *s;

	if (fd < 0) {
		(void)err_set(
		    err, ERR_SYSTEM, "cannot read %s from '%s': %s", what, path, strerror(errno));
		(void)err_hint(err, "check the path (relative ones start at the working directory) "
		                    "and who may read the file");
		return NULL;
	}
	s = secret_read_fd_bytes(fd, what, err);
	(void)close(fd); /* only read from */
	return s;
}

void
secret_free(struct secret *s)
{
	if (!s)
		return;
	sodium_free(s->bytes); /* wipes before it gives the pages back */
	free(s);
}

int
secret_lend(const struct secret *s, int (*use)(void *ctx, struct str bytes), void *ctx)
{
	int rc;

	if (sodium_mprotect_readonly(s->bytes) < 0)
		return -1;
	rc = use(ctx, (struct str){ (const char *)s->bytes, s->len });
	(void)sodium_mprotect_noaccess(s->bytes); /* at worst readable until it is freed */
	return rc;
}

void
secret_keep_from_forks(const struct secret *s)
{
#ifdef MADV_DONTFORK
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), before = (uintptr_t)s->bytes % page;

	/* a kernel that does not know it would fork them; they are unreadable there, too */
	(void)madvise(s->bytes - before, before + s->len, MADV_DONTFORK);
#else
	(void)s;
#endif
}
