/* put: uploads files into a branch. */
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cmd/command_table.h"
#include "data/arguments.h"
#include "data/follow.h"
#include "data/put.h"
#include "data/show.h"
#include "format/json_builder.h"
#include "inputs/exit_code.h"
#include "pachd/pachd.h"
#include "session/connect.h"
#include "session/run.h"

#define EXAMPLE "put images@master:/2024/ photos/"
#define MANY    "put images@master:/2024/=photos/ labels@master=labels.csv"

enum {
	MAX_JSON = 1 << 30, /* of MAX_DATA_FILES files with usual paths, some 0.2 GB */
	MAX_LINES = 100
};

/* The order of cp: the files, then the target. */
static bool
ends_with_target(const char *const *words, size_t count)
{
	const char *last = words[count - 1];

	return count > 1 && !strchr(words[0], '@') && strchr(last, '@') && access(last, F_OK) != 0;
}

/* The target and the files: behind each other on the command line, inputs `to` and `files` in an action. */
static int
read_words(struct run *run, const char **to, const char ***files, size_t *count, struct err *err)
{
	const struct options *opt = &run->opt;
	const char *const *words;
	size_t word_count = words_of(run, &words), used = 0;

	*to = run->in.from[IN_TO] ? opt->to : NULL;
	if (!*to && word_count > 0 && ends_with_target(words, word_count))
		*to = words[--word_count];
	else if (!*to && word_count > 0)
		*to = words[used++];
	if (!*to)
		return usage_error(err, "no target for the files", EXAMPLE);
	*files = ARENA_ARRAY(run->arena, word_count + opt->files.count, const char *);
	*count = 0;
	while (used < word_count)
		(*files)[(*count)++] = words[used++];
	for (size_t i = 0; i < opt->files.count; i++)
		(*files)[(*count)++] = opt->files.list[i];
	return *count ? 0 : usage_error(err, "no files to put", EXAMPLE);
}

static int
check_opts(const struct put_opts *o, struct err *err)
{
	if (o->appends && (o->if_changed || o->mirrors))
		return usage_error(
		    err, "'append' cannot go with 'if-changed' or 'delete-missing'", EXAMPLE);
	if (o->split != PFS_WHOLE && o->mirrors)
		return usage_error(err, "'split-by' cannot go with 'delete-missing'", EXAMPLE);
	if (o->mirrors && !o->to.is_dir)
		return usage_error(err,
		    "'delete-missing' needs a directory: a path with a '/' at its end", EXAMPLE);
	return 0;
}

static int
read_opts(struct run *run, const char *to, struct put_opts *out, struct err *err)
{
	static const enum pfs_split splits[] = { [SPLIT_BY_UNSAID] = PFS_WHOLE,
		[SPLIT_BY_LINE] = PFS_LINES,
		[SPLIT_BY_JSON] = PFS_JSON };
	const struct options *opt = &run->opt;

	*out = (struct put_opts){ .appends = opt->append,
		.mirrors = opt->delete_missing,
		.if_changed = opt->if_changed,
		.creates = opt->create_repos,
		.split = splits[opt->split_by] };
	if (read_place(run, to, NEEDS_REF, &out->to, err) < 0)
		return -1;
	if (out->to.path.len == 0) {
		out->to.path = STR("/");
		out->to.is_dir = true;
	}
	return check_opts(out, err);
}

static void
print_text(struct run *run, const struct put *put, bool planning)
{
	struct arena *a = run->arena;
	struct str place = place_title(a, &put->opts.to.at, STR(""));
	struct str size = size_text(a, put->bytes);
	size_t same = put->found->count - put->changed_count;
	const char *put_word = planning ? "would put     " : "put      ";
	const char *delete_word = planning ? "would delete  " : "delete   ";

	for (size_t i = 0; i < put->changed_count && i < MAX_LINES; i++)
		ci_out(&run->ci, "%s%.*s  %.*s  (%s)", put_word, STR_FMT(put->changed[i]->path),
		    STR_FMT(size_text(a, put->changed[i]->size)), put->changed[i]->file);
	if (put->changed_count > MAX_LINES)
		ci_out(&run->ci, "%sand %zu more", put_word, put->changed_count - MAX_LINES);
	for (size_t i = 0; i < put->delete_count && i < MAX_LINES; i++)
		ci_out(&run->ci, "%s%.*s", delete_word, STR_FMT(put->deletes[i]));
	if (put->delete_count > MAX_LINES)
		ci_out(&run->ci, "%sand %zu more", delete_word, put->delete_count - MAX_LINES);
	ci_out(&run->ci, "%.*s: %zu %s (%.*s), %zu %s, %zu unchanged%s%.*s", STR_FMT(place),
	    put->changed_count, planning ? "to put" : "put", STR_FMT(size), put->delete_count,
	    planning ? "to delete" : "deleted", same, put->commit.len ? ", commit " : "",
	    STR_FMT(put->commit));
}

