/*
 * sealed COUNT: seals a token for four keys, opens it COUNT times with the last of them, and prints the CPU
 * seconds of one opening, and of one crypto_box_seal_open of libsodium, which an opening cannot do without.
 */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "secret/sealed.h"
#include "secret/secret.h"

enum { KEYS = 4 };

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

static void
must(int good)
{
	if (!good)
		exit(1);
}

static double
peer_seconds(int count)
{
	unsigned char pub[crypto_box_PUBLICKEYBYTES], sec[crypto_box_SECRETKEYBYTES],
	    key[32] = { 0 };
	unsigned char box[sizeof(key) + crypto_box_SEALBYTES];
	double start;

	crypto_box_keypair(pub, sec);
	must(crypto_box_seal(box, key, sizeof(key), pub) == 0);
	start = cpu_seconds();
	for (int i = 0; i < count; i++)
		must(crypto_box_seal_open(key, box, sizeof(box), pub, sec) == 0);
	return (cpu_seconds() - start) / count;
}

int
main(int argc, char **argv)
{
	struct arena *a = arena_new(no_memory);
	struct sealed_facts facts = { .cluster = STR("grpcs://pachd.example:443") }, got;
	struct public_key list[KEYS];
	struct recipients to = { list, KEYS };
	struct key *key = NULL;
	struct err err = { 0 };
	struct secret *token;
	struct str text;
	double start;
	int count = argc > 1 ? atoi(argv[1]) : 1;

	must(count > 0 && secret_guard_process(&err) == 0);
	for (int i = 0; i < KEYS; i++) {
		key = key_make(&err);
		must(key != NULL);
		list[i] = *key_public(key);
	}
	token = secret_new(STR("an-example-token"), "it", &err);
	must(token && sealed_make(a, token, &facts, &to, &text, &err) == 0);
	start = cpu_seconds();
	for (int i = 0; i < count; i++) {
		struct secret *one = sealed_open(a, text, "it", key, &got, &err);

		must(one != NULL);
		secret_free(one);
	}
	printf("%.9f", (cpu_seconds() - start) / count);
	printf(" %.9f\n", peer_seconds(count));
	return 0;
}
