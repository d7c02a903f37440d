/* attributes.h: a file's extended attributes, of which access control lists are one kind. */
#ifndef FILES_ATTRIBUTES_H
#define FILES_ATTRIBUTES_H

#include "base/base.h"

/*
 * Gives the file `to` just the attributes of the file `from`: what `to` has got from its directory goes, and
 * an access control list comes with its mask, so the mode is set afterwards. 0 also where the file
 * system has none. -1 with errno: one of them cannot be read, or may not be set by us.
 */
int attributes_copy(int from, int to) NODISCARD;

#endif