static void
add_json(struct json *j, const struct put *put)
{
	json_open(j, NULL, JSON_OBJECT);
	json_string(j, "project", put->opts.to.at.project);
	json_string(j, "repo", put->opts.to.at.repo);
	json_string(j, "branch", put->opts.to.at.ref);
	json_string(j, "commit", put->commit);
	json_bool(j, "changed", put_is_needed(put));
	json_uint(j, "bytes", put->bytes);
	json_uint(j, "unchanged", put->found->count - put->changed_count);
	json_open(j, "files", JSON_ARRAY);
	for (size_t i = 0; i < put->changed_count; i++) {
		json_open(j, NULL, JSON_OBJECT);
		json_string(j, "path", put->changed[i]->path);
		json_uint(j, "size", put->changed[i]->size);
		json_close(j);
	}
	json_close(j);
	json_open(j, "deleted", JSON_ARRAY);
	for (size_t i = 0; i < put->delete_count; i++)
		json_string(j, NULL, put->deletes[i]);
	json_close(j);
	json_close(j);
}

/* The puts of one run: each branch gets one commit. */
struct puts {
	struct put_opts *opts;
	struct local_files *found;
	struct put *list;
	size_t count;
};

static int
print_puts(struct run *run, const struct puts *all, bool planning, struct err *err)
{
	struct buf text = BUF_INIT(MAX_JSON);
	struct json j = JSON_TO(&text);

	if (!output_is_json(&run->in)) {
		for (size_t i = 0; i < all->count; i++)
			print_text(run, &all->list[i], planning);
		return 0;
	}
	if (all->count != 1)
		json_open(&j, NULL, JSON_ARRAY);
	for (size_t i = 0; i < all->count; i++)
		add_json(&j, &all->list[i]);
	if (all->count != 1)
		json_close(&j);
	return ci_raw_json(&run->ci, &j, "the list of files", err);
}

static int
write_outputs(struct run *run, const struct puts *all, struct err *err)
{
	struct arena *a = run->arena;
	struct str commits = STR("");
	size_t changed = 0, unchanged = 0;

	for (size_t i = 0; i < all->count; i++) {
		const struct put *put = &all->list[i];

		changed += put->changed_count + put->delete_count;
		unchanged += put->found->count - put->changed_count;
		if (put->commit.len > 0)
			commits = arena_fmt(a, "%.*s%s%.*s", STR_FMT(commits),
			    commits.len > 0 ? "," : "", STR_FMT(put->commit));
	}
	if (ci_output(&run->ci, "commit", commits, err) < 0
	    || ci_output_number(&run->ci, "changed", changed, err) < 0)
		return -1;
	return ci_output_number(&run->ci, "unchanged", unchanged, err);
}

static int
follow_jobs(struct run *run, struct pachd *cluster, const struct put *put, struct err *err)
{
	struct pfs_ref at = put->opts.to.at;
	size_t count = 0;

	at.ref = put->commit;
	if (follow_commit(run, cluster, &at, &count, err) < 0)
		return -1;
	if (count == 0)
		ci_note(&run->ci, "no pipeline reads '%.*s': no jobs to wait for",
		    STR_FMT(place_title(run->arena, &put->opts.to.at, STR(""))));
	return 0;
}

/* Reports which of several puts were done before one failed. */
static void
report_done(struct run *run, const struct puts *all, size_t failed)
{
	for (size_t i = 0; all->count > 1 && i < all->count; i++) {
		const struct put *put = &all->list[i];
		struct str place = place_title(run->arena, &put->opts.to.at, STR(""));

		if (put->commit.len > 0)
			ci_detail(&run->ci, "put: %.*s, commit %.*s", STR_FMT(place),
			    STR_FMT(put->commit));
		else if (put_is_needed(put))
			ci_detail(&run->ci, "%s: %.*s", i == failed ? "failed" : "not put",
			    STR_FMT(place));
	}
}

static int
plan_all(struct run *run, struct pachd *cluster, struct puts *all, struct err *err)
{
	bool *is_done = ARENA_ARRAY(run->arena, all->count, bool);
	bool is_probed = run->opt.if_changed && run->opt.split_by == SPLIT_BY_UNSAID;

	if (is_probed
	    && put_find_done(
	           run, cluster, all->opts, all->found, all->count, all->list, is_done, err)
	           < 0)
		return -1;
	for (size_t i = 0; i < all->count; i++) {
		all->opts[i].is_probed = is_probed;
		if (!is_done[i]
		    && put_plan(run, cluster, &all->opts[i], &all->found[i], &all->list[i], err)
		           < 0)
			return -1;
		is_probed = true;
	}
	return 0;
}

/* Plans all puts before the first byte is sent. */
static int
put_all(struct run *run, struct pachd *cluster, struct puts *all, bool planning, struct err *err)
{
	bool waits = false;

	if (read_wait(run, &waits, err) < 0)
		return -1;
	if (plan_all(run, cluster, all, err) < 0)
		return -1;
	connect_log_cluster(run, pachd_facts(cluster));
	for (size_t i = 0; !planning && i < all->count; i++)
		if (put_is_needed(&all->list[i])
		    && put_send(run, cluster, &all->list[i], err) < 0) {
			report_done(run, all, i);
			return -1;
		}
	if (print_puts(run, all, planning, err) < 0 || write_outputs(run, all, err) < 0)
		return -1;
	for (size_t i = 0; waits && i < all->count; i++)
		if (all->list[i].commit.len > 0
		    && follow_jobs(run, cluster, &all->list[i], err) < 0)
			return -1;
	return EXIT_DONE;
}

