/*
 * Input: 'l' or anything else (lines, or JSON values), then a file. The pieces one after the other are the file,
 * without blanks between JSON values; no line but the last has no line feed at its end; and where a file is objects
 * one after the other, each is a piece. What is short and cut off as a JSON value is one for cJSON too.
 */
#include <cjson/cJSON.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "data/split.h"
#include "format/doc.h"

#include "fuzz.h"

enum { MOST = 4 << 20, SHORT = 60 };

struct pieces {
	struct buf all;  /* what is in pieces */
	size_t skipped;  /* bytes in none */
	size_t finished; /* how many pieces ended */
	size_t start;    /* of the present one, in `all` */
	bool is_wrong;
	bool is_json;
};

/* cJSON copies numbers of up to 63 bytes, and refuses halves of surrogate pairs. */
static void
must_be_json(struct str piece)
{
	cJSON *tree;

	if (piece.len > SHORT || str_holds(piece, STR("\\u")))
		return;
	tree = cJSON_ParseWithLength(piece.ptr, piece.len);
	must(tree != NULL);
	cJSON_Delete(tree);
}

/* No piece is empty. */
static void
finish(struct pieces *p)
{
	must(p->all.len > p->start);
	if (p->is_json && !p->is_wrong)
		must_be_json(str_tail(buf_str(&p->all), p->start));
	p->start = p->all.len;
	p->finished++;
}

static void
take(struct pieces *p, struct splitter *s, char c)
{
	enum split_what what = split_next(s, c);

	if (what == SPLIT_BEFORE) {
		finish(p);
		what = split_next(s, c);
		must(what != SPLIT_BEFORE);
	}
	if (what == SPLIT_WRONG)
		p->is_wrong = true;
	else if (what == SPLIT_SKIP)
		p->skipped++;
	else
		buf_add_char(&p->all, c);
	if (what == SPLIT_END)
		finish(p);
}

static struct pieces
cut(struct str file, enum pfs_split by)
{
	struct pieces p = { .all = BUF_INIT(MOST), .is_json = by == PFS_JSON };
	struct splitter s = { .by = by };
	bool is_bad_end, is_open;

	for (size_t i = 0; i < file.len && !p.is_wrong; i++) {
		take(&p, &s, file.ptr[i]);
		must(p.is_wrong || (s.offset == i + 1 && p.all.len + p.skipped == i + 1));
	}
	is_open = split_end(&s, &is_bad_end);
	must(is_open == (p.all.len > p.start));
	p.is_wrong = p.is_wrong || is_bad_end;
	if (is_open)
		finish(&p);
	return p;
}

static void
check_lines(struct str file)
{
	struct pieces p = cut(file, PFS_LINES);
	size_t lines = 0;

	for (size_t i = 0; i < file.len; i++)
		lines += file.ptr[i] == '\n';
	lines += file.len > 0 && file.ptr[file.len - 1] != '\n';
	must(!p.is_wrong && p.skipped == 0 && p.finished == lines);
	must(str_eq(buf_str(&p.all), file));
	buf_free(&p.all);
}

/* What a reader of JSON takes for objects is cut into as many pieces. */
static void
check_json(struct arena *a, struct str file)
{
	struct pieces p = cut(file, PFS_JSON);
	struct diags d = diags_in(a);
	const struct doc *doc;

	/* a list at the top is as many documents as it has elements */
	if (file.len > 0 && file.ptr[0] == '{' && str_find(file, '[') == file.len
	    && !str_holds(file, STR("---")) && !str_holds(file, STR("..."))) {
		doc = doc_parse_any(a, "x.json", arena_str(a, file), &d);
		if (d.errors == 0)
			must(!p.is_wrong && p.finished == doc->count);
	}
	buf_free(&p.all);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(no_memory);
	struct str file = str_tail((struct str){ (const char *)data, len }, 1);

	if (len > 0 && data[0] == 'l')
		check_lines(file);
	else if (len > 0)
		check_json(a, file);
	arena_free(a);
	return 0;
}
