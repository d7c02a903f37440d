/* registries.h: questions to registries of images, with the run's logins and time limits. */
#ifndef SESSION_REGISTRIES_H
#define SESSION_REGISTRIES_H

#include "base/base.h"
#include "base/err.h"
#include "registry/registry.h"

struct run;

/* False on an event that strangers can cause: they choose the names of images, and so the servers that would be asked. */
bool registries_are_allowed(const struct run *run);

/* Turns an image into a question; false: it is not a valid reference. */
bool registries_question(
    struct run *run, struct str image, bool wants_digest, struct registry_question *out);

/*
 * Asks the questions, with the login of input `registry` and those of docker (DOCKER_CONFIG or ~/.docker) and podman (REGISTRY_AUTH_FILE,
 * XDG_RUNTIME_DIR, ~/.config/containers); a file that cannot be read is a warning. Where the right was missing, the reason
 * says how to log in. `most_ms`: how long all of it may take; 0: as long as the run. -1: ERR_REFUSED on an event that
 * strangers can cause; as registry_ask().
 */
int registries_ask(struct run *run, int64_t most_ms, struct registry_question *list, size_t count,
    struct err *err) NODISCARD;

/*
 * Adds to each of `count` images the digest of its tag: images[i] becomes REPO[:TAG]@DIGEST. An image that has a digest and
 * no tag, or is not a valid reference, stays. faults[i], in the run's arena, says why an image is not found or has another
 * digest; NULL: it has been found. -1 as above.
 */
int registries_pin(struct run *run, struct str *images, const struct err **faults, size_t count,
    struct err *err) NODISCARD;

/* *out gets REPO:TAG with the highest version in the range, in the run's arena. -1: ERR_USAGE the repository or the range
 * is not valid; ERR_REFUSED no tag fits; as registry_list_tags(). */
int registries_newest(
    struct run *run, struct str repo, struct str range, struct str *out, struct err *err) NODISCARD;

#endif
