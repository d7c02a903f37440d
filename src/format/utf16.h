/* utf16.h: text that Windows programs save as "Unicode": PowerShell's ">" and Out-File. */
#ifndef FORMAT_UTF16_H
#define FORMAT_UTF16_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"

struct arena;

/* The same text in UTF-8, NUL-ended and without its byte order mark, in `a`. False: it does not begin with a byte
 * order mark of UTF-16, or is not valid UTF-16 (half a character, a surrogate alone); UTF-32 is not. */
bool utf16_decode(struct arena *a, struct str text, struct str *out);

#endif
