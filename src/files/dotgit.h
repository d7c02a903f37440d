/* dotgit.h: names that lead into a git directory, in all spellings that a file system may take for it. Pure. */
#ifndef FILES_DOTGIT_H
#define FILES_DOTGIT_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"

/*
 * Whether a part of `path` is ".git" for any file system that git guards against (its core.protectHFS and
 * core.protectNTFS): whatever the case of its letters; with characters in it that HFS+ passes over; "git~1", the
 * short name on NTFS; with blanks or dots behind it, or a stream (":…"), which NTFS leaves out; and where '\'
 * separates parts.
 */
bool path_enters_git(struct str path);

#endif
