/*
 * What commits and requests say. The lines of a commit's message are the only memory that runs have of each other: a
 * request's body is made of them. They come back as text of strangers, and only as text are they shown.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "ci/markdown.h"
#include "edit/write_back_inside.h"
#include "git/written.h"
#include "pipeline/image.h"
#include "pipeline/spec.h"
#include "secret/digest.h"

enum {
	MAX_MESSAGE_BYTES = 60 << 10,
	MAX_BODY_BYTES = 60000, /* hosts take 65,536 characters */
	MARK_DIGITS = 32
};

#define MORE " more" /* rows than fit a message */

/* For all lines of a message whose tags are commits. */
#define COMPARE_TRAILER "Pachup-Compare: "

/* On one line, with controls made visible. */
static struct str
clean(struct arena *a, struct str text)
{
	struct buf out = BUF_INIT(MAX_MESSAGE_BYTES);

	md_clean(&out, text);
	return buf_take(&out, a);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Whether a host may make a link of what begins with this character: "#1", "@name" and "GH-1". The '@' of a digest follows
 * a letter or a digit, and the '-' of other names, "search-1", no "gh". */
static bool
begins_link(struct str text, size_t at)
{
	char c = text.ptr[at];

	if (c == '@')
		return at == 0 || !is_word(text.ptr[at - 1]);
	if (c == '-')
		return at >= 2 && (text.ptr[at - 2] | 0x20) == 'g'
		       && (text.ptr[at - 1] | 0x20) == 'h' && at + 1 < text.len
		       && is_digit(text.ptr[at + 1]);
	return c == '#';
}

/* Hosts read commits, too: "@name" calls somebody, and "closes #1" closes an issue. A zero-width space (U+200B) behind the
 * character ends that; it is only where one is needed, as names are copied from there. */
static struct str
without_links(struct arena *a, struct str text)
{
	struct buf out = BUF_INIT(4 * MAX_MESSAGE_BYTES);

	for (size_t i = 0; i < text.len; i++) {
		buf_add_char(&out, text.ptr[i]);
		if (begins_link(text, i))
			buf_add(&out, STR("\xe2\x80\x8b"));
	}
	return buf_take(&out, a);
}

/* A value's blanks become no-break spaces, so that the line can be read back. */
static struct str
in_line(struct arena *a, struct str text)
{
	struct buf out = BUF_INIT(4 * MAX_MESSAGE_BYTES);
	struct str shown = without_links(a, clean(a, text));

	for (size_t i = 0; i < shown.len; i++)
		buf_add(
		    &out, shown.ptr[i] == ' ' ? STR("\xc2\xa0") : (struct str){ shown.ptr + i, 1 });
	return buf_take(&out, a);
}

/* Of what is as it was before. */
static void
drop_row(struct rows *rows, size_t at)
{
	rows->count--;
	for (size_t i = at; i < rows->count; i++)
		rows->list[i] = rows->list[i + 1];
}

static void
add_row(struct rows *rows, struct arena *a, struct row one)
{
	for (size_t i = 0; i < rows->count; i++)
		if (str_eq(rows->list[i].where, one.where) && str_eq(rows->list[i].new, one.old)) {
			rows->list[i].new = one.new;
			rows->list[i].compare = one.compare;
			if (str_eq(rows->list[i].old, one.new))
				drop_row(rows, i);
			return;
		}
	rows->list = arena_grow(a, rows->list, rows->count, &rows->room, sizeof(one));
	rows->list[rows->count++] = one;
}

static struct str
page_of(const struct back *b, const struct change *c)
{
	struct str old = image_split(c->old).tag, new = image_split(c->new).tag;

	return c->path.len == 0 && write_back_has_commits(b, old, new) ? b->run->event.compare
	                                                               : STR("");
}

static size_t
row_bytes(const struct row *r)
{
	return strlen("-  ->  in \n") + r->old.len + r->new.len + r->where.len;
}

/* Those that do not fit a message are counted alone, so that this run says what the next one reads. */
static void
fit_message(struct rows *rows)
{
	size_t len = 0, count = 0;

	while (count < rows->count && len + row_bytes(&rows->list[count]) <= MAX_MESSAGE_BYTES)
		len += row_bytes(&rows->list[count++]);
	rows->lost += rows->count - count;
	rows->count = count;
}

void
rows_add(struct rows *rows, struct arena *a, const struct rows *more)
{
	for (size_t i = 0; i < more->count; i++)
		add_row(rows, a, more->list[i]);
	if (more->lost > rows->lost)
		rows->lost = more->lost;
}

void
rows_add_changes(struct rows *rows, struct back *b)
{
	for (size_t i = 0; i < b->all->change_count; i++) {
		const struct change *c = &b->all->changes[i];
		struct str title =
		    c->path.len > 0 ? c->path : spec_title(b->a, c->project, c->name);
		struct str where = title.len ? arena_fmt(b->a, "%s (%.*s)", c->file, STR_FMT(title))
		                             : str_of(c->file);

		add_row(rows, b->a,
		    (struct row){ in_line(b->a, c->old), in_line(b->a, c->new),
		        without_links(b->a, clean(b->a, where)), page_of(b, c) });
	}
	fit_message(rows);
}

/* An address that comes back as text of strangers: https, and nothing that could end a link. */
static bool
is_page(struct str url)
{
	for (size_t i = 0; i < url.len; i++) {
		char c = url.ptr[i];

		if (!is_word(c) && !strchr("-._~/:?=&%{}", c))
			return false;
	}
	return str_starts(url, "https://") && url.len < 1000;
}

/* The page of a row: "{old}" and "{new}" become its tags, where both are commits. Empty: there is none. */
static struct str
page_of_row(struct arena *a, const struct row *r)
{
	struct str old = image_split(r->old).tag, new = image_split(r->new).tag;
	struct str rest = r->compare, page = STR("");

	if (!is_page(rest) || !old.ptr || !new.ptr || !tag_is_commit(old) || !tag_is_commit(new))
		return STR("");
	while (rest.len > 0) {
		size_t brace = str_find(rest, '{');
		struct str word = str_tail(rest, brace);

		page = arena_fmt(a, "%.*s%.*s", STR_FMT(page), STR_FMT(str_head(rest, brace)));
		if (word.len == 0)
			break;
		if (!str_starts(word, "{old}") && !str_starts(word, "{new}"))
			return STR("");
		page = arena_fmt(
		    a, "%.*s%.*s", STR_FMT(page), STR_FMT(str_starts(word, "{old}") ? old : new));
		rest = str_tail(word, strlen("{old}"));
	}
	return page;
}

/* Where `word` is in `text`; text.len: nowhere. */
static size_t
find(struct str text, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= text.len; i++)
		if (memcmp(text.ptr + i, word, len) == 0)
			return i;
	return text.len;
}

