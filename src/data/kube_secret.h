/* kube_secret.h: a Kubernetes secret whose values come from the environment or from files, and are never shown. */
#ifndef DATA_KUBE_SECRET_H
#define DATA_KUBE_SECRET_H

#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct run;
struct secret;

struct kube_secret {
	struct str name, type;
	struct kube_value {
		struct str key;
		struct secret *value;
	} * values;
	size_t count;
};

/*
 * Reads NAME and KEY=env:VARIABLE or KEY=file:PATH; the variables are wiped from the environment. End it with
 * kube_secret_wipe(). -1 with ERR_USAGE: a name or key that Kubernetes does not take, a key twice, a value that
 * is in the arguments themselves (where other users can see it), a variable that is not set or empty; ERR_SYSTEM: a
 * file that cannot be read, or lies outside of the workspace. *out has to be wiped after a failure, too.
 */
int kube_secret_read(struct run *run, const char *const *words, size_t count,
    struct kube_secret *out, struct err *err) NODISCARD;
void kube_secret_wipe(struct kube_secret *s);

/* The bytes of pachd's CreateSecretRequest, owned by the caller. NULL: ERR_USAGE above MAX_SECRET_BYTES; ERR_SYSTEM. */
struct secret *kube_secret_request(
    struct run *run, const struct kube_secret *s, struct err *err) NODISCARD;

#endif
