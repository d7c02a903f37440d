/*
 * set-image: image lines and values (--set) applied to the files themselves. All files are read and checked before the
 * first is written, each in memory of its own, so that many files need no more than the largest one.
 */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "deploy/gather/gather.h"
#include "edit/edit.h"
#include "edit/write_back.h"
#include "files/read.h"
#include "files/stale.h"
#include "files/write.h"
#include "format/json_builder.h"
#include "inputs/exit_code.h"
#include "process/stop_wait.h"
#include "retag/tag.h"
#include "session/run.h"

enum { MAX_LIST_BYTES = 64 << 20 };

/* FNV-1a: says a file that somebody saved meanwhile, no more. */
static uint64_t
mark_of(struct str text)
{
	uint64_t mark = 0xcbf29ce484222325U;

	for (size_t i = 0; i < text.len; i++)
		mark = (mark ^ (unsigned char)text.ptr[i]) * 0x100000001b3U;
	return mark;
}

bool
setting_takes(struct str name)
{
	return path_is_spec(name) || dockerfile_is_name(name);
}

/* What is to be written later outlives the file's own memory. */
static void
note_target(struct editing *e)
{
	struct setting *all = e->all;
	struct arena *a = all->run->arena;
	struct edited target = { .path = e->path, .mark = mark_of(e->source), .count = e->count };

	if (e->count == 0)
		return;
	target.edits = ARENA_ARRAY(a, e->count, struct edit);
	for (size_t i = 0; i < e->count; i++)
		target.edits[i] = (struct edit){ e->edits[i].at, arena_str(a, e->edits[i].text) };
	all->edited =
	    arena_grow(a, all->edited, all->edited_count, &all->edited_room, sizeof(target));
	all->edited[all->edited_count++] = target;
}

static int
check_file(struct setting *all, const struct path *path, struct err *err)
{
	struct editing e = { .all = all, .arena = arena_like(all->run->arena), .path = path };
	int rc = edit_file(&e, err);

	if (rc == 0)
		note_target(&e);
	if (rc == 0 && all->to_stdout && all->run->diags.errors == 0)
		ci_raw(&all->run->ci, splice(e.arena, e.source, e.edits, e.count));
	arena_free(e.arena);
	return rc;
}

static int
write_file(struct setting *all, const struct edited *target, struct err *err)
{
	struct arena *a = arena_like(all->run->arena);
	const char *name = target->path->name;
	struct str text;
	int rc = file_read_in(a, name, ci_fence(&all->run->ci), MAX_SPEC_BYTES, &text, err);

	if (rc == 0 && mark_of(text) != target->mark) {
		rc = err_set(err, ERR_SYSTEM, "'%s' changed while it was being edited", name);
		(void)err_hint(err, "run the command again when no other program writes the file");
	}
	if (rc == 0) {
		struct str after = splice(a, text, target->edits, target->count);

		rc = after.ptr ? file_replace(a, name, ci_fence(&all->run->ci), text, after, err)
		               : err_set(err, ERR_SYSTEM, "the edits of '%s' overlap", name);
	}
	arena_free(a);
	return rc;
}

/* The directory of a file, with its '/'. */
static struct str
dir_of(const char *name)
{
	const char *slash = strrchr(name, '/');

	return slash ? (struct str){ name, (size_t)(slash - name) + 1 } : STR("./");
}

/* Once for each directory: the targets are sorted. */
static void
remove_stale(struct setting *all)
{
	struct str last = { "", 0 };

	for (size_t i = 0; i < all->edited_count; i++) {
		struct str dir = dir_of(all->edited[i].path->name);

		if (!str_eq(dir, last))
			stale_remove_at(arena_cstr(all->run->arena, dir), ci_fence(&all->run->ci));
		last = dir;
	}
}

static int
write_all(struct setting *all, struct err *err)
{
	remove_stale(all);
	for (size_t i = 0; i < all->edited_count; i++) {
		int rc = 0;

		if (stop_is_set(all->run->stop_fd))
			rc = err_set(err, ERR_INTERRUPTED, "interrupted");
		if (rc == 0)
			rc = write_file(all, &all->edited[i], err);
		if (rc < 0) {
			ci_warn(&all->run->ci, "%zu of %zu files were already written", i,
			    all->edited_count);
			return -1;
		}
	}
	return 0;
}

