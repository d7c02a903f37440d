/* config_preview.h: the keys of a target with `preview: true` in pachup.yaml. */
#ifndef SESSION_CONFIG_PREVIEW_H
#define SESSION_CONFIG_PREVIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "diag/diag.h"
#include "inputs/options.h"

struct config;
struct node;
struct run;

/* A member of the key `inputs`: which part of an input repo is copied. */
struct preview_source {
	struct str repo;    /* "images" or "PROJECT/images" */
	struct str branch;  /* empty: the branch that the pipelines read */
	struct items paths; /* globs; none: all files */
	struct span at;
};

struct preview_keys {
	struct str project; /* "pr-{pr}" */
	bool downstream;
	struct preview_source *sources;
	size_t source_count;
	struct items allow_secrets, allow, exclude;
	struct items gates;  /* "edges@master:/metrics.json .rmse < 60" */
	uint64_t max_datums; /* 0: any number */
	int64_t expires_s;
	struct items taken; /* projects of the other targets, and "default" */
};

/* Reads the keys of the target, which config_check() has accepted, into the run's arena. NULL: it is not a preview. */
const struct preview_keys *preview_keys_of(
    struct run *run, const struct config *config, const struct node *target);

/* Gives a run of a preview its own defaults: since: event, schedules: rest, wait: jobs; `from` is where messages say they
 * come from. -1 as option_read(). */
int preview_give_defaults(struct run *run, const char *from, struct err *err) NODISCARD;

#endif