/* "REPO@BRANCH:/DIR=PATHS": where the '=' is; NULL: it is a path. */
static const char *
target_end(const char *word)
{
	const char *equals = strchr(word, '='), *at = strchr(word, '@');

	return equals && at && at < equals && access(word, F_OK) != 0 ? equals : NULL;
}

static bool
is_same_branch(const struct place *x, const struct place *y)
{
	return str_eq(x->at.project, y->at.project) && str_eq(x->at.repo, y->at.repo)
	       && str_eq(x->at.ref, y->at.ref);
}

/* Joins the files of two lines for one branch: they go in one commit. */
static int
join_files(struct run *run, struct put_opts *opts, struct local_files *into,
    const struct local_files *more, struct err *err)
{
	if (opts->mirrors)
		return usage_error(
		    err, "'delete-missing' cannot go with several lines for one branch", MANY);
	opts->to.path = STR("/");
	opts->to.is_dir = true;
	return local_join(run->arena, into, more, err);
}

/* One target with its paths. */
static int
add_put(struct run *run, struct puts *all, const char *to, const char *const *files, size_t count,
    struct err *err)
{
	struct put_opts opts;
	struct local_files found;

	if (count == 0)
		return usage_error(err, "no files to put", EXAMPLE);
	if (read_opts(run, to, &opts, err) < 0
	    || local_find(run->arena, files, count, ci_fence(&run->ci), &opts.to, &found, err) < 0)
		return -1;
	if (found.unusable.count > 0)
		ci_note(&run->ci, "%.*s", STR_FMT(unusable_text(&found.unusable, run->arena)));
	if (found.count == 0 && !opts.mirrors)
		return usage_error(err, "the named directories hold no files", EXAMPLE);
	for (size_t i = 0; i < all->count; i++)
		if (is_same_branch(&all->opts[i].to, &opts.to))
			return join_files(run, &all->opts[i], &all->found[i], &found, err);
	all->opts[all->count] = opts;
	all->found[all->count++] = found;
	return 0;
}

/* The words of one line: they are split at blanks and commas. */
static size_t
split_paths(struct run *run, const char *text, const char **out, size_t count)
{
	struct str rest = str_of(text);

	while (rest.len > 0) {
		size_t len = str_cspan(rest, " \t\r,");

		if (len > 0)
			out[count++] = arena_cstr(run->arena, str_head(rest, len));
		rest = str_tail(rest, len + 1);
	}
	return count;
}

/* Lines "REPO@BRANCH:/DIR=PATHS", each with the words up to the next one. */
static int
read_lines(
    struct run *run, struct puts *all, const char *const *words, size_t count, struct err *err)
{
	size_t i = 0, room = 1;

	for (size_t k = 0; k < count; k++)
		room += strlen(words[k]) / 2 + 1;
	while (i < count) {
		const char *end = target_end(words[i]);
		const char **files = ARENA_ARRAY(run->arena, room, const char *);
		const char *to =
		    arena_cstr(run->arena, (struct str){ words[i], (size_t)(end - words[i]) });
		size_t found = split_paths(run, end + 1, files, 0);

		for (i++; i < count && !target_end(words[i]); i++)
			files[found++] = words[i];
		if (add_put(run, all, to, files, found, err) < 0)
			return err_wrap(err, "%s", to);
	}
	return 0;
}

/* All words, those of input `files` behind the arguments. */
static const char **
all_words(struct run *run, size_t *count)
{
	const char *const *words;
	size_t given = words_of(run, &words);
	const struct items *files = &run->opt.files;
	const char **out = ARENA_ARRAY(run->arena, given + files->count, const char *);

	*count = given + files->count;
	for (size_t i = 0; i < *count; i++)
		out[i] = i < given ? words[i] : files->list[i - given];
	return out;
}

static int
read_puts(struct run *run, struct puts *all, struct err *err)
{
	const char **words, **files = NULL, *to;
	size_t count;

	words = all_words(run, &count);
	*all = (struct puts){ .opts = ARENA_ARRAY(run->arena, count + 1, struct put_opts),
		.found = ARENA_ARRAY(run->arena, count + 1, struct local_files),
		.list = ARENA_ARRAY(run->arena, count + 1, struct put) };
	if (!run->in.from[IN_TO] && count > 0 && target_end(words[0]))
		return read_lines(run, all, words, count, err);
	if (read_words(run, &to, &files, &count, err) < 0)
		return -1;
	return add_put(run, all, to, files, count, err);
}

int
cmd_put(struct run *run, struct err *err)
{
	struct pachd *cluster;
	struct puts all;
	bool planning;
	int rc;

	if (read_puts(run, &all, err) < 0 || connect_decide(run, &planning, err) < 0)
		return -1;
	cluster = connect_open(run, err);
	if (!cluster)
		return -1;
	rc = put_all(run, cluster, &all, planning, err);
	pachd_close(cluster);
	return rc;
}
