/*
 * secret.h: bytes that must not be seen. They live in libsodium's guarded, locked pages, which can be read only
 * while they are lent, and are wiped when freed. Nothing here prints, compares or copies them.
 *
 * We cannot wipe what libcurl copies into its own heap (the "authn-token" header line); so secret_guard_process()
 * comes before the first secret is read.
 */
#ifndef SECRET_SECRET_H
#define SECRET_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "secret/audience.h"

struct secret;

/* Starts libsodium, switches core dumps off and makes the process undumpable (no ptrace, no
 * /proc/PID/mem for others). Call it first: nothing else here works before it. -1 with ERR_SYSTEM
 * when libsodium cannot start or the kernel refuses. */
int secret_guard_process(struct err *err) NODISCARD;

/* Takes a copy of the bytes, without blanks and newlines at both ends. The caller wipes its own
 * with secret_wipe(). NULL with ERR_USAGE: empty, longer than MAX_TOKEN_BYTES, or holds a byte that
 * no HTTP header may hold (only 0x21–0x7e are fine); ERR_SYSTEM: no memory to lock. `what` names the
 * secret in messages ("input 'token'"). */
struct secret *secret_new(struct str bytes, const char *what, struct err *err) NODISCARD;

/* Takes any bytes as they are: keys, files, phrases with blanks. NULL with ERR_USAGE: empty, or
 * longer than MAX_SECRET_BYTES; ERR_SYSTEM as above. */
struct secret *secret_of_bytes(struct str bytes, const char *what, struct err *err) NODISCARD;

/* Reads a whole file, or all from an open descriptor, of at most MAX_SECRET_BYTES; the buffer used on the way is wiped.
 * NULL as secret_of_bytes(), and with ERR_SYSTEM where it cannot be read. */
struct secret *secret_read_bytes(const char *path, const char *what, struct err *err) NODISCARD;
struct secret *secret_read_fd_bytes(int fd, const char *what, struct err *err) NODISCARD;

/* NULL is fine. */
void secret_free(struct secret *s);

/* The host that it is for; AUDIENCE_NOBODY until secret_mean_for() (secret/audience.h) sets another. */
enum audience secret_audience(const struct secret *s);
void secret_set_audience(struct secret *s, enum audience to);

/* Guarded, locked memory of `size` bytes for `what`, zeroed by sodium_free(), which ends it. NULL with ERR_SYSTEM.
 * For secret/ only. */
void *secret_room(size_t size, const char *what, struct err *err) NODISCARD;

/* The one way to the bytes: `use` may read them until it returns; its result is returned. They are
 * not NUL-ended. -1 when the pages cannot be opened. `use` must not lend the same secret again. */
int secret_lend(const struct secret *s, int (*use)(void *ctx, struct str bytes), void *ctx);

/* Zeroes memory in a way that the compiler keeps. */
void secret_wipe(void *bytes, size_t len);

/* From now on a forked process does not get the bytes, as the one that reads git repositories (src/git), and must
 * not lend them. */
void secret_keep_from_forks(const struct secret *s);

#endif
