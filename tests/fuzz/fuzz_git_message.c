/* The process that reads a repository may be in other hands: whatever it sends is an answer or none. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "git/child.h"

#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(no_memory);
	struct message m;
	int ends[2];

	if (len <= 65536 && socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0) {
		if (write(ends[0], data, len) != (ssize_t)len)
			abort();
		(void)close(ends[0]);
		while (message_receive(ends[1], a, &m) == 0) {
			if (strlen(m.err.text) >= sizeof(m.err.text)
			    || strlen(m.err.hint) >= sizeof(m.err.hint)
			    || m.err.about.count > MENTIONS_MAX
			    || m.err.hint_about.count > MENTIONS_MAX)
				abort();
			for (size_t i = 0; i < MESSAGE_WORDS; i++)
				if (m.words[i].ptr[m.words[i].len] != '\0')
					abort();
		}
		(void)close(ends[1]);
	}
	arena_free(a);
	return 0;
}
