/*
 * say.h: text that no runner can read as a command, and the writing of lines; inside ci/ only.
 *
 * What runners look for (actions/runner ActionCommand.cs, azure-pipelines-agent Command.cs): "::"
 * after white space at the start of a line; "##[" and "##vso[" anywhere. Lines end at LF and at CR.
 * Both compare by culture, which passes over some characters (soft hyphen, zero-width ones), so
 * characters outside ASCII count as nothing here when a command is looked for.
 */
#ifndef CI_SAY_H
#define CI_SAY_H

#include <stdarg.h>
#include <stdio.h>

#include "base/base.h"
#include "base/buf.h"
#include "base/str.h"

struct ci;

enum say_place {
	SAY_START,  /* this text begins a line */
	SAY_INSIDE, /* something of ours is before it on its line */
	SAY_JSON, /* a line of a JSON document, whose value stays the same: \u0023 replaces the second '#' */
};

enum {
	SAY_MAX = 64 << 10,     /* of one formatted text, before escapes; a cut is shown */
	SAY_LINE_MAX = 64 << 20 /* of one line with all its escapes: a plan as JSON is one line */
};

/*
 * Appends `text` so that it stays on its line and holds no command: C0 controls but tab, DEL and
 * bytes that are not UTF-8 as \xNN (CR and LF as \r and \n); C1 controls, U+2028, U+2029 and the
 * controls that turn the direction of text as \uNNNN; a backslash breaks "##[", "##vso[",
 * "##teamcity[", and "::" at the start.
 */
void say_clean(struct buf *out, struct str text, enum say_place place);

/* As printf, then as say_clean(); what is longer than SAY_MAX is cut. */
void say_fmt(struct buf *out, enum say_place place, const char *fmt, ...) PRINTF_LIKE(3, 4);
void say_vfmt(struct buf *out, enum say_place place, const char *fmt, va_list args)
    PRINTF_LIKE(3, 0);

/* A character that would end a field of a runner's command, and the text that the runner reads as that character. */
struct say_escape {
	char c;
	const char *text;
};

/* The text for `c`; NULL: `c` may stay. The row without a text ends `escapes`, which may be NULL for an empty table. */
const char *say_escape_of(const struct say_escape *escapes, char c);

/* Appends a field of a command: cleans `text` as say_clean() does, then replaces its characters by `escapes`. Where that
 * table has '\n', line ends are kept as that text; else they are shown as "\n". */
void say_field(struct buf *out, struct str text, const struct say_escape *escapes);

/* Erases the rows that ci_redraw() has drawn. */
void redraw_erase(struct ci *ci);

/* Writes the line and its '\n' in one piece, behind all that the other stream was given before, and frees `line`.
 * ci_close() reports failures. */
void say_line(struct ci *ci, FILE *to, struct buf *line);

/* Writes one line: `command` as it is, then `text` as say_field() has it. */
void say_command(struct ci *ci, FILE *to, const char *command, struct str text,
    const struct say_escape *escapes);

#endif