static struct str
changes_json(struct setting *all)
{
	struct buf text = BUF_INIT(MAX_LIST_BYTES);
	struct json j = JSON_TO(&text);

	json_open(&j, NULL, JSON_ARRAY);
	for (size_t i = 0; i < all->change_count; i++) {
		const struct change *one = &all->changes[i];

		json_open(&j, NULL, JSON_OBJECT);
		json_text(&j, "file", one->file);
		json_uint(&j, "line", one->at.line);
		json_uint(&j, "col", one->at.col);
		if (one->path.len > 0) {
			json_string(&j, "path", one->path);
		} else {
			json_string(&j, "project", one->project);
			json_string(&j, "pipeline", one->name);
		}
		json_string(&j, "old", one->old);
		if (one->is_gone)
			json_null(&j, "new");
		else
			json_string(&j, "new", one->new);
		json_close(&j);
	}
	json_close(&j);
	(void)json_line(&j);
	return buf_take(&text, all->run->arena);
}

static void
print_change(struct ci *ci, struct arena *a, const struct change *one)
{
	struct str title = spec_title(a, one->project, one->name);

	if (one->path.len > 0)
		ci_out(ci, "%s:%u:%u: %.*s: %.*s %s%.*s", one->file, one->at.line, one->at.col,
		    STR_FMT(one->path), STR_FMT(one->old), one->is_gone ? "removed" : "-> ",
		    STR_FMT(one->new));
	else
		ci_out(ci, "%s:%u:%u: %.*s -> %.*s%s%.*s%s", one->file, one->at.line, one->at.col,
		    STR_FMT(one->old), STR_FMT(one->new), title.len ? "  (" : "", STR_FMT(title),
		    title.len ? ")" : "");
}

/* "2 images and 1 value" */
static struct str
count_changes(const struct setting *all)
{
	size_t values = 0, images;
	struct str text;

	for (size_t i = 0; i < all->change_count; i++)
		values += all->changes[i].path.len > 0;
	images = all->change_count - values;
	text = arena_fmt(all->run->arena, "%zu image%s", images, images == 1 ? "" : "s");
	if (all->work.assigns.count == 0)
		return text;
	return arena_fmt(all->run->arena, "%.*s%s%zu value%s",
	    all->work.rules.count ? (int)text.len : 0, text.ptr,
	    all->work.rules.count ? " and " : "", values, values == 1 ? "" : "s");
}

static void
print_changes(struct setting *all, bool is_done)
{
	struct ci *ci = &all->run->ci;

	for (size_t i = 0; i < all->change_count; i++)
		print_change(ci, all->run->arena, &all->changes[i]);
	ci_out(ci, "%.*s %s in %zu of %zu file%s", STR_FMT(count_changes(all)),
	    is_done ? "changed" : "would change", all->edited_count, all->paths.count,
	    all->paths.count == 1 ? "" : "s");
}

int
setting_check(struct setting *all, struct err *err)
{
	struct run *run = all->run;

	for (size_t i = 0; i < all->paths.count; i++)
		if (check_file(all, &all->paths.list[i], err) < 0)
			return -1;
	if (all->paths.unusable.count > 0 && !all->is_again)
		ci_note(&run->ci, "%.*s", STR_FMT(unusable_text(&all->paths.unusable, run->arena)));
	all->skipped += all->paths.others;
	if (all->skipped > 0 && !all->is_again)
		ci_log(&run->ci, "%zu file%s skipped: no manifests, specs or Dockerfiles",
		    all->skipped, all->skipped == 1 ? "" : "s");
	if (all->left > MAX_LEFT_SHOWN && !all->is_again)
		ci_note(
		    &run->ci, "%zu more places still name old images", all->left - MAX_LEFT_SHOWN);
	if ((!all->is_again || run->diags.errors > 0) && gather_show_diags(run, err) < 0)
		return -1;
	if (gather_check_rules(run, &all->work.rules, err) < 0)
		return all->lone_tag.len > 0 ? err_hint(err,
		           "%.*s is a tag whose repository is elsewhere: to set it, use --set "
		           "'%.*s=TAG'",
		           STR_FMT(all->lone_tag), STR_FMT(all->lone_path))
		                             : -1;
	return gather_check_assigns(run, &all->work.assigns, err);
}

