#include "secret/join.h"

#include <sodium.h>
#include <string.h>

#include "base/limits.h"
#include "secret/base64.h"
#include "secret/secret.h"

struct joining {
	char *out;
	size_t len;
};

static int
measure(void *ctx, struct str bytes)
{
	*(size_t *)ctx += base64_len(bytes.len, BASE64_PADDED);
	return 0;
}

size_t
secret_join_len(const struct secret_part *parts, size_t count)
{
	size_t len = 0;

	for (size_t i = 0; i < count; i++) {
		if (parts[i].secret)
			(void)secret_lend(parts[i].secret, measure, &len);
		else
			len += parts[i].text.len;
	}
	return len;
}

static int
add_digits(void *ctx, struct str bytes)
{
	struct joining *j = ctx;

	base64_write(j->out + j->len, bytes, BASE64_PADDED);
	j->len += base64_len(bytes.len, BASE64_PADDED);
	return 0;
}

struct secret *
secret_join(const struct secret_part *parts, size_t count, const char *what, struct err *err)
{
	size_t len = secret_join_len(parts, count);
	struct joining j = { NULL, 0 };
	struct secret *whole = NULL;

	if (len > MAX_SECRET_BYTES) {
		(void)err_set(err, ERR_USAGE, "%s has more than %d bytes", what, MAX_SECRET_BYTES);
		return NULL;
	}
	j.out = secret_room(len + 1, what, err); /* base64_write() puts a NUL behind its digits */
	if (!j.out)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (!parts[i].secret) {
			memcpy(j.out + j.len, parts[i].text.ptr, parts[i].text.len);
			j.len += parts[i].text.len;
		} else if (secret_lend(parts[i].secret, add_digits, &j) < 0) {
			(void)err_set(err, ERR_SYSTEM, "the memory of %s cannot be read", what);
			break;
		}
	}
	if (j.len == len)
		whole = secret_of_bytes((struct str){ j.out, len }, what, err);
	sodium_free(j.out); /* wipes */
	return whole;
}
