/* Image references and durations: the parts add up to the whole, and what is printed reads the same. */
#include "base/arena.h"
#include "pipeline/image.h"
#include "wire/scalar.h"

#include "fuzz.h"

static void
check_image(struct arena *a, struct str text)
{
	struct image im = image_split(text);
	size_t sum = im.repo.len + im.tag.len + im.digest.len + (im.tag.ptr ? 1 : 0)
	             + (im.digest.ptr ? 1 : 0);

	if (sum != text.len || !str_eq(image_text(a, &im), text))
		abort();
	if (!image_fault(&im) && !image_same_repo(im.repo, im.repo))
		abort();
}

static void
check_duration(struct arena *a, struct str text)
{
	struct span_of_time t, again;
	struct str printed;

	if (!value_duration(text, &t))
		return;
	if ((t.seconds > 0 && t.nanos < 0) || (t.seconds < 0 && t.nanos > 0) || t.nanos > 999999999
	    || t.nanos < -999999999)
		abort();
	if (t.seconds < 0 || t.nanos < 0)
		return;
	printed = arena_fmt(a, "%lld.%09ds", (long long)t.seconds, (int)t.nanos);
	if (!value_duration(printed, &again) || again.seconds != t.seconds
	    || again.nanos != t.nanos)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(no_memory);
	struct str text = arena_str(a, (struct str){ (const char *)data, len });
	struct span_of_time t;

	if (str_find(text, '\0') == text.len) /* no text of ours holds a NUL */
		check_image(a, text);
	check_duration(a, text);
	(void)value_timestamp(text, &t);
	arena_free(a);
	return 0;
}
