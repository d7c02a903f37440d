/* tap.h: the few words that a unit test needs; prints TAP. One file per test program includes it. */
#ifndef TESTS_UNIT_TAP_H
#define TESTS_UNIT_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static int tap_count, tap_failed;

/* One check with its name; goes on after a failure. */
static inline void __attribute__((format(printf, 2, 3))) ok(bool good, const char *fmt, ...)
{
	va_list args;

	tap_failed += !good;
	printf("%sok %d - ", good ? "" : "not ", ++tap_count);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	fflush(stdout);
}

/* Something that cannot be tried here, and why. */
static inline void
skip(const char *why)
{
	printf("ok %d # SKIP %s\n", ++tap_count, why);
}

/* The last line of main: return done(); */
static inline int
done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed ? 1 : 0;
}

/* For arena_new() in tests. */
static inline void
no_memory(void)
{
	fputs("Bail out! no memory\n", stdout);
	exit(1);
}

#endif
