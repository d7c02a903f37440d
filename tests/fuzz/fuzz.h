/* fuzz.h: what the fuzz targets share. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* The target: libFuzzer and run_corpus.c call it with each input. What it finds ends the process by abort(). */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static inline void
must(bool good)
{
	if (!good)
		abort();
}

/* For arena_new(). */
static inline _Noreturn void
no_memory(void)
{
	abort();
}

#endif
