#include "net/frame.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/utf8.h"

void
frame_prefix(size_t len, unsigned char out[FRAME_PREFIX_BYTES])
{
	out[0] = 0;
	out[1] = (unsigned char)(len >> 24);
	out[2] = (unsigned char)(len >> 16);
	out[3] = (unsigned char)(len >> 8);
	out[4] = (unsigned char)len;
}

int
frame_next(struct str *rest, struct str *message, struct err *err)
{
	const unsigned char *p = (const unsigned char *)rest->ptr;
	size_t len;

	if (rest->len < FRAME_PREFIX_BYTES)
		return 0;
	if (p[0] > 1) {
		(void)err_set(err, ERR_NETWORK, "the response is not gRPC");
		return err_hint(err, "check that the address is pachd's and not another service's");
	}
	if (p[0] == 1) {
		/* grpc-accept-encoding offers only identity, so this is the server's mistake */
		(void)err_set(err, ERR_NETWORK,
		    "the response is compressed, but compression was not requested");
		return err_hint(
		    err, "turn off gRPC compression in the server or the proxy before it");
	}
	len = (size_t)p[1] << 24 | (size_t)p[2] << 16 | (size_t)p[3] << 8 | p[4];
	if (len > MAX_RPC_BYTES) {
		(void)err_set(err, ERR_NETWORK,
		    "a response of %zu bytes exceeds the limit of %d MiB", len,
		    MAX_RPC_BYTES >> 20);
		return err_hint(err, "name fewer pipelines, or check that the address is pachd's");
	}
	if (rest->len - FRAME_PREFIX_BYTES < len)
		return 0;
	*message = str_head(str_tail(*rest, FRAME_PREFIX_BYTES), len);
	*rest = str_tail(*rest, FRAME_PREFIX_BYTES + len);
	return 1;
}

/* The value of a hexadecimal digit; -1: any other character. */
static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

struct str
percent_decode(struct arena *a, struct str text)
{
	char *out = arena_alloc(a, text.len + 1);
	size_t len = 0, at = 0, bad;

	for (size_t i = 0; i < text.len; i++) {
		int high = text.len - i > 2 ? hex_value(text.ptr[i + 1]) : -1;
		int low = text.len - i > 2 ? hex_value(text.ptr[i + 2]) : -1;

		if (text.ptr[i] == '%' && high >= 0 && low >= 0) {
			out[len++] = (char)(high << 4 | low);
			i += 2;
		} else {
			out[len++] = text.ptr[i];
		}
	}
	while (!utf8_is_valid(str_tail((struct str){ out, len }, at), &bad)) {
		at += bad;
		out[at++] = '?';
	}
	return (struct str){ out, len };
}

const char *
timeout_text(struct arena *a, int64_t ms)
{
	static const struct {
		int64_t ms;
		char unit;
	} units[] = { { 1, 'm' }, { 1000, 'S' }, { 60000, 'M' }, { 3600000, 'H' } };
	const int64_t most = 99999999;
	size_t i = 0;
	int64_t value;

	while (i + 1 < COUNT_OF(units) && ms / units[i].ms > most)
		i++;
	value = ms / units[i].ms;
	value = value > most ? most : value < 1 ? 1 : value;
	return arena_fmt(a, "%lld%c", (long long)value, units[i].unit).ptr;
}
