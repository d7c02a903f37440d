#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/fd.h"
#include "base/limits.h"
#include "git/child.h"

enum { MAX_WORD = MAX_SPEC_BYTES }; /* a path, a commit's first line, a file */

/* What is sent before the words. Both ends are the same program, so it is sent as it is in memory. */
struct head {
	int32_t code;
	uint32_t lens[MESSAGE_WORDS];
	uint64_t number;
	struct err err;
};

static int
send_all(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;

	while (len > 0) {
		ssize_t n = send(fd, at, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

static int
receive_all(int fd, void *bytes, size_t len)
{
	return fd_fill(fd, bytes, len) == (ssize_t)len ? 0 : -1;
}

int
message_send(int fd, const struct message *m)
{
	struct head head;

	memset(&head, 0, sizeof(head)); /* no byte of our memory goes with it */
	head.code = m->code;
	head.number = m->number;
	head.err = m->err;
	for (size_t i = 0; i < MESSAGE_WORDS; i++) {
		if (m->words[i].len > MAX_WORD)
			return -1;
		head.lens[i] = (uint32_t)m->words[i].len;
	}
	if (send_all(fd, &head, sizeof(head)) < 0)
		return -1;
	for (size_t i = 0; i < MESSAGE_WORDS; i++)
		if (send_all(fd, m->words[i].ptr, m->words[i].len) < 0)
			return -1;
	return 0;
}

int
message_receive(int fd, struct arena *a, struct message *m)
{
	struct head head;

	if (receive_all(fd, &head, sizeof(head)) < 0)
		return -1;
	*m = (struct message){ .code = head.code, .number = head.number, .err = head.err };
	/* they are texts, whatever the child has sent */
	m->err.kind = ERR_SYSTEM;
	m->err.text[sizeof(m->err.text) - 1] = '\0';
	m->err.hint[sizeof(m->err.hint) - 1] = '\0';
	for (size_t i = 0; i < MESSAGE_WORDS; i++) {
		char *word;

		if (head.lens[i] > MAX_WORD)
			return -1;
		word = arena_alloc(a, head.lens[i] + (size_t)1);
		if (receive_all(fd, word, head.lens[i]) < 0)
			return -1;
		m->words[i] = (struct str){ word, head.lens[i] };
	}
	return m->err.about.count <= MENTIONS_MAX && m->err.hint_about.count <= MENTIONS_MAX ? 0
	                                                                                     : -1;
}
