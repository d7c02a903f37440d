/* fd.h: reading from a descriptor, whatever interrupts it. */
#ifndef BASE_FD_H
#define BASE_FD_H

#include <stddef.h>
#include <sys/types.h>

#include "base/base.h"

/* One read(2) that brings something: it begins again after a signal, and waits on a descriptor that somebody else made
 * non-blocking. 0: the end. -1 with errno. */
ssize_t fd_some(int fd, char *to, size_t room) NODISCARD;

/* Reads until `room` bytes are there or the end is; how many there are. -1 with errno. */
ssize_t fd_fill(int fd, char *to, size_t room) NODISCARD;

#endif
