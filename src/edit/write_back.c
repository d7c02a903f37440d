/*
 * Write-back: look, edit, commit, ask, look again. Each round starts from what is there now, so that whatever others do
 * meanwhile only costs another round; the host moves a branch only from where it was seen.
 */
#include "edit/write_back.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "edit/write_back_inside.h"
#include "git/repo.h"
#include "git/since.h"
#include "git/written.h"
#include "process/stop_wait.h"

enum {
	MAX_FAILURES = 5, /* in a row, of the host or the network */
	FIRST_PAUSE_MS = 300,
	MAX_PAUSE_MS = 8000
};

#define MERGE_MESSAGE "Merge the base\n\n" WRITTEN_TRAILER "1"

/* How a round ends. */
enum round {
	ROUND_FAILED = -1,
	ROUND_DONE,
	ROUND_AGAIN, /* something has moved */
};

/* Where the branch is, and what is on it. */
struct start {
	struct tip at;    /* what is edited */
	bool is_live;     /* the branch has commits that nobody has merged or refused */
	bool is_behind;   /* and the base has some that it has not */
	bool overlaps;    /* in the same files */
	bool is_ours;     /* all of them are ours */
	struct rows rows; /* what they say */
};

static const struct pull *
open_pull(const struct looked *now)
{
	for (size_t i = 0; i < now->pull_count; i++)
		if (now->pulls[i].is_open && str_eq(now->pulls[i].base, now->base))
			return &now->pulls[i];
	return NULL;
}

/* The branch has what another base is to get: with ours on top a request would carry that base's commits into this one. */
static int
check_other_base(const struct back *b, struct err *err)
{
	const struct looked *now = &b->now;

	for (size_t i = 0; i < now->pull_count; i++) {
		const struct pull *p = &now->pulls[i];

		if (!p->is_open || str_eq(p->base, now->base))
			continue;
		(void)err_set(err, ERR_USAGE,
		    "branch '%s' has %s %lld into '%.*s', and this is for '%.*s'",
		    b->run->opt.branch, repository_request_word(b->host), (long long)p->number,
		    STR_FMT(p->base), STR_FMT(now->base));
		return err_hint(err, "name a branch for each base: --branch %s-%.*s",
		    b->run->opt.branch, STR_FMT(now->base));
	}
	return 0;
}

/* What a request had that is merged or refused is done with, whatever its base. */
static bool
is_done_with(const struct looked *now)
{
	for (size_t i = 0; i < now->pull_count; i++)
		if (!now->pulls[i].is_open && str_eq(now->pulls[i].head, now->head.oid))
			return true;
	return false;
}

static bool
shares_file(const struct compared *one, const struct compared *other)
{
	for (size_t i = 0; i < one->file_count; i++)
		for (size_t k = 0; k < other->file_count; k++)
			if (str_eq(one->files[i], other->files[k]))
				return true;
	return false;
}

static int
find_start(struct back *b, struct start *s, struct err *err)
{
	const struct looked *now = &b->now;
	struct compared ahead, behind;
	bool is_gone;

	*s = (struct start){ .at = now->at };
	if (b->run->opt.direct || now->head.oid.len == 0 || str_eq(now->head.oid, now->at.oid)
	    || (!open_pull(now) && is_done_with(now)))
		return 0;
	if (repository_compare(b->host, now->at.oid, now->head.oid, &ahead, &is_gone, err) < 0)
		return -1;
	if (ahead.ahead == 0)
		return 0;
	s->at = now->head;
	s->is_live = true;
	s->is_ours = !ahead.is_cut; /* whose the others are is not known */
	s->is_behind = ahead.behind > 0;
	for (size_t i = 0; i < ahead.count; i++) {
		s->is_ours = s->is_ours && written_is_message(ahead.messages[i]);
		rows_add_message(&s->rows, b->a, ahead.messages[i]);
	}
	if (!s->is_behind)
		return 0;
	if (repository_compare(b->host, now->head.oid, now->at.oid, &behind, &is_gone, err) < 0)
		return -1;
	s->overlaps = ahead.is_cut || behind.is_cut || shares_file(&ahead, &behind);
	return 0;
}

static int
read_file(struct setting *all, struct arena *a, const struct path *path, struct str *text,
    struct err *err)
{
	struct back *b = all->ctx;

