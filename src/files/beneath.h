/*
 * beneath.h: names looked up below an open directory, with no symbolic link on the way. What is swapped for a link
 * between two looks is refused, not followed.
 */
#ifndef FILES_BENEATH_H
#define FILES_BENEATH_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/base.h"

/*
 * As openat(2) with O_CLOEXEC for `path`, which is relative and leads nowhere but down; "." is the directory itself.
 * The descriptor, or -1 with errno: ELOOP or ENOTDIR a symbolic link is on the way, EXDEV a part is "..".
 */
int beneath_open(int dir, const char *path, int flags, mode_t mode) NODISCARD;

/* The same part by part with O_NOFOLLOW, as beneath_open() does where the kernel has no openat2(2) (before Linux 5.6,
 * or kept from it by a sandbox). For tests. */
int beneath_open_by_parts(int dir, const char *path, int flags, mode_t mode) NODISCARD;

/* Renames where nothing has the new name, else -1 with EEXIST; a file system that cannot promise that looks first. */
int beneath_rename_new(int from, const char *name, int to, const char *new_name) NODISCARD;

/* Lets two files change places at once. -1 with errno: EINVAL or ENOSYS where the file system cannot do that. */
int beneath_exchange(int a, const char *name_a, int b, const char *name_b) NODISCARD;

enum { BENEATH_STAGE_ROOM = 16 };

/* Makes a name of ours, ".pachup-" and six letters or digits, that nobody can foretell. */
void beneath_stage_name(char out[BENEATH_STAGE_ROOM]);

/* Removes all that is in the directory, whatever its depth, with three descriptors and in time that grows with the number
 * of entries: down into each directory and back by "..", where it must come to what it came from. It ends at what cannot
 * be removed, and where `goes_on`, which is asked before each entry (NULL: never), says no. False: something stays. */
bool beneath_empty(int dir, bool (*goes_on)(void *ctx), void *ctx);

#endif
