/* help.h: the texts that are made from the tables of commands and inputs. All of them are appended to
 * `out`, whose ceiling is the caller's. */
#ifndef HELP_HELP_H
#define HELP_HELP_H

#include <stddef.h>

#include "base/base.h"
#include "base/buf.h"
#include "base/str.h"
#include "help/command.h"

struct arena;

enum { MAX_HELP_BYTES = 4 << 20 };

/* What the exit codes mean, in ascending order. */
struct exit_meaning {
	int code;
	const char *word; /* for the overview: "done"; NULL: it is not shown there */
	const char *text;
};
extern const struct exit_meaning exit_meanings[];
extern const size_t exit_meaning_count;

/*
 * Adds words of `text`, separated by one blank, where `column` bytes already stand on the line; a word that would
 * pass `width` begins a new line behind `indent` blanks. No newline at the end. Returns the column after the last
 * word.
 */
size_t help_wrap(struct buf *out, struct str text, size_t column, size_t indent, size_t width);

/* The first letter as a capital, and a full stop, in `a`. */
struct str help_sentence(struct arena *a, const char *phrase);

/* Whether help speaks of the flags of a command: those of help and similar commands are left out. */
bool help_has_flags(const struct command *command);

/* How a text is laid out: its width in columns, and whether headings are bold (an SGR sequence). */
struct layout {
	size_t width;
	bool bold;
};

/* What `pachup help` prints, what `pachup help COMMAND` prints, and what `pachup help FIRSTWORD` prints. */
void help_overview(
    const struct commands *t, struct arena *a, struct layout layout, struct buf *out);
void help_command(
    struct arena *a, const struct command *command, struct layout layout, struct buf *out);
void help_family(const struct commands *t, struct arena *a, struct str first, struct buf *out);

/* What `pachup help environment` prints; and a line of the variables that a command reads, nothing where there are
 * none. */
void help_environment(struct layout layout, struct buf *out);
void help_variables_of(
    struct arena *a, const struct command *command, struct layout layout, struct buf *out);

/* The manual page of a command in mdoc(7); of pachup itself for NULL. */
void man_page(
    const struct commands *t, struct arena *a, const struct command *command, struct buf *out);

/* A completion script. */
void completion_bash(const struct commands *t, struct arena *a, struct buf *out);
void completion_zsh(const struct commands *t, struct arena *a, struct buf *out);
void completion_fish(const struct commands *t, struct arena *a, struct buf *out);

/* How a value or an argument is completed, by its name in help: "FILE", "[PATH...]". */
enum completed { COMPLETED_NOT, COMPLETED_FILE, COMPLETED_DIR };
enum completed completed_by(const char *placeholder);

/* "a|b" as the words "a b", which all three shells take. */
void completion_add_choices(struct buf *out, const char *choices);

#endif
