#include "data/put.h"

#include "base/arena.h"
#include "base/limits.h"
#include "data/arguments.h"
#include "data/feed.h"
#include "data/pieces.h"
#include "data/remote.h"
#include "data/show.h"
#include "pachd/grant.h"
#include "pachd/pachctl.h"
#include "pachd/pachd.h"
#include "pachd/preflight.h"
#include "pipeline/spec.h"
#include "process/stop_wait.h"
#include "session/run.h"

static struct str
title(const struct run *run, const struct put_opts *opts)
{
	return place_title(run->arena, &opts->to.at, STR(""));
}

static struct str
repo_title(const struct run *run, const struct put_opts *opts)
{
	return spec_title(run->arena, opts->to.at.project, opts->to.at.repo);
}

static int
no_repo(const struct run *run, const struct put_opts *opts, struct err *err)
{
	struct str repo = repo_title(run, opts);

	(void)err_set(err, ERR_REFUSED, "repo '%.*s' not found", STR_FMT(repo));
	return err_hint(err,
	    "check its name, or create it: set input 'create-repos' to true, or "
	    "pachup repo ensure %.*s",
	    STR_FMT(repo));
}

static int
no_branch(const struct run *run, const struct put_opts *opts, const struct pachd_repo *repo,
    struct err *err)
{
	(void)err_set(err, ERR_REFUSED, "repo '%.*s' has no branch '%.*s'",
	    STR_FMT(repo_title(run, opts)), STR_FMT(opts->to.at.ref));
	return err_hint(err,
	    "it has %.*s%s; write that one, or create yours: set input 'create-repos' to true",
	    STR_FMT(repo->branches[0]), repo->branch_count > 1 ? " and others" : "");
}

static int
no_right(const struct run *run, const struct pachd_facts *facts, const struct put_opts *opts,
    struct err *err)
{
	const struct pachd_role role = { opts->to.at.project, opts->to.at.repo,
		pachd_is_1x(facts) ? "WRITER" : "repoWriter" };

	(void)err_set(err, ERR_REFUSED, "user '%.*s' may not write to repo '%.*s'",
	    STR_FMT(facts->user), STR_FMT(repo_title(run, opts)));
	return err_hint(err, "ask an administrator to run: %.*s",
	    STR_FMT(pachd_grant(run->arena, facts, &role)));
}

/* The repo and whether its branch is there. */
static int
check_repo(struct run *run, struct pachd *cluster, struct put *put, struct err *err)
{
	const struct put_opts *opts = &put->opts;
	struct pachd_repo repo = { .target = { opts->to.at.project, opts->to.at.repo } };
	struct pachd_preflight around = { .repos = &repo, .repo_count = 1 };

	if ((!opts->is_probed && pachd_probe(cluster, NULL, 0, NULL, err) < 0)
	    || pachd_preflight(cluster, &around, err) < 0
	    || pachd_check_project(cluster, opts->to.at.project, err) < 0)
		return -1;
	if (repo.known == PACHD_MISSING && !opts->creates)
		return no_repo(run, opts, err);
	put->makes_repo = repo.known == PACHD_MISSING;
	put->makes_branch = !pachd_has_branch(&repo, opts->to.at.ref);
	if (put->makes_branch && !opts->creates && repo.branch_count > 0)
		return no_branch(run, opts, &repo, err);
	if (repo.known == PACHD_PRESENT && repo.rights.reported && !repo.rights.write)
		return no_right(run, pachd_facts(cluster), opts, err);
	return 0;
}

static int
refuse_open_commit(
    const struct run *run, const struct pachd_facts *facts, const struct put *put, struct err *err)
{
	const struct pfs_ref *at = &put->opts.to.at;

	(void)err_set(err, ERR_REFUSED,
	    "commit %.*s on '%.*s' is still open: it was started and not finished",
	    STR_FMT(put->before), STR_FMT(title(run, &put->opts)));
	return err_hint(err, "finish it first: %.*s",
	    STR_FMT(pachctl_line(
	        run->arena, facts, "finish", "commit", at->project, at->repo, at->ref)));
}

static int
check_branch(struct run *run, struct pachd *cluster, struct put *put, struct err *err)
{
	const struct pfs_ref *at = &put->opts.to.at;
	struct pfs_branch branch;
	struct pfs_commit head;

	if (pfs_branch(cluster, run->arena, at, &branch, err) < 0)
		return -1;
	if (branch.is_output) {
		(void)err_set(err, ERR_REFUSED, "only pipeline '%.*s' writes into '%.*s'",
		    STR_FMT(repo_title(run, &put->opts)), STR_FMT(title(run, &put->opts)));
		return err_hint(err, "put the files into one of the pipeline's inputs, or into "
		                     "another branch");
	}
	put->before = branch.head;
	if (branch.head.len == 0)
		return 0;
	if (pfs_commit(cluster, run->arena, at, false, &head, err) < 0)
		return -1;
	return head.finished_s == 0 && !head.is_finishing
	           ? refuse_open_commit(run, pachd_facts(cluster), put, err)
	           : 0;
}

