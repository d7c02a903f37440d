#include "session/weigh.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "files/glob.h"
#include "session/run.h"

void
sources_add(struct sources *s, struct arena *a, const char *file, struct str text)
{
	ARENA_ADD(a, s, (struct source){ .file = file, .text = text });
}

int
weigh_check_inputs(const struct run *run, struct err *err)
{
	const struct items *ignore = &run->opt.ignore;

	for (size_t i = 0; i < ignore->count; i++) {
		struct str item = str_of(ignore->list[i]);
		enum check check = check_find(str_head(item, str_find(item, '=')));

		if (check == CHECK_COUNT) {
			(void)err_set(err, ERR_USAGE, "unknown check '%.*s' in input 'ignore'",
			    STR_FMT(item));
			return err_hint(err, "run 'pachup help checks' for all checks");
		}
		if (!checks[check].is_firm || str_find(item, '=') < item.len)
			continue;
		(void)err_set(err, ERR_USAGE, "check %s (%s) can be ignored for single files only",
		    checks[check].code, checks[check].title);
		return err_hint(
		    err, "name the files, which are then left out: %s=GLOB", checks[check].code);
	}
	return 0;
}

/* The line that holds the byte at `offset`. */
static struct str
line_around(struct str text, size_t offset)
{
	size_t start = offset < text.len ? offset : text.len, end;

	while (start > 0 && text.ptr[start - 1] != '\n')
		start--;
	end = start + str_find(str_tail(text, start), '\n');
	while (end > start && text.ptr[end - 1] == '\r')
		end--;
	return str_head(str_tail(text, start), end - start);
}

/* A line with a mistake, and the codes that comments ignore there: kept for the next mistake of the same line. */
struct marked_line {
	const char *file;
	uint32_t number; /* 0: no line of the file */
	struct str text, ignored, ignored_above;
};

/* What follows "pachup: ignore " in the comment of a line. */
static struct str
ignored_in(struct str line)
{
	line = str_tail(line, str_find(line, '#'));
	while (line.len > 0 && !str_take(&line, "pachup: ignore "))
		line = str_tail(line, 1);
	return line;
}

/* Reads the line of the mistake unless it is there. JSON has no comments, so a text that looks like JSON is not
 * searched. */
static void
find_line(struct marked_line *l, const struct diag *one, struct str text)
{
	struct str above;

	if (l->file == one->file && l->number == one->at.line)
		return;
	*l = (struct marked_line){ .file = one->file, .number = one->at.line };
	if (l->number == 0)
		return;
	l->text = line_around(text, one->at.offset);
	if (str_starts(str_trim(text), "{") || str_starts(str_trim(text), "["))
		return;
	l->ignored = ignored_in(l->text);
	above = l->text.ptr > text.ptr ? line_around(text, (size_t)(l->text.ptr - text.ptr) - 1)
	                               : STR("");
	if (str_starts(str_trim(above), "#"))
		l->ignored_above = ignored_in(above);
}

static bool
input_ignores(const struct run *run, const struct diag *one)
{
	for (size_t i = 0; i < run->opt.ignore.count; i++) {
		struct str item = str_of(run->opt.ignore.list[i]);
		size_t equals = str_find(item, '=');

		if (check_find(str_head(item, equals)) == one->check
		    && (equals == item.len
		        || glob_match(str_tail(item, equals + 1), str_of(one->file))))
			return true;
	}
	return false;
}

static int
by_file(const void *left, const void *right)
{
	uintptr_t a = (uintptr_t)((const struct source *)left)->file;
	uintptr_t b = (uintptr_t)((const struct source *)right)->file;

	return (a > b) - (a < b);
}

static struct source *
source_of(const struct run *run, const struct diag *one)
{
	struct source key = { .file = one->file };

	if (run->sources.count == 0)
		return NULL;
	return bsearch(&key, run->sources.list, run->sources.count, sizeof(key), by_file);
}

/* An error that leaves nothing that could be sent. */
static bool
is_firm(const struct diag *one)
{
	return checks[one->check].is_firm && one->level == DIAG_ERROR;
}

static bool
is_silenced(const struct run *run, const struct diag *one, const struct marked_line *line)
{
	struct str code = str_of(checks[one->check].code);

	return input_ignores(run, one)
	       || (!is_firm(one)
	           && (str_holds(line->ignored, code) || str_holds(line->ignored_above, code)));
}

/* Marks the files of firm mistakes that input `ignore` silences: all other mistakes of these files go with them. */
static void
leave_files_out(struct run *run)
{
	const struct diags *d = &run->diags;

	for (size_t i = 0; i < d->count; i++) {
		struct source *source = is_firm(&d->list[i]) && input_ignores(run, &d->list[i])
		                            ? source_of(run, &d->list[i])
		                            : NULL;

		if (source)
			source->is_left_out = true;
	}
}

void
weigh_diags(struct run *run)
{
	struct diags *d = &run->diags;
	bool strict = run->opt.strict;
	const struct source *source = NULL;
	struct marked_line line = { .number = 0 };
	size_t kept = 0;

	diags_sort(d);
	if (run->sources.count > 1)
		qsort(run->sources.list, run->sources.count, sizeof(*run->sources.list), by_file);
	leave_files_out(run);
	for (size_t i = 0; i < d->count; i++) {
		struct diag one = d->list[i];

		if (!source || source->file != one.file)
			source = source_of(run, &one);
		find_line(&line, &one, source ? source->text : STR(""));
		if (line.number > 0 && source)
			one.line = line.text;
		if ((source && source->is_left_out) || is_silenced(run, &one, &line)) {
			d->errors -= one.level == DIAG_ERROR;
			continue;
		}
		if (strict && one.level == DIAG_WARNING) {
			one.level = DIAG_ERROR;
			d->errors++;
		}
		d->list[kept++] = one;
	}
	d->count = kept;
	diags_fold(d);
}
