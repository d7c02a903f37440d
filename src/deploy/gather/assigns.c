/* Values that inputs set in the specs or files, and values that they remove. */
#include "base/utf8.h"
#include "deploy/gather/commit.h"
#include "deploy/gather/gather.h"
#include "format/doc.h"
#include "retag/tag.h"
#include "session/read.h"
#include "session/run.h"

static int
add_one(struct run *run, struct work *out, struct str text, struct err *err)
{
	const struct commit *c = &out->commit;
	const struct tag_facts facts = { c->sha, c->branch, c->ref };

	if (tag_needs_sha(text) && c->sha.len == 0) {
		struct commit needed;

		return commit_find(run, true, &needed, err);
	}
	return assigns_add(&out->assigns, run->arena, text, &facts, err);
}

/* One PATH=VALUE a line; "-PATH" removes, '#' begins a comment. */
static int
add_file(struct run *run, struct work *out, const char *name, struct err *err)
{
	struct str text, line;

	if (run_read(run, name, &text, err) < 0)
		return err_wrap(err, "input 'set-file'");
	text = utf8_bare(text);
	for (unsigned number = 1; str_split(&text, '\n', &line); number++) {
		int rc = 0;

		if (str_ends(line, "\r"))
			line.len--;
		if (str_trim(line).len == 0 || str_starts(str_trim(line), "#"))
			continue;
		if (str_starts(line, "-"))
			rc = assigns_remove(
			    &out->assigns, run->arena, str_trim(str_tail(line, 1)), err);
		else
			rc = add_one(run, out, line, err);
		if (rc < 0)
			return err_wrap(err, "%s:%u", name, number);
	}
	return 0;
}

int
gather_assigns(struct run *run, struct work *out, struct err *err)
{
	const struct options *opt = &run->opt;

	for (size_t i = 0; i < opt->set_file.count; i++)
		if (add_file(run, out, opt->set_file.list[i], err) < 0)
			return -1;
	for (size_t i = 0; i < opt->set.count; i++)
		if (add_one(run, out, str_of(opt->set.list[i]), err) < 0)
			return -1;
	for (size_t i = 0; i < opt->unset.count; i++)
		if (assigns_remove(&out->assigns, run->arena, str_of(opt->unset.list[i]), err) < 0)
			return -1;
	return 0;
}

bool
gather_assign(struct run *run, struct assigns *assigns, const char *file, struct node *spec)
{
	struct diags *d = &run->diags;
	bool changes = false;

	for (size_t i = 0; i < assigns->count; i++) {
		struct assign *one = &assigns->list[i];
		struct assigned got;
		enum assign_result is = assign_in_tree(&got, run->arena, one, spec);

		if (is == ASSIGN_MISSES)
			assign_note_miss(one, run->arena, file, &got);
		changes = changes || is == ASSIGN_CHANGES;
		one->used += is == ASSIGN_CHANGES || is == ASSIGN_SAME || is == ASSIGN_FAULT;
		if (is == ASSIGN_FAULT)
			diag_hint(d,
			    diags_error(
			        d, CHECK_IMAGE_EDIT, file, got.at, "%.*s", STR_FMT(got.fault)),
			    "%.*s", STR_FMT(got.hint));
	}
	return changes;
}

int
gather_check_assigns(const struct run *run, const struct assigns *assigns, struct err *err)
{
	return run->opt.allow_unmatched ? 0 : assigns_check(assigns, err);
}