/* Whether the remote file is the same as the local one, in *same: then it is left out. */
static int
compare_remote(struct pachd *cluster, const struct put *put, const struct remote *remote,
    const struct local_file *source, bool *same, struct err *err)
{
	const struct pfs_file *file =
	    put->opts.if_changed ? remote_file(remote, source->path) : NULL;
	struct pfs_ref head = put->opts.to.at;

	*same = false;
	if (put->opts.if_changed && put->opts.split != PFS_WHOLE)
		return pieces_same(
		    remote, source, put->opts.split, pachd_is_1x(pachd_facts(cluster)), same, err);
	head.ref = put->before; /* the very commit that was listed */
	return file ? remote_same(cluster, &head, file, source, same, err) : 0;
}

/* Finds the number for the first new piece of the file that was chosen last. */
static int
find_first(struct put *put, const struct remote *remote, struct err *err)
{
	struct str path = put->changed[put->changed_count - 1]->path;

	if (!put->firsts)
		return 0;
	if (remote_file(remote, path)) {
		(void)err_set(err, ERR_REFUSED,
		    "cannot append pieces to '%.*s': it is one file there, not a directory of "
		    "pieces",
		    STR_FMT(path));
		return err_hint(
		    err, "leave out 'split-by' to append to the file, or put it elsewhere");
	}
	put->firsts[put->changed_count - 1] = pieces_next(remote, path);
	return 0;
}

/* Lists the files of the branch, where the put depends on them. */
static int
look_at_files(
    struct run *run, struct pachd *cluster, struct put *put, struct remote *remote, struct err *err)
{
	bool numbers =
	    put->opts.appends && put->opts.split != PFS_WHOLE && !pachd_is_1x(pachd_facts(cluster));
	bool compares = put->opts.if_changed || put->opts.mirrors || numbers;
	struct pfs_ref head = put->opts.to.at;

	if (numbers)
		put->firsts = ARENA_ARRAY(run->arena, put->found->count, uint64_t);
	head.ref = put->before;
	return compares && put->before.len > 0
	           ? remote_read(run->arena, cluster, &head, put->opts.to.path, remote, err)
	           : 0;
}

static int
choose(struct run *run, struct pachd *cluster, struct put *put, struct err *err)
{
	struct arena *a = run->arena;
	struct remote remote = { 0 };

	if (look_at_files(run, cluster, put, &remote, err) < 0)
		return -1;
	put->changed = ARENA_ARRAY(a, put->found->count, const struct local_file *);
	for (size_t i = 0; i < put->found->count; i++) {
		const struct local_file *source = &put->found->list[i];
		bool same;

		if (compare_remote(cluster, put, &remote, source, &same, err) < 0)
			return -1;
		if (same)
			continue;
		put->changed[put->changed_count++] = source;
		put->bytes += source->size;
		if (find_first(put, &remote, err) < 0)
			return -1;
	}
	put->deletes = ARENA_ARRAY(a, put->opts.mirrors ? remote.count : 0, struct str);
	for (size_t i = 0; put->opts.mirrors && i < remote.count; i++)
		if (!local_named(put->found, remote.list[i].path))
			put->deletes[put->delete_count++] = remote.list[i].path;
	return 0;
}

int
put_plan(struct run *run, struct pachd *cluster, const struct put_opts *opts,
    const struct local_files *found, struct put *out, struct err *err)
{
	*out = (struct put){ .opts = *opts, .found = found, .before = STR(""), .commit = STR("") };
	if (check_repo(run, cluster, out, err) < 0)
		return -1;
	if (!out->makes_branch && check_branch(run, cluster, out, err) < 0)
		return -1;
	return choose(run, cluster, out, err);
}