/* With --in the words are image lines and its values PATHs; without it the words are PATHs. */
static int
read_inputs(struct setting *all, struct err *err)
{
	struct run *run = all->run;
	const struct options *opt = &run->opt;
	bool has_in = opt->in_paths.count > 0;
	const struct items *paths = has_in ? &opt->in_paths : &opt->specs;
	size_t words = has_in ? opt->specs.count : 0, count = words + opt->images.count;
	const char **lines = ARENA_ARRAY(run->arena, count + opt->latest.count, const char *);

	for (size_t i = 0; i < count; i++)
		lines[i] = i < words ? opt->specs.list[i] : opt->images.list[i - words];
	if (count + opt->set.count + opt->unset.count + opt->set_file.count + opt->latest.count == 0
	    || paths->count == 0) {
		(void)err_set(
		    err, ERR_USAGE, "no %s given", paths->count > 0 ? "image lines" : "files are");
		return err_hint(
		    err, "use: pachup set-image REPO:TAG… [--set PATH=VALUE]… --in PATH…");
	}
	all->patterns = paths->list;
	all->pattern_count = paths->count;
	if (edit_latest(run, lines, &count, err) < 0
	    || gather_rules(run, lines, count, &all->work, err) < 0
	    || edit_pin(run, &all->work.rules, err) < 0)
		return -1;
	return gather_assigns(run, &all->work, err);
}

static int
check_stdout(struct setting *all, struct err *err)
{
	const struct path_list *paths = &all->paths;

	all->to_stdout = all->run->opt.to_stdout;
	for (size_t i = 0; i < paths->count; i++)
		all->to_stdout = all->to_stdout || paths->list[i].is_stdin;
	if (!all->to_stdout || paths->count == 1)
		return 0;
	(void)err_set(err, ERR_USAGE, "--stdout takes one file, but %zu were given", paths->count);
	return err_hint(err, "name one file, or remove --stdout");
}

static void
print(struct setting *all, bool is_done)
{
	if (all->to_stdout)
		return;
	if (output_is_json(&all->run->in))
		ci_result(&all->run->ci, changes_json(all));
	else
		print_changes(all, is_done);
}

int
setting_show(struct setting *all, bool is_done, struct err *err)
{
	struct ci *ci = &all->run->ci;
	struct str count = arena_fmt(all->run->arena, "%zu", all->change_count);

	print(all, is_done);
	if (!all->run->opt.check && !all->to_stdout)
		ci_set_writer(ci);
	if (ci_output(ci, "sha", all->work.commit.sha, err) < 0)
		return -1;
	return ci_output(ci, "changed", count, err);
}

/* In the files themselves. */
static int
edit_files(struct setting *all, bool checking, struct err *err)
{
	struct run *run = all->run;

	if (paths_expand(run->arena, all->patterns, all->pattern_count, ci_fence(&run->ci),
	        setting_takes, &all->paths, err)
	        < 0
	    || check_stdout(all, err) < 0 || setting_check(all, err) < 0)
		return -1;
	if (!checking && !all->to_stdout && write_all(all, err) < 0)
		return -1;
	return setting_show(all, !checking, err);
}

int
set_image_run(struct run *run, struct err *err)
{
	struct setting all = { .run = run };
	bool checking = run->opt.check || run->opt.dry_run;
	bool counts = run->in.command_in_argv || run->opt.fail_on_changes;
	int rc;

	if (write_back_check(run, err) < 0 || read_inputs(&all, err) < 0)
		return -1;
	rc = run->opt.pull_request || run->opt.direct ? write_back_run(&all, checking, err)
	                                              : edit_files(&all, checking, err);
	if (rc < 0)
		return -1;
	return checking && counts && all.change_count > 0 ? EXIT_CHANGES : EXIT_DONE;
}
