/*
 * trace.h: one line of text for each call and each connection, for those who look for a fault
 * (--verbose).
 *
 * A line holds addresses, names of methods, paths without their query, statuses, times and sizes,
 * and nothing of a message or a header. So it cannot hold a secret.
 */
#ifndef NET_TRACE_H
#define NET_TRACE_H

/* Part of the options of a channel (net/channel.h) and of a REST API (net/rest.h). */
struct trace {
	/* Called with each line when the call ends or the connection is made, perhaps while libcurl
	 * works: it must not use the network. NULL: no trace. */
	void (*line)(void *ctx, const char *text);
	void *ctx;
};

#endif
