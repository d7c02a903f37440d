#include "files/list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "files/read.h"

/* Where the remark of a line begins: with a '#' at the start or behind a blank; elsewhere it is part of a name. */
static size_t
remark_at(struct str line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.ptr[i] == '#' && (i == 0 || str_span(str_tail(line, i - 1), " \t\r") > 0))
			return i;
	return line.len;
}

static const char *
join(struct arena *a, const char *dir, struct str name)
{
	struct str head = str_of(dir);

	while (head.len > 1 && head.ptr[head.len - 1] == '/')
		head.len--;
	if (str_starts(name, "/") || str_is(head, ".") || head.len == 0)
		return arena_cstr(a, name);
	if (str_is(head, "/"))
		return arena_fmt(a, "/%.*s", STR_FMT(name)).ptr;
	return arena_fmt(a, "%.*s/%.*s", STR_FMT(head), STR_FMT(name)).ptr;
}

static void
add_line(
    struct list *list, struct arena *a, const char *dir, struct list_entry one, struct diags *d)
{
	if (str_has_control(one.name)) {
		diag_hint(d,
		    diags_error(d, CHECK_LIST_ENTRY, list->file, one.at,
		        "a file name contains a control character"),
		    "use plain text, one name per line");
		return;
	}
	one.path = join(a, dir, one.name);
	list->entries =
	    arena_grow(a, list->entries, list->count, &list->room, sizeof(*list->entries));
	list->entries[list->count++] = one;
}

static int
by_name(const void *left, const void *right)
{
	const struct list_entry *a = *(const struct list_entry *const *)left;
	const struct list_entry *b = *(const struct list_entry *const *)right;
	int order = str_cmp(a->name, b->name);

	return order ? order : (a > b) - (a < b);
}

/* Leaves each name once, at its first line. */
static void
drop_doubles(struct list *list, struct arena *a, struct diags *d)
{
	struct list_entry **sorted = ARENA_ARRAY(a, list->count, struct list_entry *);
	const struct list_entry *first;
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		sorted[i] = &list->entries[i];
	if (list->count > 1)
		qsort(sorted, list->count, sizeof(struct list_entry *), by_name);
	first = list->count ? sorted[0] : NULL;
	for (size_t i = 1; i < list->count; i++) {
		if (!str_eq(first->name, sorted[i]->name)) {
			first = sorted[i];
			continue;
		}
		diag_hint(d,
		    diags_warn(d, CHECK_LIST_DOUBLE, list->file, sorted[i]->at,
		        "'%.*s' is listed twice, first in line %u", STR_FMT(sorted[i]->name),
		        first->at.line),
		    "remove one of the two lines");
		sorted[i]->path = NULL;
	}
	for (size_t i = 0; i < list->count; i++)
		if (list->entries[i].path)
			list->entries[kept++] = list->entries[i];
	list->count = kept;
}

struct list
list_parse(struct arena *a, const char *file, const char *dir, struct str text, struct diags *d)
{
	struct list list = { .file = file, .dir = dir };
	struct str rest = utf8_bare(text), line;

	if (str_starts(text, "\xff\xfe") || str_starts(text, "\xfe\xff")) {
		diag_hint(d,
		    diags_error(d, CHECK_ENCODING, file, (struct span){ 0 },
		        "the list is UTF-16, not UTF-8"),
		    "save it as UTF-8; PowerShell: Out-File -Encoding utf8");
		return list;
	}
	for (uint32_t n = 1; str_split(&rest, '\n', &line); n++) {
		struct list_entry one = { .name = str_trim(str_head(line, remark_at(line))) };

		one.at = (struct span){ .line = n,
			.col = (uint32_t)(one.name.ptr - line.ptr) + 1,
			.offset = (size_t)(one.name.ptr - text.ptr),
			.len = one.name.len };
		if (one.name.len == 0)
			continue;
		if (list.count == MAX_SPEC_FILES) {
			(void)diags_error(d, CHECK_LIST_ENTRY, file, one.at,
			    "the list names more than %d files", MAX_SPEC_FILES);
			break;
		}
		add_line(&list, a, dir, one, d);
	}
	if (list.count == 0)
		diag_hint(d,
		    diags_warn(d, CHECK_LIST_DOUBLE, file, (struct span){ 0 }, "the list is empty"),
		    "add one file name per line");
	drop_doubles(&list, a, d);
	return list;
}

static bool
check_entry(
    const struct list *list, const struct list_entry *one, const char *fence, struct diags *d)
{
	struct err err = { .kind = ERR_NONE };
	struct stat st;

	if (stat(one->path, &st) < 0) {
		diag_hint(d,
		    diags_error(d, CHECK_LIST_ENTRY, list->file, one->at, "cannot find '%s': %s",
		        one->path, strerror(errno)),
		    "remove the line, or correct the name; it is relative to the list's directory");
		return false;
	}
	if (path_fenced(one->path, fence, &err) == 0
	    && file_is_regular(one->path, st.st_mode, &err) == 0)
		return true;
	diag_hint(d, diags_error(d, CHECK_LIST_ENTRY, list->file, one->at, "%s", err.text), "%s",
	    err.hint);
	return false;
}

int
list_read(struct arena *a, const char *dir, const char *name, const char *fence, struct list *out,
    struct diags *d, struct err *err)
{
	const char *path = join(a, dir, str_of(name));
	struct list list;
	struct str text;
	struct stat st;
	size_t kept = 0;

	if (stat(path, &st) < 0 && errno == ENOENT && stat(name, &st) == 0)
		path = name;
	if (file_read_in(a, path, fence, MAX_SPEC_BYTES, &text, err) < 0)
		return err_wrap(err, "list '%s'", name);
	list = list_parse(a, path, dir, text, d);
	for (size_t i = 0; i < list.count; i++)
		if (check_entry(&list, &list.entries[i], fence, d))
			list.entries[kept++] = list.entries[i];
	list.count = kept;
	*out = list;
	return 0;
}
