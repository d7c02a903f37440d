/*
 * Addresses: what is accepted is reported back as an address that means the same; what is refused is a
 * usage error with a hint; and nothing of a text with user info is ever repeated.
 */
#include <string.h>

#include "base/arena.h"
#include "net/url.h"

#include "fuzz.h"

static void
check_accepted(struct arena *a, const struct url *url)
{
	struct url again;
	struct err err = { 0 };

	if (url->port == 0 || strpbrk(url->host, "/@?#[] \t\r\n%"))
		abort();
	if (url_parse(a, str_of(url->text), &again, &err) < 0)
		abort();
	if (strcmp(url->text, again.text) != 0 || strcmp(url->host, again.host) != 0
	    || url->port != again.port || url->tls != again.tls
	    || url->is_loopback != again.is_loopback || !again.has_port)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(no_memory);
	struct str in = { (const char *)data, len };
	struct err err = { 0 };
	struct url url;

	if (url_parse(a, in, &url, &err) == 0) {
		check_accepted(a, &url);
	} else {
		struct err plain = { 0 };

		if (err.kind != ERR_USAGE || !err.text[0] || !err.hint[0])
			abort();
		/* with an '@' in it the text of the error is always the same one, or the scheme's */
		if (str_find(in, '@') < in.len && !strstr(err.text, "user info")
		    && !strstr(err.text, "another scheme"))
			abort();
		(void)err_set(&plain, ERR_USAGE, "%s", err.text);
		for (size_t i = 0; plain.text[i]; i++)
			if (plain.text[i] < 0x20 || plain.text[i] > 0x7e)
				abort();
	}
	arena_free(a);
	return 0;
}
