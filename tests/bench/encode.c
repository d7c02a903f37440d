/*
 * encode FILE…: reads the spec files and prints the CPU seconds, and the bytes made, of what a dry run without a network
 * does not do: writing requests to 2.6, which are protobuf messages, then what 2.8 and later get besides, which is
 * JSON. Before that the CPU seconds of making the messages, which is done once for a release, and their number.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "diag/diag.h"
#include "files/read.h"
#include "format/doc.h"
#include "pachd/pachd_private.h"

static void
no_memory(void)
{
	exit(1);
}

static double
cpu_seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static const struct node *
read_tree(struct arena *a, const char *path, struct diags *d)
{
	struct str text;
	struct err err = { 0 };

	if (file_read(a, path, MAX_SPEC_BYTES, &text, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		exit(1);
	}
	return doc_parse(a, path, text, d)->first;
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_new(no_memory);
	struct diags d = diags_in(a);
	struct pachd p = { .arena = a, .generation = generation_of(RELEASE(2, 6, 11)) };
	size_t count = (size_t)(argc - 1), bytes = 0;
	const struct node **trees = ARENA_ARRAY(a, count, const struct node *);
	ProtobufCMessage **requests = ARENA_ARRAY(a, count, ProtobufCMessage *);
	double start;

	p.facts.release = RELEASE(2, 6, 11);
	for (size_t i = 0; i < count; i++)
		trees[i] = read_tree(a, argv[i + 1], &d);
	start = cpu_seconds();
	for (size_t i = 0; i < count; i++)
		requests[i] = request_encode(&p, p.arena, trees[i], argv[i + 1], false, &d);
	if (d.errors > 0)
		return 1;
	printf("%.6f %zu\n", cpu_seconds() - start, count);
	start = cpu_seconds();
	for (size_t i = 0; i < count; i++)
		bytes += message_pack(a, requests[i]).len;
	printf("%.6f %zu\n", cpu_seconds() - start, bytes);
	start = cpu_seconds();
	bytes = 0;
	for (size_t i = 0; i < count; i++) {
		struct buf json = BUF_INIT(MAX_RPC_BYTES);

		json_write(&json, trees[i]);
		bytes += buf_take(&json, a).len;
	}
	printf("%.6f %zu\n", cpu_seconds() - start, bytes);
	arena_free(a);
	return 0;
}
