/* label.h: texts in pictures: their width, how they are cut, and how they are escaped in XML. */
#ifndef DRAWING_LABEL_H
#define DRAWING_LABEL_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"

struct arena;
struct buf;

/* Where a text is, which decides its size. */
enum label { LABEL_TITLE, LABEL_NOTE, LABEL_BRANCH, LABEL_KIND_COUNT };

enum { LABEL_PADDING = 12 }; /* between a text and its box, in pixels */

/* The height of a text in pixels. All texts of a picture have characters of one width, 0.6 of that. */
extern const int label_sizes[LABEL_KIND_COUNT];

/* In pixels, as label_short() cuts it; 0 for an empty text. */
int label_width(struct str text, enum label kind);

/* The text, or where it is long its beginning and its end with "…" between them; in `a`. */
struct str label_short(struct arena *a, struct str text, enum label kind);

/* Appends the text with controls, bytes that are not UTF-8 and marks of the direction of text made visible:
 * "\x1b", "\u202e". With `has_lines` a line break stays. */
void label_clean(struct buf *out, struct str text, bool has_lines);

/* The same as XML or HTML: text between tags, or an attribute's value between quotes. */
void label_xml(struct buf *out, struct str text);

#endif
