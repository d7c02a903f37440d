#include "tap.h"

#include <string.h>

#include "secret/base64.h"
#include "secret/secret.h"

static void
test_base64__vectors(void)
{
	/* RFC 4648, section 10, and digits 62 and 63 */
	static const struct {
		struct str bytes;
		const char *padded, *url;
	} rows[] = {
		{ { "", 0 }, "", "" },
		{ { "f", 1 }, "Zg==", "Zg" },
		{ { "fo", 2 }, "Zm8=", "Zm8" },
		{ { "foo", 3 }, "Zm9v", "Zm9v" },
		{ { "foob", 4 }, "Zm9vYg==", "Zm9vYg" },
		{ { "\xfb\xff\xfe", 3 }, "+//+", "-__-" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		for (enum base64_form form = BASE64_PADDED; form <= BASE64_URL; form++) {
			const char *want = form == BASE64_URL ? rows[i].url : rows[i].padded;
			unsigned char back[8];
			char text[16];
			size_t len = 9;

			base64_write(text, rows[i].bytes, form);
			ok(strcmp(text, want) == 0
			        && base64_len(rows[i].bytes.len, form) == strlen(want),
			    "row %zu: %s", i, text);
			ok(base64_read(str_of(want), form, back, sizeof(back), &len)
			        && str_eq((struct str){ (char *)back, len }, rows[i].bytes),
			    "and back");
		}
}

static void
test_base64_read__refuses(void)
{
	static const struct {
		struct str text;
		enum base64_form form;
	} rows[] = {
		{ { "Z", 1 }, BASE64_URL },
		{ { "Zg==", 4 }, BASE64_URL },
		{ { "Zg", 2 }, BASE64_PADDED },
		{ { "Zh", 2 }, BASE64_URL }, /* a bit behind the last byte */
		{ { "Zg\n", 3 }, BASE64_URL },
		{ { "+//+", 4 }, BASE64_URL },
		{ { "-__-", 4 }, BASE64_PADDED },
		{ { "Zm9vZm9vZm9v", 12 }, BASE64_URL }, /* too long */
		{ { "Zm\0v", 4 }, BASE64_URL },
	};
	unsigned char out[8];
	size_t len, taken = 0;

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		ok(!base64_read(rows[i].text, rows[i].form, out, sizeof(out), &len), "row %zu", i);
	for (int c = 0x80; c <= 0xff; c++) {
		char text[4] = { 'Z', 'm', (char)c, 'v' };

		taken += base64_read((struct str){ text, 4 }, BASE64_URL, out, sizeof(out), &len);
	}
	ok(taken == 0, "no byte above 0x7f");
}

int
main(void)
{
	struct err err = { 0 };

	if (secret_guard_process(&err) < 0)
		return 1;
	test_base64__vectors();
	test_base64_read__refuses();
	return done();
}
