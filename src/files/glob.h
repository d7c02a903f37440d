/* glob.h: patterns of file names; no file is touched here. */
#ifndef FILES_GLOB_H
#define FILES_GLOB_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"

/*
 * True when `path` matches `glob`: '*' and '?' and '[a-z]', '[!a]' within one part, '**' as a whole
 * part for any number of parts (none too), '\' quotes. '?' and a bracket stand for one UTF-8
 * character. A leading '.' of a part is matched only by a '.' written there; a '[' that nothing
 * closes is a plain one; several '/' count as one. Cost is bounded by the product of both lengths.
 */
bool glob_match(struct str glob, struct str path);

/* The same for one part of each (neither holds a '/'); "**" is nothing special here. */
bool glob_match_part(struct str glob, struct str name);

/* True when the text holds an unquoted '*', '?' or '['. */
bool glob_is_pattern(struct str text);

/* Takes the quoting '\' out of `text`, in place; its new length. */
size_t glob_unquote(char *text, size_t len);

#endif
