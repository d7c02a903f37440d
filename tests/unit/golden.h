/* golden.h: the tables of bytes that lie beside the project in ../shared, and the documents they are about. */
#ifndef TESTS_UNIT_GOLDEN_H
#define TESTS_UNIT_GOLDEN_H

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "diag/diag.h"
#include "files/read.h"
#include "format/doc.h"
#include "tap.h"

#define CORPUS "../shared/corpus/"

enum { MAX_TABLE_BYTES = 8 << 20 };

static int
golden_digit(char c)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* The bytes that a base64 text means. */
static struct str
golden_base64(struct arena *a, struct str text)
{
	char *out = arena_alloc(a, text.len + 1);
	unsigned bits = 0, held = 0;
	size_t len = 0;

	for (size_t i = 0; i < text.len && text.ptr[i] != '='; i++) {
		bits = bits << 6 | (unsigned)golden_digit(text.ptr[i]);
		held += 6;
		if (held < 8)
			continue;
		held -= 8;
		out[len++] = (char)(bits >> held & 0xff);
	}
	return (struct str){ out, len };
}

/* The document number `doc` of a file of the corpus, or NULL; what is wrong with the file goes to `d`. */
static struct node *
golden_document(struct arena *a, struct str file, struct str doc, struct diags *d)
{
	struct str path = arena_fmt(a, CORPUS "%.*s", STR_FMT(file)), text;
	struct node *n;
	struct err err;

	if (file_read(a, path.ptr, MAX_SPEC_BYTES, &text, &err) < 0) {
		ok(false, "%s", err.text);
		return NULL;
	}
	n = doc_parse(a, arena_cstr(a, file), text, d)->first;
	for (int i = atoi(doc.ptr); n && i > 0; i--)
		n = n->next;
	return n;
}

#endif
