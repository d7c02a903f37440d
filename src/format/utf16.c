#include "format/utf16.h"

#include <stdint.h>

#include "base/arena.h"

enum { MAX_UTF8_PER_UNIT = 3 };

struct units {
	const unsigned char *bytes;
	size_t at, len;
	bool is_big; /* the first byte of a unit is its upper half */
};

static uint32_t
next_unit(struct units *u)
{
	uint32_t one = u->bytes[u->at], two = u->bytes[u->at + 1];

	u->at += 2;
	return u->is_big ? one << 8 | two : two << 8 | one;
}

/* False: half of a surrogate pair. */
static bool
next_point(struct units *u, uint32_t *point)
{
	uint32_t low;

	*point = next_unit(u);
	if (*point < 0xd800 || *point > 0xdfff)
		return true;
	if (*point > 0xdbff || u->at == u->len)
		return false;
	low = next_unit(u);
	*point = 0x10000 + ((*point - 0xd800) << 10) + (low - 0xdc00);
	return low >= 0xdc00 && low <= 0xdfff;
}

static size_t
put_point(char *to, uint32_t point)
{
	if (point < 0x80) {
		to[0] = (char)point;
		return 1;
	}
	if (point < 0x800) {
		to[0] = (char)(0xc0 | point >> 6);
		to[1] = (char)(0x80 | (point & 0x3f));
		return 2;
	}
	if (point < 0x10000) {
		to[0] = (char)(0xe0 | point >> 12);
		to[1] = (char)(0x80 | (point >> 6 & 0x3f));
		to[2] = (char)(0x80 | (point & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | point >> 18);
	to[1] = (char)(0x80 | (point >> 12 & 0x3f));
	to[2] = (char)(0x80 | (point >> 6 & 0x3f));
	to[3] = (char)(0x80 | (point & 0x3f));
	return 4;
}

bool
utf16_decode(struct arena *a, struct str text, struct str *out)
{
	struct units u = { (const unsigned char *)text.ptr, 2, text.len, false };
	size_t len = 0;
	char *to;

	u.is_big = str_starts(text, "\xfe\xff");
	if ((!u.is_big && !str_starts(text, "\xff\xfe")) || text.len % 2 != 0)
		return false;
	if (!u.is_big && text.len >= 4 && u.bytes[2] == 0 && u.bytes[3] == 0)
		return false; /* UTF-32 */
	to = arena_alloc(a, text.len / 2 * MAX_UTF8_PER_UNIT + 1);
	while (u.at < u.len) {
		uint32_t point;

		if (!next_point(&u, &point))
			return false;
		len += put_point(to + len, point);
	}
	to[len] = '\0';
	*out = (struct str){ to, len };
	return true;
}
