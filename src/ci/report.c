#define _XOPEN_SOURCE 700 /* realpath */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "ci/ci.h"
#include "ci/result.h"
#include "ci/say.h"
#include "ci/system.h"
#include "diag/diag.h"

enum {
	ANNOTATIONS_MAX = 10, /* the stricter runner keeps no more of one level and step */
	SOURCE_MAX = 160,     /* of a source line, in bytes */
	REMARK_MAX = 3 << 10, /* it cuts the whole message, hint included, at 4,096 characters */
};

/* The word before a text, and its SGR colour. */
static const struct word {
	const char *text, *color;
} words[] = {
	[REMARK_ERROR] = { "error:", "31" },
	[REMARK_WARNING] = { "warning:", "33" },
	[REMARK_NOTICE] = { "note:", "36" },
}, hint_word = { "hint:", "32" }, debug_word = { "debug:", "2" };

/* Colours are put around our own words only, behind the cleaning of what comes from outside. */
static void
add_word(const struct ci *ci, struct buf *line, const struct word *word)
{
	if (ci->color)
		buf_fmt(line, "\x1b[%sm%s\x1b[0m ", word->color, word->text);
	else
		buf_fmt(line, "%s ", word->text);
}

static void
say_hint(struct ci *ci, struct str hint)
{
	struct buf line = BUF_INIT(SAY_LINE_MAX);

	if (hint.len == 0)
		return;
	buf_add(&line, STR("  "));
	add_word(ci, &line, &hint_word);
	say_clean(&line, hint, SAY_INSIDE);
	say_line(ci, ci->log, &line);
}

/* The further lines of a text from outside, each below the first one. */
static void
say_more(struct ci *ci, struct str rest)
{
	struct str part;

	while (str_split(&rest, '\n', &part)) {
		struct buf line = BUF_INIT(SAY_LINE_MAX);

		if (part.len == 0)
			continue;
		buf_add(&line, STR("  "));
		say_clean(&line, part, SAY_START);
		say_line(ci, ci->log, &line);
	}
}

/* The lines for people. */
static void
say_plain(struct ci *ci, const struct remark *remark)
{
	struct buf line = BUF_INIT(SAY_LINE_MAX);
	size_t end = str_find(remark->what, '\n');

	add_word(ci, &line, &words[remark->level]);
	say_clean(&line, str_head(remark->what, end), SAY_INSIDE);
	say_line(ci, ci->log, &line);
	say_more(ci, str_tail(remark->what, end));
	say_hint(ci, remark->hint);
}

/* False when the runner's list takes no more of it, or has no such level. */
static bool
annotate(struct ci *ci, struct remark remark)
{
	size_t *shown = &ci->annotated[remark.level];

	remark.what = utf8_head(remark.what, REMARK_MAX);
	if (!ci->system->annotate || ci->is_document || *shown >= ANNOTATIONS_MAX
	    || !ci->system->annotate(ci, &remark))
		return false;
	++*shown;
	return true;
}

static void
say_remark(struct ci *ci, const struct remark *remark)
{
	if (!annotate(ci, *remark))
		say_plain(ci, remark);
}

bool
ci_has_debug_log(const struct ci *ci)
{
	const char *name = ci->system->debug_variable,
	           *value = name ? env_get(ci->env, name) : NULL;

	return value && (strcmp(value, "1") == 0 || strcasecmp(value, "true") == 0);
}

void
ci_debug(struct ci *ci, const char *fmt, ...)
{
	bool has_log = ci->is_channel && ci->system->debug && ci_has_debug_log(ci);
	struct buf line = BUF_INIT(SAY_LINE_MAX);
	va_list args;

	if (!ci->is_verbose)
		return;
	va_start(args, fmt);
	if (has_log) {
		say_command(ci, ci->log, ci->system->debug, arena_vfmt(ci->arena, fmt, args),
		    ci->system->escapes);
	} else {
		add_word(ci, &line, &debug_word);
		say_vfmt(&line, SAY_INSIDE, fmt, args);
		say_line(ci, ci->log, &line);
	}
	va_end(args);
}

void
ci_note(struct ci *ci, const char *fmt, ...)
{
	struct remark remark = { .level = REMARK_NOTICE };
	va_list args;

	if (ci->quiet)
		return;
	va_start(args, fmt);
	remark.what = arena_vfmt(ci->arena, fmt, args);
	va_end(args);
	say_remark(ci, &remark);
}

void
ci_warn(struct ci *ci, const char *fmt, ...)
{
	struct remark remark = { .level = REMARK_WARNING };
	va_list args;

	va_start(args, fmt);
	remark.what = arena_vfmt(ci->arena, fmt, args);
	va_end(args);
	say_remark(ci, &remark);
}

void
ci_error(struct ci *ci, const struct err *err)
{
	struct remark remark = {
		.level = REMARK_ERROR, .what = str_of(err->text), .hint = str_of(err->hint)
	};

	say_remark(ci, &remark);
	result_keep_error(ci, err);
}

