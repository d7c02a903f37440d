/* merge.h: merges a JSON merge patch (RFC 7396) into a spec, and distinguishes fields from keys of maps; inside values/ only. */
#ifndef VALUES_MERGE_H
#define VALUES_MERGE_H

#include "base/base.h"
#include "diag/diag.h"
#include "format/doc.h"
#include "wire/shape.h"

struct arena;

/* Where a patch is applied, and where its mistakes go. */
struct merge {
	struct arena *arena; /* what is put into the spec lives here */
	const char *file;    /* the values file */
	struct diags *diags;
};

/*
 * Merges the object `patch` into the object `target`, which is changed in place: objects merge, all else is replaced,
 * null removes. Members of messages are found in either spelling; members of maps by their exact key. A field that the
 * patch spells in both ways is a mistake. The patch itself stays as it is.
 */
void merge_object(
    const struct merge *m, struct shape shape, struct node *target, const struct node *patch);

/*
 * Merges the members of `inputs`, each into the inputs of the spec that its key means: by `name`, else by `repo`, or
 * "REPO[2]" for the second unnamed input of a repo (from 1). The value is an object with one member, {pfs: {…}} or
 * {cron: {…}}; the input must be of that kind. A name in several arms of a union means all of them.
 */
void merge_inputs(const struct merge *m, struct node *spec, const struct node *inputs);

/* The member of the object that the key means: a field of a message in either spelling. NULL: there is none. */
struct node *values_find(
    struct arena *a, struct shape shape, const struct node *object, struct str key);

/* An empty object, in `a`. */
struct node *values_object(struct arena *a);

/* Sets the member `key` of the object to a copy of the value. */
void values_put(struct arena *a, struct node *object, struct str key, const struct node *value);

#endif
