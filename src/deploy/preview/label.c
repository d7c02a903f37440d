#include "deploy/preview/label.h"

#include <string.h>

#include "base/arena.h"
#include "base/moment.h"

static const char leading[] = "pachup preview of ", until[] = " until ";

struct str
preview_label_text(struct arena *a, const struct preview_label *label)
{
	struct str text = arena_fmt(a, "%s%.*s#%.*s (target %.*s)", leading,
	    STR_FMT(label->repository), STR_FMT(label->number), STR_FMT(label->target));

	if (label->until_s == 0)
		return text;
	return arena_fmt(
	    a, "%.*s%s%.*s", STR_FMT(text), until, STR_FMT(moment_text(a, label->until_s)));
}

/* "2026-12-07 10:00 UTC", as moment_text() writes it. */
static bool
read_moment(struct str text, int64_t *seconds)
{
	enum { DAY = 10, WHOLE = 20 };
	char iso[] = "YYYY-MM-DDTHH:MMZ";

	if (text.len != WHOLE || text.ptr[DAY] != ' ' || !str_ends(text, " UTC"))
		return false;
	memcpy(iso, text.ptr, DAY);
	memcpy(iso + DAY + 1, text.ptr + DAY + 1, 5);
	return moment_read(str_of(iso), seconds);
}

/* Takes all up to `sep` off the front of *rest. */
static bool
take_until(struct str *rest, const char *sep, struct str *part)
{
	size_t len = strlen(sep);

	for (size_t i = 0; i + len <= rest->len; i++)
		if (memcmp(rest->ptr + i, sep, len) == 0) {
			*part = str_head(*rest, i);
			*rest = str_tail(*rest, i + len);
			return true;
		}
	return false;
}

bool
preview_label_read(struct str text, struct preview_label *out)
{
	*out = (struct preview_label){ .until_s = 0 };
	if (!str_take(&text, leading) || !take_until(&text, "#", &out->repository)
	    || !take_until(&text, " (target ", &out->number)
	    || !take_until(&text, ")", &out->target))
		return false;
	if (out->repository.len == 0 || !str_is_of(out->number, CHARS_DIGIT))
		return false;
	return text.len == 0 || (str_take(&text, until) && read_moment(text, &out->until_s));
}

struct str
preview_repository(struct arena *a, struct str text)
{
	struct str rest = text, part;

	if (take_until(&rest, "://", &part))
		rest = str_tail(rest, str_find(rest, '/') + 1);
	else if (str_find(text, '@') < text.len)
		rest = str_tail(text, str_find(text, ':') + 1);
	if (str_ends(rest, ".git"))
		rest = str_head(rest, rest.len - strlen(".git"));
	return arena_lower(a, rest);
}

bool
preview_label_is_same(
    struct arena *a, const struct preview_label *one, const struct preview_label *other)
{
	return str_eq(one->number, other->number) && str_eq(one->target, other->target)
	       && str_eq(preview_repository(a, one->repository),
	           preview_repository(a, other->repository));
}