int
put_find_done(struct run *run, struct pachd *cluster, const struct put_opts *opts,
    const struct local_files *found, size_t count, struct put *out, bool *is_done, struct err *err)
{
	struct remote_look *list = ARENA_ARRAY(run->arena, count, struct remote_look);

	if (pachd_probe(cluster, NULL, 0, NULL, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (pachd_check_project(cluster, opts[i].to.at.project, err) < 0)
			return -1;
		list[i] = (struct remote_look){ .at = &opts[i].to.at,
			.found = &found[i],
			.path = opts[i].to.path,
			.is_mirror = opts[i].mirrors };
	}
	remote_look(run->arena, cluster, list, count);
	for (size_t i = 0; i < count; i++) {
		is_done[i] = list[i].is_same;
		if (is_done[i])
			out[i] = (struct put){ .opts = opts[i],
				.found = &found[i],
				.before = STR(""),
				.commit = STR("") };
	}
	return 0;
}

bool
put_is_needed(const struct put *put)
{
	return put->changed_count > 0 || put->delete_count > 0;
}

static int
make_places(struct run *run, struct pachd *cluster, const struct put *put, struct err *err)
{
	const struct pfs_ref *at = &put->opts.to.at;
	enum pfs_made made = PFS_MADE;

	if (!put->makes_repo)
		return 0;
	if (pfs_make_repo(cluster, at, &made, err) < 0)
		return err_wrap(
		    err, "cannot create repo '%.*s'", STR_FMT(repo_title(run, &put->opts)));
	ci_log(&run->ci, "created repo '%.*s'", STR_FMT(repo_title(run, &put->opts)));
	return 0;
}

static void
on_read(void *ctx, uint64_t bytes, size_t files)
{
	transfer_add(ctx, bytes, files);
}

static int
stream(struct run *run, struct pachd *cluster, const struct put *put, bool *sent, struct err *err)
{
	struct transfer transfer = transfer_begin(run, "put", put->bytes);
	struct feed_opts opts = { .files = put->changed,
		.count = put->changed_count,
		.deletes = put->deletes,
		.delete_count = put->delete_count,
		.appends = put->opts.appends,
		.split = put->opts.split,
		.splits_here = put->opts.split != PFS_WHOLE && !pachd_is_1x(pachd_facts(cluster)),
		.firsts = put->firsts,
		.on_read = on_read,
		.ctx = &transfer };
	struct feed *feed = feed_new(&opts, err);
	struct pfs_steps steps = { feed_next, feed };
	int rc = feed ? pfs_put(cluster, &put->opts.to.at, &steps, put->delete_count > 0, sent, err)
	              : -1;

	feed_free(feed);
	transfer_end(&transfer);
	return rc;
}

/* Whether what was to be put is in the commit: by paths and sizes. */
static bool
holds_all(struct run *run, struct pachd *cluster, const struct put *put, const struct pfs_ref *head)
{
	struct remote remote;
	struct err unheard;

	if (remote_read(run->arena, cluster, head, put->opts.to.path, &remote, &unheard) < 0)
		return false;
	for (size_t i = 0; i < put->changed_count; i++) {
		const struct local_file *source = put->changed[i];
		const struct pfs_file *file = remote_file(&remote, source->path);
		bool same;

		if (!file || remote_same(cluster, head, file, source, &same, &unheard) < 0 || !same)
			return false;
	}
	for (size_t i = 0; i < put->delete_count; i++)
		if (remote_file(&remote, put->deletes[i]))
			return false;
	return true;
}

/* The head of the branch after the stream broke. With `patient`, one that did not change is looked at again: the
 * server may be at work on what nobody waits for. */
static int
look_at_head(struct run *run, struct pachd *cluster, const struct put *put, bool patient,
    struct pfs_branch *branch)
{
	static const int pauses_ms[] = { 100, 400, 1000 };

	struct err unheard;

	pachd_grace(cluster, CLEANUP_MS);
	for (size_t i = 0; i <= COUNT_OF(pauses_ms); i++) {
		if (pfs_branch(cluster, run->arena, &put->opts.to.at, branch, &unheard) < 0)
			return -1;
		if (!patient || !str_eq(branch->head, put->before) || i == COUNT_OF(pauses_ms))
			break;
		(void)stop_pause(-1, pauses_ms[i], 0);
	}
	return 0;
}

/* The stream broke: 0 when all is there all the same; else *err says what is known. */
static int
settle(struct run *run, struct pachd *cluster, struct put *put, struct err *err)
{
	struct pfs_branch branch;
	struct pfs_ref head = put->opts.to.at;
	bool is_cut = err->kind == ERR_NETWORK;

	if (!is_cut && err->kind != ERR_INTERRUPTED && err->kind != ERR_TIMEOUT)
		return -1;
	if (look_at_head(run, cluster, put, !is_cut, &branch) < 0)
		return err_wrap(err, "it is unknown whether the files were put");
	if (str_eq(branch.head, put->before)) {
		(void)err_wrap(
		    err, "nothing was put, '%.*s' is as it was", STR_FMT(title(run, &put->opts)));
		if (!is_cut)
			return -1;
		return err_hint(err, "run this again; where it breaks each time, pachd's log says "
		                     "why: kubectl logs deployment/pachd");
	}
	head.ref = branch.head;
	if (put->opts.split == PFS_WHOLE && !put->opts.appends
	    && holds_all(run, cluster, put, &head)) {
		if (!is_cut)
			return err_wrap(err, "the files were put all the same, in commit %.*s",
			    STR_FMT(branch.head));
		ci_note(&run->ci, "the response was lost, but the files were put");
		return 0;
	}
	(void)err_wrap(err, "'%.*s' has a new commit %.*s, which may be somebody else's",
	    STR_FMT(title(run, &put->opts)), STR_FMT(branch.head));
	return err_hint(err, "look at it: pachup ls %.*s", STR_FMT(title(run, &put->opts)));
}

int
put_send(struct run *run, struct pachd *cluster, struct put *put, struct err *err)
{
	struct pfs_branch branch;
	bool sent = false;

	if (make_places(run, cluster, put, err) < 0)
		return -1;
	if (stream(run, cluster, put, &sent, err) < 0
	    && (!sent || settle(run, cluster, put, err) < 0))
		return err_wrap(err, "cannot put into '%.*s'", STR_FMT(title(run, &put->opts)));
	if (pfs_branch(cluster, run->arena, &put->opts.to.at, &branch, err) < 0)
		return err_wrap(err, "the files were put, but their commit cannot be read");
	put->commit = branch.head;
	return 0;
}