struct str
ci_in_workspace(struct ci *ci, const char *file)
{
	const char *workspace = ci_workspace(ci);
	char *root = workspace ? realpath(workspace, NULL) : NULL;
	char *real = root ? realpath(file, NULL) : NULL;
	size_t len = root ? strlen(root) : 0;
	struct str name = str_of(file);

	while (len > 0 && root[len - 1] == '/')
		len--;
	if (real && strncmp(real, root, len) == 0 && real[len] == '/')
		name = arena_str(ci->arena, str_of(real + len + 1));
	free(real);
	free(root);
	return name;
}

/* For people at a terminal: the line, and a mark under the place. How wide a character is drawn is unknown: it counts as
 * one column. */
static void
say_source(struct ci *ci, const struct diag *one)
{
	size_t col = one->at.col - 1, end = col + (one->at.len ? one->at.len : 1);
	struct str shown = utf8_head(one->line, SOURCE_MAX);
	struct buf text = BUF_INIT(SAY_LINE_MAX), mark = BUF_INIT(SAY_LINE_MAX);

	if (!ci->color || ci->system->annotate || one->line.len == 0 || col >= shown.len)
		return;
	buf_fmt(&text, "%5u | ", one->at.line);
	say_clean(&text, shown, SAY_INSIDE);
	say_line(ci, ci->log, &text);
	buf_add(&mark, STR("      | "));
	for (size_t i = 0; i < col; i++)
		if (!utf8_is_inside(shown.ptr[i]))
			buf_add_char(&mark, shown.ptr[i] == '\t' ? '\t' : ' ');
	buf_add(&mark, STR("\x1b[1m"));
	for (size_t i = col; i < end && i < shown.len; i++)
		if (!utf8_is_inside(shown.ptr[i]))
			buf_add_char(&mark, '^');
	buf_add(&mark, STR("\x1b[0m"));
	say_line(ci, ci->log, &mark);
}

static void
say_diag(struct ci *ci, const struct diag *one, const struct word *word)
{
	struct buf line = BUF_INIT(SAY_LINE_MAX);

	if (one->at.line > 0)
		say_fmt(&line, SAY_START, "%s:%u:%u: ", one->file, (unsigned)one->at.line,
		    (unsigned)one->at.col);
	else
		say_fmt(&line, SAY_START, "%s: ", one->file);
	add_word(ci, &line, word);
	say_clean(&line, one->what, SAY_INSIDE);
	buf_fmt(&line, " [%s]", checks[one->check].code);
	say_line(ci, ci->log, &line);
	say_source(ci, one);
	say_hint(ci, one->hint);
}

static enum remark_level
level_of(const struct diag *one)
{
	return one->level == DIAG_ERROR ? REMARK_ERROR : REMARK_WARNING;
}

static bool
annotate_diag(struct ci *ci, const struct diag *one)
{
	const struct check_info *check = &checks[one->check];

	return annotate(ci, (struct remark){ .level = level_of(one),
	                        .file = ci_in_workspace(ci, one->file),
	                        .at = one->at,
	                        .code = str_of(check->code),
	                        .title = arena_fmt(ci->arena, "%s %s", check->code, check->title),
	                        .what = one->what,
	                        .hint = one->hint });
}

static bool
is_of(const struct diag *one, enum remark_level level, bool firm)
{
	return level_of(one) == level && checks[one->check].is_firm == firm;
}

/* Annotates the worst ones that the runner's list has room for, and marks them. */
static void
annotate_worst(struct ci *ci, const struct diags *d, bool *shown)
{
	for (int kind = 0; kind < 4; kind++) {
		enum remark_level level = kind < 2 ? REMARK_ERROR : REMARK_WARNING;

		for (size_t i = 0; i < d->count && ci->annotated[level] < ANNOTATIONS_MAX; i++)
			if (is_of(&d->list[i], level, kind % 2 == 0))
				shown[i] = annotate_diag(ci, &d->list[i]);
	}
}

static void
say_rest(struct ci *ci, const struct diags *d, const bool *shown)
{
	size_t count[2] = { 0 };

	for (size_t i = 0; i < d->count; i++)
		count[level_of(&d->list[i])] += !shown[i];
	if (count[REMARK_ERROR] + count[REMARK_WARNING] == 0)
		return;
	ci_group(ci, arena_fmt(ci->arena, "%zu more error%s and %zu more warning%s",
	                 count[REMARK_ERROR], count[REMARK_ERROR] == 1 ? "" : "s",
	                 count[REMARK_WARNING], count[REMARK_WARNING] == 1 ? "" : "s")
	                 .ptr);
	for (size_t i = 0; i < d->count; i++)
		if (!shown[i])
			say_diag(ci, &d->list[i], &words[level_of(&d->list[i])]);
	ci_group_end(ci);
}

void
ci_diags(struct ci *ci, struct diags *d)
{
	bool *shown = ARENA_ARRAY(ci->arena, d->count, bool);
	struct err unheard;

	diags_sort(d);
	for (size_t i = 0; i < d->count; i++)
		result_keep_diag(ci, &d->list[i]);
	diags_add(&ci->reported, d);
	if (ci->system->findings && ci->system->findings(ci, &ci->reported, &unheard) < 0)
		ci_warn(ci, "no report of the findings: %s", unheard.text);
	if (ci->system->annotate) {
		annotate_worst(ci, d, shown);
		say_rest(ci, d, shown);
		return;
	}
	for (size_t i = 0; i < d->count; i++)
		say_diag(ci, &d->list[i], &words[level_of(&d->list[i])]);
}
