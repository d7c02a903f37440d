/*
 * Replays a corpus without a fuzzer: every file of the directories in argv goes through the target
 * whole, and cut short at every length up to a ceiling, as a broken connection would cut it.
 * Prints how many inputs ran; a target that finds something aborts.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	MAX_INPUT = 1 << 20, /* bytes of one corpus file */
	MAX_CUTS = 512,      /* prefixes of one file; longer files are cut in even steps */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Each run gets a block of exactly its length, so that a sanitizer sees the first byte too many. */
static void
run_one(const uint8_t *data, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);

	if (!copy)
		abort();
	if (len > 0)
		memcpy(copy, data, len);
	(void)LLVMFuzzerTestOneInput(copy, len);
	free(copy);
}

static size_t
run_cuts(const uint8_t *data, size_t len)
{
	size_t step = len / MAX_CUTS + 1, runs = 0;

	for (size_t cut = 0; cut < len; cut += step, runs++)
		run_one(data, cut);
	run_one(data, len);
	return runs + 1;
}

static size_t
run_file(const char *path)
{
	uint8_t *data = malloc(MAX_INPUT);
	FILE *f = fopen(path, "rb");
	size_t len, runs;

	if (!data || !f) {
		fprintf(stderr, "cannot read '%s'\n", path);
		exit(1);
	}
	len = fread(data, 1, MAX_INPUT, f);
	fclose(f);
	runs = run_cuts(data, len);
	free(data);
	return runs;
}

static size_t
run_directory(const char *dir)
{
	DIR *d = opendir(dir);
	size_t runs = 0;

	if (!d) {
		fprintf(stderr, "cannot open '%s'\n", dir);
		exit(1);
	}
	for (struct dirent *e; (e = readdir(d));) {
		char path[4096];
		struct stat st;

		snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
			runs += run_file(path);
	}
	closedir(d);
	return runs;
}

int
main(int argc, char **argv)
{
	size_t runs = 0;

	for (int i = 1; i < argc; i++)
		runs += run_directory(argv[i]);
	printf("%zu inputs\n", runs);
	return runs > 0 ? 0 : 1;
}
