/* The order of tags that are commits: what was built from an older commit is not written over a newer one. */
#include <string.h>

#include "base/arena.h"
#include "edit/write_back_inside.h"
#include "git/repo.h"
#include "git/since.h"
#include "pipeline/image.h"
#include "session/rest.h"

enum { SHA_DIGITS = 40 };

struct verdict {
	struct verdict *next;
	struct str old, new;
	bool is_fine, is_known;
};

bool
tag_is_commit(struct str tag)
{
	for (size_t i = 0; i < tag.len; i++)
		if (!strchr("0123456789abcdef", tag.ptr[i]))
			return false;
	return tag.len >= 7 && tag.len <= 40;
}

/* What the checkout knows: 1 it descends, 0 it does not, -1 nobody knows here. */
static int
ask_checkout(struct back *b, struct str old, struct str new)
{
	struct str old_sha, new_sha, base;
	struct err unheard;

	if (!b->git || repo_peel(b->git, b->a, old, &old_sha, &unheard) < 0
	    || repo_peel(b->git, b->a, new, &new_sha, &unheard) < 0
	    || repo_merge_base(b->git, b->a, old_sha, new_sha, &base, &unheard) < 0)
		return -1;
	if (str_eq(base, old_sha))
		return 1;
	return base.len == 0 && repo_is_shallow(b->git) ? -1 : 0;
}

/* Checkouts of CI have one commit: then the host is asked about the job's repository, whose commits builds are tagged
 * with. What it does not know is not a commit, and has no order (-1). -2 with *err: it does not answer. */
static int
ask_host(struct back *b, struct str old, struct str new, struct err *err)
{
	struct forge_opts opts = { .env = &b->run->env,
		.rest = token_rest(b->run),
		.find_proxy = token_proxy,
		.ctx = b->run };
	struct compared compared;
	struct err unheard;
	bool is_gone;

	opts.tokens = b->run->host_tokens;
	if (!b->own)
		b->own = repository_open(
		    b->a, b->run->event.repository.len ? NULL : b->repo, &opts, &unheard);
	if (!b->own)
		return -1;
	if (repository_compare(b->own, old, new, &compared, &is_gone, err) < 0)
		return is_gone ? -1 : -2;
	return compared.behind == 0;
}

bool
write_back_has_commits(const struct back *b, struct str old, struct str new)
{
	for (const struct verdict *v = b->verdicts; v; v = v->next)
		if (str_eq(v->old, old) && str_eq(v->new, new))
			return v->is_known;
	return false;
}

/* Whether there is an order to ask for. */
static bool
has_order(const struct back *b, struct str old, struct str new)
{
	return !b->run->opt.force && old.ptr && new.ptr && !str_eq(old, new) && tag_is_commit(old)
	       && tag_is_commit(new);
}

static void
report_order(struct back *b, const char *file, const struct retag *r, int known)
{
	struct str old = image_split(r->old).tag, new = image_split(r->new).tag;

	if (known == 0)
		ci_note(&b->run->ci,
		    "%s:%u:%u: '%.*s' stays: commit %.*s does not descend from %.*s, which a newer "
		    "build has written (--force writes it)",
		    file, r->at.line, r->at.col, STR_FMT(r->old), STR_FMT(str_head(new, 12)),
		    STR_FMT(str_head(old, 12)));
	else if (known < 0 && old.len == SHA_DIGITS && new.len == SHA_DIGITS)
		ci_note(&b->run->ci,
		    "%s:%u:%u: whether commit %.*s descends from %.*s is not known: the job's "
		    "repository does not have both",
		    file, r->at.line, r->at.col, STR_FMT(str_head(new, 12)),
		    STR_FMT(str_head(old, 12)));
}

bool
write_back_in_order(struct setting *all, const char *file, const struct retag *r)
{
	struct back *b = all->ctx;
	struct str old = image_split(r->old).tag, new = image_split(r->new).tag;
	struct verdict *v = b->verdicts;
	struct err err;
	int known;

	if (!has_order(b, old, new))
		return true;
	while (v && (!str_eq(v->old, old) || !str_eq(v->new, new)))
		v = v->next;
	if (v)
		return v->is_fine;
	known = ask_checkout(b, old, new);
	if (known < 0)
		known = ask_host(b, old, new, &err);
	if (known < -1) {
		b->order_fault = ARENA_NEW(b->a, struct err);
		*b->order_fault = err;
		return false;
	}
	v = ARENA_NEW(b->a, struct verdict);
	*v = (struct verdict){ b->verdicts, arena_str(b->a, old), arena_str(b->a, new), known != 0,
		known >= 0 };
	b->verdicts = v;
	report_order(b, file, r, known);
	return v->is_fine;
}