/* "- OLD -> NEW in WHERE" */
static void
add_line(struct rows *rows, struct arena *a, struct str line, struct str page)
{
	size_t arrow = find(line, " -> ");
	struct str rest = str_tail(line, arrow + 4);
	size_t in = find(rest, " in ");

	if (!str_starts(line, "- ") || arrow < 2 || arrow == line.len || in == rest.len)
		return;
	add_row(rows, a,
	    (struct row){ str_tail(str_head(line, arrow), 2), str_head(rest, in),
	        str_tail(rest, in + 4), page });
}

/* "and 7 more": how many; 0: it is another line. */
static size_t
lost_in(struct str line)
{
	uint64_t count;

	if (!str_starts(line, "and ") || !str_ends(line, MORE))
		return 0;
	line = str_tail(str_head(line, line.len - strlen(MORE)), 4);
	return line.len < 10 && str_number(line, &count) ? (size_t)count : 0;
}

void
rows_add_message(struct rows *rows, struct arena *a, struct str message)
{
	struct str rest = message, line, page = STR("");

	if (!written_is_message(message))
		return;
	while (str_split(&rest, '\n', &line))
		if (str_starts(line, COMPARE_TRAILER))
			page = str_tail(line, strlen(COMPARE_TRAILER));
	rest = message;
	while (str_split(&rest, '\n', &line)) {
		size_t lost = lost_in(line);

		add_line(rows, a, line, page);
		if (lost > rows->lost)
			rows->lost = lost;
	}
}

struct str
commit_headline(struct back *b, const struct rows *rows)
{
	size_t files = b->all->edited_count, count = rows->count + rows->lost, values = 0;
	struct str first = rows->list[0].new;
	bool is_one = true;

	for (size_t i = 1; i < rows->count; i++)
		is_one = is_one && str_eq(rows->list[i].new, first);
	if (is_one && first.len <= 60 && b->all->changes[0].path.len == 0)
		return arena_fmt(b->a, "Set %.*s", STR_FMT(first));
	for (size_t i = 0; i < b->all->change_count; i++)
		values += b->all->changes[i].path.len > 0;
	return arena_fmt(b->a, "Set %zu %s%s in %zu file%s", count,
	    values == 0                      ? "image"
	    : values == b->all->change_count ? "value"
	                                     : "images and value",
	    count == 1 ? "" : "s", files, files == 1 ? "" : "s");
}

