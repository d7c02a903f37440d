/*
 * walk.h: one walk through a document, on the way to its images; select.c has the kinds of documents, forms.c the forms
 * that images have in any of them.
 */
#ifndef RETAG_WALK_H
#define RETAG_WALK_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"
#include "format/doc.h"
#include "retag/select.h"

struct arena;

/* What one walk through a document has at hand. */
struct walk {
	struct image_places *out;
	struct arena *arena;
	const struct select_how *how;
	const struct embedded *in;
	unsigned depth;   /* of documents within texts */
	bool takes_texts; /* not only repositories with their tags beside them */
	bool is_object;   /* of Kubernetes */
};

/* Appends one place of the walk's document. */
void walk_add(struct walk *w, struct image_place place);

/* The member of that name, if it is a text and not empty; else NULL. */
const struct node *walk_string(const struct node *object, const char *key);

/* Whether it is an object of Kubernetes. */
bool walk_is_object(const struct node *document);

/* A document by its kind, as select_images() has it. */
bool walk_document(struct walk *w, const struct node *document);

/* A document of any other kind. False: of no known form, and without an image. */
bool walk_any(struct walk *w, const struct node *document);

/* All images below `n`, a map or a list. */
void walk_all(struct walk *w, const struct node *n);

/* A text that is a document, or several: it begins with a bracket, or has lines. */
void walk_text(struct walk *w, const struct node *n);

#endif
