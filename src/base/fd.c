#include "base/fd.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

ssize_t
fd_some(int fd, char *to, size_t room)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	for (;;) {
		ssize_t n = read(fd, to, room);

		if (n >= 0 || (errno != EINTR && errno != EAGAIN))
			return n;
		if (errno == EAGAIN && poll(&wait, 1, -1) < 0 && errno != EINTR)
			return -1;
	}
}

ssize_t
fd_fill(int fd, char *to, size_t room)
{
	size_t len = 0;

	while (len < room) {
		ssize_t n = fd_some(fd, to + len, room - len);

		if (n < 0)
			return -1;
		if (n == 0)
			break;
		len += (size_t)n;
	}
	return (ssize_t)len;
}
