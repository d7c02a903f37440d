/* put: files into a branch. */
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

enum { MAX_JSON = 64 << 20, MAX_LINES = 100 };

/* As cp has it: the files, then the target. */
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
	if (o->appends && (o->if_changed || o->mirrors || o->split != PFS_WHOLE))
		return usage_error(err,
		    "'append' cannot go with 'if-changed', 'delete-missing' or 'split-by'",
		    EXAMPLE);
	if (o->split != PFS_WHOLE && (o->if_changed || o->mirrors))
		return usage_error(
		    err, "'split-by' cannot go with 'if-changed' or 'delete-missing'", EXAMPLE);
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
print_json(struct run *run, const struct put *put)
{
	struct buf text = BUF_INIT(MAX_JSON);
	struct json j = JSON_TO(&text);

	json_open(&j, NULL, JSON_OBJECT);
	json_string(&j, "project", put->opts.to.at.project);
	json_string(&j, "repo", put->opts.to.at.repo);
	json_string(&j, "branch", put->opts.to.at.ref);
	json_string(&j, "commit", put->commit);
	json_bool(&j, "changed", put_is_needed(put));
	json_uint(&j, "bytes", put->bytes);
	json_uint(&j, "unchanged", put->found->count - put->changed_count);
	json_open(&j, "files", JSON_ARRAY);
	for (size_t i = 0; i < put->changed_count; i++) {
		json_open(&j, NULL, JSON_OBJECT);
		json_string(&j, "path", put->changed[i]->path);
		json_uint(&j, "size", put->changed[i]->size);
		json_close(&j);
	}
	json_close(&j);
	json_open(&j, "deleted", JSON_ARRAY);
	for (size_t i = 0; i < put->delete_count; i++)
		json_string(&j, NULL, put->deletes[i]);
	json_close(&j);
	json_close(&j);
	ci_raw(&run->ci, json_line(&j));
	buf_free(&text);
}

static int
write_outputs(struct run *run, const struct put *put, struct err *err)
{
	struct arena *a = run->arena;
	size_t changed = put->changed_count + put->delete_count;

	if (ci_output(&run->ci, "commit", put->commit, err) < 0
	    || ci_output(&run->ci, "changed", arena_fmt(a, "%zu", changed), err) < 0)
		return -1;
	return ci_output(&run->ci, "unchanged",
	    arena_fmt(a, "%zu", put->found->count - put->changed_count), err);
}

static int
follow(struct run *run, struct pachd *cluster, const struct put *put, struct err *err)
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

static int
put_files(struct run *run, struct pachd *cluster, const struct put_opts *opts,
    const struct local_files *found, bool planning, struct err *err)
{
	struct put put;
	bool waits = false;

	if (read_wait(run, &waits, err) < 0 || put_plan(run, cluster, opts, found, &put, err) < 0)
		return -1;
	connect_log_cluster(run, pachd_facts(cluster));
	if (!planning && put_is_needed(&put) && put_send(run, cluster, &put, err) < 0)
		return -1;
	if (output_is_json(&run->in))
		print_json(run, &put);
	else
		print_text(run, &put, planning);
	if (write_outputs(run, &put, err) < 0)
		return -1;
	if (put.commit.len > 0 && waits && follow(run, cluster, &put, err) < 0)
		return -1;
	return EXIT_DONE;
}

int
cmd_put(struct run *run, struct err *err)
{
	const char *fence = ci_fence(&run->ci);
	const char *to, **files = NULL;
	struct local_files found;
	struct put_opts opts;
	struct pachd *cluster;
	bool planning;
	size_t count = 0;
	int rc;

	if (read_words(run, &to, &files, &count, err) < 0 || read_opts(run, to, &opts, err) < 0
	    || local_find(run->arena, files, count, fence, &opts.to, &found, err) < 0
	    || connect_decide(run, &planning, err) < 0)
		return -1;
	if (found.unusable.count > 0)
		ci_note(&run->ci, "%.*s", STR_FMT(unusable_text(&found.unusable, run->arena)));
	if (found.count == 0 && !opts.mirrors)
		return usage_error(err, "the named directories hold no files", EXAMPLE);
	cluster = connect_open(run, err);
	if (!cluster)
		return -1;
	rc = put_files(run, cluster, &opts, &found, planning, err);
	pachd_close(cluster);
	return rc;
}
