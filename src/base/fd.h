/* fd.h: reading from a descriptor, whatever interrupts it. */
#ifndef BASE_FD_H
#define BASE_FD_H

#include <stddef.h>
#include <sys/types.h>

#include "base/base.h"

/* Reads at least one byte and returns how many it read; 0: the end. It goes on after a signal, and waits where
 * somebody else made the descriptor non-blocking. -1 with errno. */
ssize_t fd_some(int fd, char *to, size_t room) NODISCARD;

/* Reads up to `room` bytes, fewer only at the end; returns how many. -1 with errno. */
ssize_t fd_fill(int fd, char *to, size_t room) NODISCARD;

#endif