	(void)a; /* it is kept for the next round */
	return write_back_text(b, write_back_entry(b, str_of(path->name)), text, err);
}

/* What the image lines change in the files of s->at. */
static int
edit(struct back *b, const struct start *s, struct err *err)
{
	struct setting *all = b->all;

	all->changes = NULL;
	all->edited = NULL;
	all->change_count = all->change_room = all->edited_count = all->edited_room = 0;
	all->skipped = all->left = 0;
	b->run->diags = diags_in(b->run->arena);
	b->order_fault = NULL;
	if (repository_files(b->host, s->at.tree, &b->files, err) < 0
	    || write_back_paths(b, err) < 0 || setting_check(all, err) < 0)
		return -1;
	all->is_again = true;
	if (b->order_fault) {
		*err = *b->order_fault;
		return err_hint(
		    err, "run this again, or write without the order of commits: --force");
	}
	return 0;
}

/* What the host would refuse is refused before anything is written. */
static int
check_limits(const struct back *b, struct err *err)
{
	for (size_t i = 0; i < b->all->edited_count; i++)
		if (repository_may_write(b->host, &b->now, b->all->edited[i].path->name, err) < 0)
			return -1;
	return 0;
}

/* A person has closed a request with this content, and it is not opened again. */
static const struct pull *
refused_by_person(struct back *b, const struct rows *rows)
{
	struct str mark = request_mark(b, rows);

	for (size_t i = 0; i < b->now.pull_count; i++) {
		const struct pull *p = &b->now.pulls[i];

		if (!p->is_open && !p->is_merged && p->is_ours && str_eq(p->base, b->now.base)
		    && str_eq(str_head(p->body, mark.len), mark))
			return p;
	}
	return NULL;
}

static int
commit(struct back *b, const struct start *s, const struct rows *rows, struct tip *out,
    struct err *err)
{
	struct setting *all = b->all;
	struct written_file *files = ARENA_ARRAY(b->a, all->edited_count, struct written_file);
	struct new_commit c = { .branch = b->run->opt.direct ? arena_cstr(b->a, b->now.base)
		                                             : b->run->opt.branch,
		.onto = s->at,
		.before = b->run->opt.direct ? b->now.at.oid : b->now.head.oid,
		.files = files,
		.count = all->edited_count };

	for (size_t i = 0; i < all->edited_count; i++) {
		const struct edited *t = &all->edited[i];
		const struct entry *e = write_back_entry(b, str_of(t->path->name));

		files[i] = (struct written_file){ .path = e->path, .mode = e->mode };
		if (write_back_new_text(b, t, &files[i].text, err) < 0)
			return -1;
	}
	c.headline = commit_headline(b, rows);
	c.body = commit_body(b, rows);
	return repository_commit(b->host, &b->now, &c, out, err);
}

/* What a request may have beside its content: where it lacks it the write-back is done all the same. */
static void
dress(struct back *b, const struct pull *p)
{
	const struct options *opt = &b->run->opt;
	struct err err;

	if (opt->labels.count > 0
	    && repository_label(b->host, p, opt->labels.list, opt->labels.count, &err) < 0)
		ci_warn(&b->run->ci, "%s", err.text);
	if (opt->reviewers.count > 0
	    && repository_ask_review(b->host, p, opt->reviewers.list, opt->reviewers.count, &err)
	           < 0)
		ci_warn(&b->run->ci, "%s", err.text);
	if (opt->auto_merge && repository_auto_merge(b->host, p, &err) < 0)
		ci_warn(&b->run->ci, "%s", err.text);
}

static int
show_request(struct back *b, const struct pull *p, const char *what, struct err *err)
{
	struct str number = arena_fmt(b->a, "%lld", (long long)p->number);

	ci_log(&b->run->ci, "%s %.*s: %s: %.*s", repository_request_word(b->host), STR_FMT(number),
	    what, STR_FMT(p->url));
	if (ci_output(&b->run->ci, "pull-request", number, err) < 0)
		return -1;
	return ci_output(&b->run->ci, "pull-request-url", p->url, err);
}

