#include "data/arguments.h"

#include <string.h>

#include "base/arena.h"
#include "pachd/pachd.h"
#include "session/connect.h"
#include "session/run.h"
#include "session/scope.h"

size_t
words_of(const struct run *run, const char *const **words)
{
	const char *from = run->in.from[IN_SPECS];

	*words = run->opt.specs.list;
	if (from && strcmp(from, inputs[IN_SPECS].also[0]) == 0)
		return 0;
	return run->opt.specs.count;
}

int
usage_error(struct err *err, const char *what, const char *example)
{
	(void)err_set(err, ERR_USAGE, "%s", what);
	return err_hint(err, "write for example: pachup %s", example);
}

int
read_place(
    struct run *run, const char *text, enum place_needs needs, struct place *out, struct err *err)
{
	if (place_parse(run->arena, text, scope_project(run), out, err) < 0
	    || scope_check_project(
	           run, out->at.project, place_title(run->arena, &out->at, STR("")), err)
	           < 0)
		return -1;
	if (needs >= NEEDS_REF && out->at.ref.len == 0) {
		(void)err_set(err, ERR_USAGE, "'%.200s' has no branch", text);
		return err_hint(err, "add it after an @, as in %.*s@master",
		    STR_FMT(place_title(run->arena, &out->at, STR(""))));
	}
	if (needs == NEEDS_PATH && out->path.len == 0) {
		(void)err_set(err, ERR_USAGE, "'%.200s' has no path", text);
		return err_hint(err, "add it after a colon, as in %.*s:/",
		    STR_FMT(place_title(run->arena, &out->at, STR(""))));
	}
	return 0;
}

int
read_target(struct run *run, const char *text, struct pachd_target *out, struct err *err)
{
	struct place place;

	if (strchr(text, '@') || strchr(text, ':')
	    || place_parse(run->arena, text, scope_project(run), &place, err) < 0) {
		(void)err_set(err, ERR_USAGE, "invalid pipeline name '%.200s'", text);
		return err_hint(err, "write PIPELINE or PROJECT/PIPELINE");
	}
	*out = (struct pachd_target){ place.at.project, place.at.repo };
	return scope_check_project(run, place.at.project, str_of(text), err);
}

struct pachd *
open_reader(struct run *run, struct err *err)
{
	struct pachd *cluster;

	connect_drop_token(run);
	cluster = connect_open(run, err);
	if (!cluster)
		return NULL;
	if (pachd_probe(cluster, NULL, 0, NULL, err) < 0) {
		pachd_close(cluster);
		return NULL;
	}
	connect_log_cluster(run, pachd_facts(cluster));
	return cluster;
}

int
read_wait(const struct run *run, bool *waits, struct err *err)
{
	*waits = run->opt.wait == WAIT_JOBS;
	if (run->opt.wait != WAIT_PIPELINES)
		return 0;
	(void)err_set(err, ERR_USAGE, "%s cannot wait for pipelines", run->opt.command_name);
	return err_hint(err, "write --wait jobs, or leave it out");
}
