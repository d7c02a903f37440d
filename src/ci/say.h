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
	SAY_JSON, /* a line of a JSON document, which stays the same document: \u0023 for the second '#' */
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

/* As say_clean(), with each character then replaced as `escape` says (NULL: as it is): for the
 * fields of a command. */
void say_field(struct buf *out, struct str text, const char *(*escape)(char c));

/* Takes the rows of ci_redraw() away. */
void redraw_erase(struct ci *ci);

/* Writes the line and its '\n' in one piece, in order with what the other stream was given before;
 * ends `line`. Failures stay with the stream for ci_close(). */
void say_line(struct ci *ci, FILE *to, struct buf *line);

#endif
