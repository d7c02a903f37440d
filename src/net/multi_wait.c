#include "net/multi_wait.h"

bool
multi_wait(CURLM *multi, int stop_fd, int64_t ms)
{
	struct curl_waitfd stop = { .fd = stop_fd, .events = CURL_WAIT_POLLIN };

	/* after a failure the next curl_multi_perform() says what is wrong */
	(void)curl_multi_poll(multi, &stop, stop_fd >= 0 ? 1 : 0, ms > 0 ? (int)ms : 0, NULL);
	return stop_fd >= 0 && stop.revents != 0;
}
