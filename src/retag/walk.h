/*
 * walk.h: one walk through a document that finds its images; select.c has the kinds of documents, forms.c the forms
 * that images have in any of them. Inside retag/ only.
 */
#ifndef RETAG_WALK_H
#define RETAG_WALK_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"
#include "format/doc.h"
#include "retag/select.h"

struct arena;

struct walk {
	struct image_places *out;
	struct arena *arena;
	const struct select_how *how;
	const struct embedded *in;
	unsigned depth; /* of documents within texts */
	bool
	    takes_texts; /* images may be whole texts, too, not only repositories with their tags beside them */
	bool is_object; /* the document is an object of Kubernetes */
};

/* Appends one place of the walk's document. */
void walk_add(struct walk *w, struct image_place place);

/* The member of that name where it is a text that is not empty; else NULL. */
const struct node *walk_string(const struct node *object, const char *key);

/* The first element of the list that is the member of that name; NULL: there is no such list, or it is empty. */
const struct node *walk_list(const struct node *object, const char *key);

/* A file's name without its directories. */
const char *walk_file_name(const char *file);

/* Whether it is an object of Kubernetes. */
bool walk_is_object(const struct node *document);

/* Finds the images of a document, as select_images(). */
bool walk_document(struct walk *w, const struct node *document);

/* Finds the images of a document that is of no known kind. False: it has no known form either, and no image. */
bool walk_any(struct walk *w, const struct node *document);

/* Finds all images below `n`, a map or a list. */
void walk_all(struct walk *w, const struct node *n);

/* Finds the images in a text that is a document, or several. Reads it only where it holds the name of an image of the rules. */
void walk_text(struct walk *w, const struct node *n);

#endif