/* Only if it is the page of all rows whose tags look like commits. */
static void
add_page(struct buf *out, const struct rows *rows)
{
	struct str page = STR("");

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *r = &rows->list[i];

		if (r->compare.len > 0)
			page = r->compare;
		else if (tag_is_commit(image_split(r->old).tag)
		         && tag_is_commit(image_split(r->new).tag))
			return;
	}
	if (page.len > 0)
		buf_fmt(out, COMPARE_TRAILER "%.*s\n", STR_FMT(page));
}

struct str
commit_body(struct back *b, const struct rows *rows)
{
	struct buf out = BUF_INIT(2 * MAX_MESSAGE_BYTES);
	const char *who = b->run->opt.sign_off;

	for (size_t i = 0; i < rows->count; i++) {
		const struct row *r = &rows->list[i];

		buf_fmt(&out, "- %.*s -> %.*s in %.*s\n", STR_FMT(r->old), STR_FMT(r->new),
		    STR_FMT(r->where));
	}
	if (rows->lost > 0)
		buf_fmt(&out, "and %zu" MORE "\n", rows->lost);
	buf_add_char(&out, '\n');
	if (who)
		buf_fmt(&out, "Signed-off-by: %.*s\n", STR_FMT(clean(b->a, str_of(who))));
	add_page(&out, rows);
	buf_add(&out, STR(WRITTEN_TRAILER "1"));
	return buf_take(&out, b->a);
}

static int
by_place(const void *left, const void *right)
{
	const struct row *l = left, *r = right;
	int order = str_cmp(l->where, r->where);

	return order ? order : str_cmp(l->new, r->new);
}

struct str
request_mark(struct back *b, const struct rows *rows)
{
	struct row *sorted = ARENA_ARRAY(b->a, rows->count, struct row);
	struct buf all = BUF_INIT(64 << 20);
	struct str text;

	if (rows->count > 0) {
		memcpy(sorted, rows->list, rows->count * sizeof(*sorted));
		qsort(sorted, rows->count, sizeof(*sorted), by_place);
	}
	for (size_t i = 0; i < rows->count; i++)
		buf_fmt(&all, "%.*s\n%.*s\n", STR_FMT(sorted[i].where), STR_FMT(sorted[i].new));
	if (rows->lost > 0)
		buf_fmt(&all, "%zu" MORE "\n", rows->lost);
	text = buf_take(&all, b->a);
	return arena_fmt(b->a, WRITTEN_MARK "%.*s -->", MARK_DIGITS, digest_hex(b->a, text).ptr);
}

static void
write_row(struct arena *a, struct buf *out, const struct row *r)
{
	struct str page = page_of_row(a, r);

	buf_add(out, STR("| "));
	md_code(out, r->old);
	buf_add(out, STR(" | "));
	md_code(out, r->new);
	if (page.len > 0)
		buf_fmt(out, " ([compare](%.*s))", STR_FMT(page));
	buf_add(out, STR(" | "));
	md_text(out, r->where);
	buf_add(out, STR(" |\n"));
}

struct str
request_body(struct back *b, const struct rows *rows, struct str plans)
{
	struct str mark = request_mark(b, rows);
	struct buf out = BUF_INIT(2 * MAX_BODY_BYTES);
	size_t left = rows->lost;

	buf_fmt(&out, "%.*s\nMerging this deploys:\n\n", STR_FMT(mark));
	buf_add(&out, STR("| from | to | where |\n| --- | --- | --- |\n"));
	for (size_t i = 0; i < rows->count; i++) {
		size_t before = out.len;

		write_row(b->a, &out, &rows->list[i]);
		if (out.len + plans.len > MAX_BODY_BYTES) {
			out.len = before;
			left += rows->count - i;
			break;
		}
	}
	if (rows->lost > 0)
		buf_fmt(&out, "\nand at least %zu more, which the commits change.\n", left);
	else if (left > 0)
		buf_fmt(&out, "\nand %zu more, which the commits list.\n", left);
	buf_fmt(&out, "\n%.*s", STR_FMT(plans));
	buf_add(&out, STR("This branch is updated in place. Close the request to refuse exactly "
	                  "this content; a later image opens a new one.\n"));
	return buf_take(&out, b->a);
}

/* What is closed because the base has it may be opened again. */
struct str
request_closed_body(struct back *b, struct str body)
{
	size_t line = str_find(body, '\n');

	return arena_fmt(b->a,
	    WRITTEN_MARK "done -->\nThe base has all of this already."
	                 "\n%.*s",
	    STR_FMT(str_tail(body, line)));
}
