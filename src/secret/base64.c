#include "secret/base64.h"

#include <sodium.h>

#include "base/arena.h"

static int
variant(enum base64_form form)
{
	return form == BASE64_URL ? sodium_base64_VARIANT_URLSAFE_NO_PADDING
	                          : sodium_base64_VARIANT_ORIGINAL;
}

size_t
base64_len(size_t len, enum base64_form form)
{
	return sodium_base64_encoded_len(len, variant(form)) - 1;
}

void
base64_write(char *out, struct str bytes, enum base64_form form)
{
	(void)sodium_bin2base64(out, base64_len(bytes.len, form) + 1,
	    (const unsigned char *)bytes.ptr, bytes.len, variant(form));
}

struct str
base64_text(struct arena *a, struct str bytes, enum base64_form form)
{
	size_t len = base64_len(bytes.len, form);
	char *text = arena_alloc(a, len + 1);

	base64_write(text, bytes, form);
	return (struct str){ text, len };
}

bool
base64_read(struct str text, enum base64_form form, unsigned char *out, size_t room, size_t *len)
{
	unsigned char high = 0;

	/* libsodium 1.0.18 takes some bytes above 0x7f for digits where char is signed */
	for (size_t i = 0; i < text.len; i++)
		high |= (unsigned char)text.ptr[i] & 0x80;
	return !high
	       && sodium_base642bin(out, room, text.ptr, text.len, NULL, len, NULL, variant(form))
	              == 0;
}