/* The branch is at `head`, and the request says what is on it. */
static enum round
request(struct back *b, const struct rows *rows, const struct tip *head, struct err *err)
{
	const struct pull *p = open_pull(&b->now);
	struct new_pull new = { .branch = b->run->opt.branch,
		.base = b->now.base,
		.title = str_of(b->run->opt.title),
		.is_draft = b->run->opt.draft };
	struct str body, plans;
	struct pull made;

	if (write_back_plans(b, head->oid, &plans, err) < 0)
		return ROUND_FAILED;
	new.body = body = request_body(b, rows, plans);
	if (p
	    && (!p->is_ours || str_eq(str_trim(p->body), str_trim(repository_fit(b->host, body)))))
		return show_request(b, p, "up to date", err) < 0 ? ROUND_FAILED : ROUND_DONE;
	if (p) {
		if (repository_edit_pull(b->host, p, body, false, err) < 0
		    || show_request(b, p, "updated", err) < 0)
			return ROUND_FAILED;
	} else {
		if (repository_pull(b->host, &b->now, &new, &made, err) < 0)
			return ROUND_FAILED;
		dress(b, &made);
		if (show_request(b, &made, "opened", err) < 0)
			return ROUND_FAILED;
	}
	/* whoever came after us has written the request before us */
	if (repository_look(b->host, b->run->opt.base, b->run->opt.branch, &b->now, err) < 0)
		return ROUND_FAILED;
	return str_eq(b->now.head.oid, head->oid) && open_pull(&b->now) ? ROUND_DONE : ROUND_AGAIN;
}

/* The base has all that the branch has. The branch goes first, for only that fails when somebody has added to it. */
static enum round
close_request(struct back *b, const struct tip *head, struct err *err)
{
	const struct pull *p = open_pull(&b->now);
	const char *word = repository_request_word(b->host);

	if (repository_drop(b->host, &b->now, b->run->opt.branch, head->oid, err) < 0)
		return ROUND_FAILED;
	if (p && p->is_ours
	    && repository_edit_pull(b->host, p, request_closed_body(b, p->body), true, err) < 0)
		return ROUND_FAILED;
	ci_log(&b->run->ci, "'%.*s' has all of this already: branch '%s' is deleted%s%s%s",
	    STR_FMT(b->now.base), b->run->opt.branch, p ? ", its " : "", p ? word : "",
	    p ? " closed" : "");
	return ROUND_DONE;
}

/* Whether all that the branch has, and only we have written it, is in the base. */
static int
is_in_base(
    struct back *b, const struct start *s, const struct tip *head, bool *yes, struct err *err)
{
	*yes = false;
	if (!s->is_live || !s->is_ours)
		return 0;
	return repository_is_same(b->host, head, &b->now.at, yes, err);
}

/* Nothing is left to change in the files. */
static enum round
settle(struct back *b, const struct start *s, struct err *err)
{
	const struct pull *p = b->run->opt.direct ? NULL : open_pull(&b->now);
	bool is_same;

	if (b->checking)
		return ROUND_DONE;
	if (is_in_base(b, s, &s->at, &is_same, err) < 0)
		return ROUND_FAILED;
	if (is_same || (p && p->is_ours && str_eq(b->now.head.oid, b->now.at.oid)))
		return close_request(b, &s->at, err);
	if (s->is_live && s->rows.count > 0)
		return request(b, &s->rows, &s->at, err);
	return ROUND_DONE;
}

/* The base's new commits come first: the host merges them, unless both have changed the same lines, or the token may not
 * write what they hold (workflows). */
static enum round
merge_base(struct back *b, struct err *err)
{
	bool clashes;

	if (repository_merge(b->host, &b->now, b->run->opt.branch, MERGE_MESSAGE, &clashes, err)
	    == 0)
		return ROUND_AGAIN;
	if (err->kind != ERR_REFUSED)
		return ROUND_FAILED;
	b->is_clashing = true;
	if (clashes)
		ci_warn(&b->run->ci,
		    "branch '%s' and '%.*s' have changed the same lines: ours goes onto the "
		    "branch, and the %s waits for somebody to resolve them",
		    b->run->opt.branch, STR_FMT(b->now.base), repository_request_word(b->host));
	else
		ci_warn(&b->run->ci, "branch '%s' stays behind '%.*s': %s", b->run->opt.branch,
		    STR_FMT(b->now.base), err->text);
	return ROUND_AGAIN;
}

