#include "secret/payload.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "secret/secret.h"

/* The lines, in the order in which they are written; each at most once, in any order, when read. */
enum line {
	LINE_CLUSTER,
	LINE_TARGET,
	LINE_PROJECT,
	LINE_LABEL,
	LINE_PRINCIPAL,
	LINE_EXPIRES,
	LINE_TOKEN,
	LINE_COUNT
};
static const char *const names[LINE_COUNT] = { "cluster", "target", "project", "label", "principal",
	"expires", "token" };

/* A place in memory that is wiped by its owner. */
struct writer {
	char *out;
	size_t len;
};

static void
put(struct writer *w, struct str s)
{
	memcpy(w->out + w->len, s.ptr, s.len); /* sizes were checked: MAX_PAYLOAD_BYTES holds all */
	w->len += s.len;
}

static void
put_line(struct writer *w, enum line line, struct str value)
{
	if (value.len == 0)
		return;
	put(w, str_of(names[line]));
	put(w, STR(" "));
	put(w, value);
	put(w, STR("\n"));
}

static int
put_token(void *ctx, struct str bytes)
{
	put_line(ctx, LINE_TOKEN, bytes);
	return 0;
}

static bool
is_one_line(struct str value)
{
	size_t at;

	return value.len <= MAX_FACT_BYTES && !str_has_control(value) && utf8_is_valid(value, &at);
}

static int
check_fact(const char *name, struct str value, struct err *err)
{
	if (is_one_line(value))
		return 0;
	(void)err_set(err, ERR_USAGE,
	    "the %s of a sealed token must be one line of at most %d bytes", name, MAX_FACT_BYTES);
	return err_hint(err, "shorten it, and leave control characters out");
}

int
payload_write(const struct secret *token, const struct sealed_facts *facts, char *out, size_t *len,
    struct err *err)
{
	const struct str texts[] = { [LINE_CLUSTER] = facts->cluster,
		[LINE_TARGET] = facts->target,
		[LINE_PROJECT] = facts->project,
		[LINE_LABEL] = facts->label,
		[LINE_PRINCIPAL] = facts->principal };
	struct writer w = { out, 0 };
	char expires[24];

	for (enum line i = 0; i < COUNT_OF(texts); i++) {
		if (check_fact(names[i], texts[i], err) < 0)
			return -1;
		put_line(&w, i, texts[i]);
	}
	if (facts->cluster.len == 0)
		return err_set(err, ERR_USAGE, "a sealed token needs the cluster that it is for");
	(void)snprintf(expires, sizeof(expires), "%lld", (long long)facts->expires_s);
	put_line(&w, LINE_EXPIRES, facts->expires_s ? str_of(expires) : STR(""));
	if (secret_lend(token, put_token, &w) < 0)
		return err_set(err, ERR_SYSTEM, "the memory of the token cannot be read");
	*len = w.len;
	return 0;
}

/* A time in seconds, of at most 12 digits. */
static bool
read_time(struct str text, int64_t *out)
{
	uint64_t number = 0;
	bool good = text.len <= 12 && str_number(text, &number);

	*out = (int64_t)number;
	return good;
}

static enum line
line_named(struct str name)
{
	enum line line = 0;

	while (line < LINE_COUNT && !str_is(name, names[line]))
		line++;
	return line;
}

/* Each line's value, views into the payload; false when the lines are not those of version 1. */
static bool
read_lines(struct str payload, struct str values[LINE_COUNT])
{
	struct str line;

	while (payload.len > 0 && str_split(&payload, '\n', &line)) {
		size_t blank = str_find(line, ' ');
		enum line which = line_named(str_head(line, blank));
		struct str value = str_tail(line, blank + 1);

		if (which == LINE_COUNT || values[which].ptr || value.len == 0)
			return false;
		if (which != LINE_TOKEN && !is_one_line(value))
			return false;
		values[which] = value;
	}
	return values[LINE_CLUSTER].ptr && values[LINE_TOKEN].ptr;
}

struct secret *
payload_read(struct arena *a, struct str payload, const char *what, struct sealed_facts *out,
    struct err *err)
{
	struct str values[LINE_COUNT] = { { NULL, 0 } };
	struct sealed_facts facts = { .expires_s = 0 };

	if (!read_lines(payload, values)
	    || (values[LINE_EXPIRES].ptr && !read_time(values[LINE_EXPIRES], &facts.expires_s))) {
		(void)err_set(
		    err, ERR_SPEC, "%s holds something that this pachup does not know", what);
		(void)err_hint(
		    err, "update pachup, or seal the token again with 'pachup token seal'");
		return NULL;
	}
	facts.cluster = arena_str(a, values[LINE_CLUSTER]);
	facts.target = arena_str(a, values[LINE_TARGET]);
	facts.project = arena_str(a, values[LINE_PROJECT]);
	facts.label = arena_str(a, values[LINE_LABEL]);
	facts.principal = arena_str(a, values[LINE_PRINCIPAL]);
	*out = facts;
	return secret_new(values[LINE_TOKEN], what, err);
}
