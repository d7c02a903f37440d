/* link.h: the header Link (RFC 8288). */
#ifndef NET_LINK_H
#define NET_LINK_H

#include <stdbool.h>

#include "base/str.h"

/* The address of the first link to the next page: a view of what is between '<' and '>' in the
 * header's value. False: there is none.
 *
 *     <https://…?page=2>; rel="next", <…>; rel="last"
 */
bool link_next(struct str header, struct str *url);

#endif
