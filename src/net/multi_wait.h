/* multi_wait.h: inside net/ only: stop_wait() where libcurl has the descriptors. */
#ifndef NET_MULTI_WAIT_H
#define NET_MULTI_WAIT_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"

/* Sleeps until libcurl has something to do, `ms` at most. True: the signal came (stop_fd -1: none). */
bool multi_wait(CURLM *multi, int stop_fd, int64_t ms) NODISCARD;

#endif
