#include <stdlib.h>
#include <string.h>

#include "ci/ci.h"
#include "ci/say.h"
#include "ci/system.h"
#include "secret/secret.h"

enum { MASK_MIN = 4 }; /* bytes; hiding shorter ones would blot out innocent text */

/* A line of a size known before, so that no copy of it is left behind by growing. */
struct mask_line {
	char *ptr;
	size_t len;
	const struct say_escape *escapes;
};

static void
add_char(struct mask_line *line, char c)
{
	const char *other = say_escape_of(line->escapes, c);

	if (!other)
		line->ptr[line->len++] = c;
	else
		while (*other)
			line->ptr[line->len++] = *other++;
}

static void
add_plain(struct mask_line *line, struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		add_char(line, s.ptr[i]);
}

/* RFC 4648 section 5, without padding: what hides this hides a padded form, too. */
static void
add_base64url(struct mask_line *line, struct str s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                             "0123456789-_";
	const unsigned char *p = (const unsigned char *)s.ptr;

	for (size_t i = 0; i < s.len; i += 3) {
		size_t left = s.len - i;
		unsigned long bits = (unsigned long)p[i] << 16;

		bits |= left > 1 ? (unsigned long)p[i + 1] << 8 : 0;
		bits |= left > 2 ? p[i + 2] : 0;
		for (size_t n = 0; n < (left > 2 ? 4 : left + 1); n++)
			add_char(line, digits[bits >> (18 - 6 * n) & 63]);
	}
}

static void
add_percent(struct mask_line *line, struct str s, const char *digits)
{
	static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                                 "0123456789-._~"; /* RFC 3986 section 2.3 */

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (memchr(unreserved, c, sizeof(unreserved) - 1)) {
			add_char(line, (char)c);
			continue;
		}
		add_char(line, '%');
		add_char(line, digits[c >> 4]);
		add_char(line, digits[c & 15]);
	}
}

static void
add_percent_upper(struct mask_line *line, struct str s)
{
	add_percent(line, s, "0123456789ABCDEF");
}

static void
add_percent_lower(struct mask_line *line, struct str s)
{
	add_percent(line, s, "0123456789abcdef");
}

struct masking {
	struct ci *ci;
	bool plain;
	struct err *err;
};

/* Writes the command that hides one form of the value; none for a form that equals the value itself. */
static int
mask_as(
    const struct masking *job, struct str value, void (*form)(struct mask_line *line, struct str s))
{
	const struct ci_system *system = job->ci->system;
	/* a byte becomes at most "%XX" and each of these at most 7 bytes ("%AZP25") */
	size_t start = strlen(system->mask), room = start + value.len * 3 * 7 + 1;
	struct mask_line line = { .ptr = malloc(room) };
	int rc = 0;

	if (!line.ptr)
		return err_set(job->err, ERR_SYSTEM, "cannot mask a secret: out of memory");
	form(&line, value);
	if (form == add_plain || line.len != value.len || memcmp(line.ptr, value.ptr, value.len)) {
		line.len = 0;
		add_plain(&line, str_of(system->mask));
		line.escapes = system->escapes;
		form(&line, value);
		line.ptr[line.len++] = '\n';
		if (fwrite(line.ptr, 1, line.len, job->ci->log) != line.len)
			rc = err_set(job->err, ERR_SYSTEM, "cannot write to the runner's log");
	}
	secret_wipe(line.ptr, room);
	free(line.ptr);
	return rc;
}

static int
mask_all(void *ctx, struct str value)
{
	const struct masking *job = ctx;

	if (value.len < MASK_MIN)
		return 0;
	if (job->plain && mask_as(job, value, add_plain) < 0)
		return -1;
	if (mask_as(job, value, add_base64url) < 0 || mask_as(job, value, add_percent_upper) < 0)
		return -1;
	return mask_as(job, value, add_percent_lower);
}

int
ci_mask(struct ci *ci, const struct secret *s, bool plain, struct err *err)
{
	struct masking job = { ci, plain, err };
	int rc;

	if (!ci->system->mask || !ci->is_channel)
		return 0;
	rc = secret_lend(s, mask_all, &job);
	/* in the runner's hands before any other line */
	if (rc == 0 && fflush(ci->log) != 0)
		return err_set(err, ERR_SYSTEM, "cannot write to the runner's log");
	return rc;
}
