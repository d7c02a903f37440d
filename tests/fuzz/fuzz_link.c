/*
 * Input: a header Link. The address that is read of it is a part of it, between the brackets of one link.
 */
#include <string.h>

#include "net/link.h"

#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct str header = { (const char *)data, len }, url;

	if (!link_next(header, &url))
		return 0;
	if (url.ptr <= header.ptr || url.ptr[-1] != '<' || url.ptr + url.len >= header.ptr + len
	    || url.ptr[url.len] != '>' || memchr(url.ptr, '>', url.len))
		abort();
	return 0;
}
