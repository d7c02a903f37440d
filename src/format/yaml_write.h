/* yaml_write.h: a tree as YAML that people edit: block style, two blanks of indent, quotes where readers differ. */
#ifndef FORMAT_YAML_WRITE_H
#define FORMAT_YAML_WRITE_H

#include "base/base.h"
#include "format/doc.h"

struct buf;

/*
 * Appends `n` as one YAML document without markers, with a newline at its end. Texts have quotes where some reader
 * of YAML 1.1 or 1.2 would take them for something else without (yaml_is_ambiguous); texts of several lines stand
 * in literal blocks where they can. Lists of scalars stand on one line. Reading it again gives the same tree.
 */
void yaml_write(struct buf *out, const struct node *n);

#endif