static enum round
write_commit(struct back *b, const struct start *s, struct err *err)
{
	struct rows ours = { .list = NULL }, all = s->rows;
	struct str plans;
	const struct pull *refused;
	struct tip head;
	bool is_same;
	int rc;

	rows_add_changes(&ours, b);
	rows_add(&all, b->a, &ours);
	refused = s->is_live || b->run->opt.direct ? NULL : refused_by_person(b, &ours);
	if (refused) {
		ci_note(&b->run->ci,
		    "nothing is written: somebody has closed %s %lld with the same content",
		    repository_request_word(b->host), (long long)refused->number);
		b->all->change_count = b->all->edited_count = 0;
		return ROUND_DONE;
	}
	if (check_limits(b, err) < 0)
		return ROUND_FAILED;
	if (b->checking)
		return write_back_plans(b, s->at.oid, &plans, err) < 0 ? ROUND_FAILED : ROUND_DONE;
	rc = commit(b, s, &ours, &head, err);
	/* the next round shows whether a lost answer was a commit */
	if (rc == 0 || err->kind == ERR_NETWORK) {
		ci_set_writer(&b->run->ci);
		b->is_done = true;
		b->written = b->all->changes;
		b->written_count = b->all->change_count;
		b->written_files = b->all->edited_count;
	}
	if (rc < 0)
		return ROUND_FAILED;
	ci_log(&b->run->ci, "commit %.*s on branch '%s' of %.*s", STR_FMT(head.oid),
	    b->run->opt.direct ? arena_cstr(b->a, b->now.base) : b->run->opt.branch,
	    STR_FMT(repository_name(b->host)));
	if (ci_output(&b->run->ci, "commit", head.oid, err) < 0)
		return ROUND_FAILED;
	if (b->run->opt.direct)
		return ROUND_DONE;
	if (is_in_base(b, s, &head, &is_same, err) < 0)
		return ROUND_FAILED;
	return is_same ? close_request(b, &head, err) : request(b, &all, &head, err);
}

static enum round
play_round(struct back *b, struct err *err)
{
	struct start s;

	if (repository_look(b->host, b->run->opt.base, b->run->opt.branch, &b->now, err) < 0)
		return ROUND_FAILED;
	if (!b->run->opt.direct && str_is(b->now.base, b->run->opt.branch)) {
		(void)err_set(
		    err, ERR_USAGE, "input 'branch' is '%s', the base itself", b->run->opt.branch);
		(void)err_hint(err, "name another branch, or use --direct");
		return ROUND_FAILED;
	}
	if (!b->run->opt.direct && !open_pull(&b->now) && check_other_base(b, err) < 0)
		return ROUND_FAILED;
	if (find_start(b, &s, err) < 0 || edit(b, &s, err) < 0)
		return ROUND_FAILED;
	if (s.is_behind && !b->is_clashing && !b->checking
	    && (s.overlaps || b->all->change_count > 0))
		return merge_base(b, err);
	return b->all->change_count > 0 ? write_commit(b, &s, err) : settle(b, &s, err);
}

/* Whether somebody else has moved what we have seen. */
static bool
has_moved(struct back *b)
{
	const struct pull *before = open_pull(&b->now), *after;
	struct looked now;
	struct err unheard;

	if (repository_look(b->host, b->run->opt.base, b->run->opt.branch, &now, &unheard) < 0)
		return false;
	after = open_pull(&now);
	return !str_eq(now.at.oid, b->now.at.oid) || !str_eq(now.head.oid, b->now.head.oid)
	       || !before != !after;
}

/* Runs that start at the same moment must not go on in step. */
static int64_t
pause_ms(const struct back *b, unsigned round)
{
	int64_t most = (int64_t)FIRST_PAUSE_MS << (round < 5 ? round : 5);
	uint64_t noise = (uint64_t)clock_ms() * 2654435761U ^ (uint64_t)getpid() * 40503U;

	(void)b;
	if (most > MAX_PAUSE_MS)
		most = MAX_PAUSE_MS;
	return most / 2 + (int64_t)((noise >> 7) % (uint64_t)most);
}

static bool
may_try_again(struct back *b, unsigned *failures, const struct err *err)
{
	if (err->kind == ERR_NETWORK)
		return ++*failures < MAX_FAILURES;
	*failures = 0;
	return err->kind == ERR_REFUSED && b->now.id.len > 0 && has_moved(b);
}

