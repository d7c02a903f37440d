#include "base/utf8.h"

#include "base/buf.h"

/* The length of a character by its first byte; 0 where no character starts with it. */
static size_t
length_of(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc0)
		return 0;
	return first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 0;
}

size_t
utf8_first(struct str s, uint32_t *point)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = s.len > 0 ? (unsigned char)s.ptr[0] : 0;
	size_t len = length_of(first);
	uint32_t sum = len == 1 ? first : first & (0x7fU >> len);

	if (len == 0 || len > s.len)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if (!utf8_is_inside(s.ptr[i]))
			return 0;
		sum = sum << 6 | ((unsigned char)s.ptr[i] & 0x3fU);
	}
	if (sum < least[len] || sum > 0x10ffff || (sum >= 0xd800 && sum <= 0xdfff))
		return 0;
	*point = sum;
	return len;
}

bool
utf8_is_valid(struct str s, size_t *at)
{
	uint32_t point;

	for (size_t i = 0; i < s.len;) {
		size_t len =
		    (unsigned char)s.ptr[i] < 0x80 ? 1 : utf8_first(str_tail(s, i), &point);

		if (len == 0) {
			*at = i;
			return false;
		}
		i += len;
	}
	return true;
}

size_t
utf8_count(struct str s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.len; i++)
		count += !utf8_is_inside(s.ptr[i]);
	return count;
}

struct str
utf8_head(struct str s, size_t max)
{
	if (s.len <= max)
		return s;
	while (max > 0 && utf8_is_inside(s.ptr[max]))
		max--;
	return str_head(s, max);
}

void
utf8_add_cut(struct buf *out, struct str s, size_t columns)
{
	size_t at = 0;

	if (columns == 0)
		return;
	if (utf8_count(s) <= columns) {
		buf_add(out, s);
		return;
	}
	for (size_t count = 0; at < s.len; at++) {
		count += !utf8_is_inside(s.ptr[at]);
		if (count == columns)
			break;
	}
	buf_add(out, str_head(s, at));
	buf_add(out, STR("…"));
}

struct str
utf8_bare(struct str s)
{
	return str_starts(s, "\xef\xbb\xbf") ? str_tail(s, 3) : s;
}
