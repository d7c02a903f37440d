/*
 * trace.h: one line of text for each call and each connection, for those who look for a fault (--verbose).
 *
 * A line holds addresses, names of methods, paths without their query, statuses, times and sizes: nothing of what is
 * in a message or in a header. So no secret can be in it.
 */
#ifndef NET_TRACE_H
#define NET_TRACE_H

/* Part of the options of a channel (net/channel.h) and of a REST API (net/rest.h). */
struct trace {
	/* Gets each line when the call ends or the connection is made; it may be called while libcurl works, so
	 * it must not use the network. NULL: nobody wants them. */
	void (*line)(void *ctx, const char *text);
	void *ctx;
};

#endif
