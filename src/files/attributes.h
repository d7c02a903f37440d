/* attributes.h: a file's extended attributes, of which access control lists are one kind. */
#ifndef FILES_ATTRIBUTES_H
#define FILES_ATTRIBUTES_H

#include "base/base.h"

/*
 * Makes the attributes of the file `to` those of the file `from`; others, such as those that `to` inherited from
 * its directory, are removed. An access control list brings its mask, so set the mode afterwards. 0 also where the
 * file system has no attributes. -1 with errno: one of them cannot be read, or may not be set by us.
 */
int attributes_copy(int from, int to) NODISCARD;

#endif
