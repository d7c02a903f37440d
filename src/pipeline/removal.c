#include "pipeline/removal.h"

#include "base/arena.h"
#include "pipeline/dag.h"

enum { MOST_UNASKED = 10, SHORT_SHA = 7 };

/* Stricter than mark_is_same_owner(): who names no target owns nothing of one. */
static bool
is_ours(struct arena *a, const struct mark *mark, const struct mark *owner)
{
	return mark->target.len > 0 && str_eq(mark->target, owner->target)
	       && mark_is_same_owner(a, mark, owner);
}

enum removal_verdict
removal_decide(struct arena *a, const struct removal_facts *f)
{
	if (!is_ours(a, f->mark, f->owner))
		return REMOVAL_NOT_OURS;
	if (f->kind == REMOVAL_STOP && f->live->stopped)
		return REMOVAL_AT_REST;
	if (f->mark->commit.len == 0)
		return REMOVAL_NO_COMMIT;
	if (!f->was_in_git)
		return REMOVAL_NOT_IN_GIT;
	if (f->is_unchecked_out)
		return REMOVAL_HIDDEN;
	if (f->mark->version != f->live->version)
		return REMOVAL_EDITED;
	if (f->kind != REMOVAL_STOP && f->author.len > 0 && f->user.len > 0
	    && !str_eq(f->author, f->user))
		return REMOVAL_FOREIGN;
	return REMOVAL_TAKE;
}

size_t
removal_limit(size_t total)
{
	size_t tenth = (total + 9) / 10;

	return tenth < MOST_UNASKED ? tenth : MOST_UNASKED;
}

/* Whether the one keeps back what it reads. */
static bool
keeps_back(const bool *gone, const bool *rest, size_t reader)
{
	return !gone[reader] && !rest[reader];
}

static bool
take_back(const struct specs *specs, const struct dag_reads *reads, bool *gone, const bool *rest,
    size_t *stays_for)
{
	bool found = false;

	for (size_t i = 0; i < specs->count; i++)
		for (size_t k = 0; k < specs->list[i].input_count; k++) {
			size_t read = reads->producer[reads->first[i] + k];

			if (read == DAG_OUTSIDE || read == i || !gone[read]
			    || !keeps_back(gone, rest, i))
				continue;
			gone[read] = false;
			stays_for[read] = i;
			found = true;
		}
	return found;
}

size_t
removal_order(struct arena *a, const struct specs *specs, bool *gone, const bool *rest,
    size_t *stays_for, size_t *order)
{
	struct dag_reads reads = dag_reads(specs, a);
	size_t *all = ARENA_ARRAY(a, specs->count, size_t), count = 0;
	struct diags ignored = diags_in(a);

	for (size_t i = 0; i < specs->count; i++)
		stays_for[i] = SIZE_MAX;
	while (take_back(specs, &reads, gone, rest, stays_for))
		;
	(void)dag_order(specs, a, all, &ignored);
	for (size_t i = specs->count; i > 0; i--)
		if (gone[all[i - 1]])
			order[count++] = all[i - 1];
	return count;
}

size_t
removal_maker(const struct removal *list, size_t count, const struct spec_input *input)
{
	size_t i = 0;

	while (i < count
	       && !(str_eq(list[i].name, input->repo) && str_eq(list[i].project, input->project)))
		i++;
	return i;
}

const char *
removal_word(enum removal_kind kind)
{
	return kind == REMOVAL_STOP ? "stop" : "delete";
}

struct str
removal_cause(struct arena *a, const struct removal *one)
{
	if (one->commit.len == 0)
		return STR("no longer in the target");
	return arena_fmt(a, "left git in %.*s", STR_FMT(str_head(one->commit, SHORT_SHA)));
}
