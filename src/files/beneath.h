/*
 * beneath.h: names looked up below an open directory. No symbolic link is followed, also where something is
 * swapped for one meanwhile.
 */
#ifndef FILES_BENEATH_H
#define FILES_BENEATH_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/base.h"

/*
 * As openat(2) with O_CLOEXEC for `path`, which is relative and must not leave the directory; "." is the directory
 * itself. The descriptor, or -1 with errno: ELOOP or ENOTDIR a symbolic link is on the way, EXDEV a part is "..".
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

/* Makes a random name: ".pachup-" and six letters or digits. */
void beneath_stage_name(char out[BENEATH_STAGE_ROOM]);

/* Removes all that is in the directory, at any depth, with three descriptors and in time that grows with the
 * number of entries: it enters each directory and goes back by "..", which must be the directory that it came
 * from. It ends at an entry that cannot be removed, and where `goes_on`, which is asked before each entry (NULL:
 * never), returns false. False: something is left. */
bool beneath_empty(int dir, bool (*goes_on)(void *ctx), void *ctx);

#endif