static int
play(struct back *b, struct err *err)
{
	unsigned failures = 0;

	for (unsigned i = 0;; i++) {
		int64_t ms = pause_ms(b, i);
		enum round end = play_round(b, err);

		if (end == ROUND_DONE)
			return 0;
		if (end == ROUND_FAILED && !may_try_again(b, &failures, err))
			return -1;
		ci_debug(&b->run->ci, "round %u again: %s", i + 1,
		    end == ROUND_FAILED ? err->text : "the branch has moved");
		if (stop_pause(b->run->stop_fd, ms, b->run->deadline_ms))
			continue;
		if (stop_is_set(b->run->stop_fd))
			return err_set(err, ERR_INTERRUPTED, "interrupted");
		if (end == ROUND_FAILED && err->kind == ERR_NETWORK) {
			err->kind = ERR_TIMEOUT;
			return err_wrap(err, "timed out");
		}
		(void)err_set(err, ERR_TIMEOUT, "timed out: others keep writing branch '%s'",
		    b->run->opt.branch);
		return err_hint(err, "run this again; what is written already stays");
	}
}

/* The checkout: the blobs that it has, the working directory, and whether its HEAD is ours. 1: it is. */
static int
open_checkout(struct back *b)
{
	struct repo_head head;
	struct since *at;
	struct err unheard;
	struct str name;
	bool is_inside;

	b->git = repo_open(
	    b->run->arena, ".", b->run->ci.start != NULL || ci_is_runner(&b->run->ci), &unheard);
	if (!b->git || repo_head(b->git, b->a, &head, &unheard) < 0)
		return 0;
	at = b->run->opt.repo ? NULL : since_open(b->git, head.sha, &unheard);
	if (at && since_name(at, b->a, ".", &name, &is_inside, &unheard) == 0 && is_inside
	    && name.len > 0)
		b->prefix = arena_fmt(b->a, "%.*s/", STR_FMT(name));
	since_close(at);
	return written_is_commit(b->git, b->a, head.sha, b->run->opt.branch, b->run->opt.title);
}

static int
run_at_host(struct back *b, struct err *err)
{
	if (open_checkout(b) == 1) {
		ci_note(
		    &b->run->ci, "nothing is written back: this run was caused by a write-back");
		return 0;
	}
	if (play(b, err) < 0)
		return -1;
	if (b->is_done) { /* the last round may have had nothing left to do */
		b->all->changes = b->written;
		b->all->change_count = b->written_count;
		b->all->edited_count = b->written_files;
	}
	return 0;
}

/* All of it, but for what is shown. */
static int
write_back(struct setting *all, bool checking, bool is_push, struct back **out, struct err *err)
{
	struct back *b = ARENA_NEW(all->run->arena, struct back);
	int rc = -1;

	*out = b;
	*b = (struct back){ .all = all,
		.run = all->run,
		.a = all->run->arena,
		.checking = checking,
		.is_push = is_push };
	all->read = read_file;
	all->may_set = write_back_in_order;
	all->ctx = b;
	if (write_back_begin(b, err) == 0)
		rc = run_at_host(b, err);
	repository_close(b->own);
	repository_close(b->host);
	repo_close(b->git);
	return rc;
}

int
write_back_run(struct setting *all, bool checking, struct err *err)
{
	struct back *b;

	if (write_back(all, checking, false, &b, err) < 0)
		return -1;
	return setting_show(all, !b->checking, err);
}

int
write_back_push(struct run *run, const struct work *work, struct err *err)
{
	struct setting all = { .run = run,
		.work = {
		    .commit = work->commit, .rules = work->rules, .assigns = work->assigns } };
	const char **files = ARENA_ARRAY(run->arena, work->specs.count, const char *);
	struct back *b;

	for (size_t i = 0; i < work->specs.count; i++) {
		const char *file = work->specs.list[i].file;
		/* an image that a template's argument makes is written nowhere */
		bool is_known = work->specs.list[i].template || strcmp(file, STDIN_NAME) == 0;

		for (size_t k = 0; k < all.pattern_count && !is_known; k++)
			is_known = strcmp(files[k], file) == 0;
		if (!is_known)
			files[all.pattern_count++] = file;
	}
	all.patterns = files;
	if (write_back(&all, false, true, &b, err) < 0)
		return err_wrap(err, "the push is done, and is not written back");
	ci_log(&run->ci, "written back: %zu image%s", all.change_count,
	    all.change_count == 1 ? "" : "s");
	return 0;
}
