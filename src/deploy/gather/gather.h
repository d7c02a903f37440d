/* gather.h: what the files say: specs, images and their order, before any cluster is asked. */
#ifndef DEPLOY_GATHER_GATHER_H
#define DEPLOY_GATHER_GATHER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "deploy/gather/commit.h"
#include "pipeline/plan.h"
#include "pipeline/spec.h"
#include "retag/assign.h"
#include "retag/rule.h"
#include "values/patch.h"

struct node;
struct pachd_facts;
struct preview;
struct run;

/* Everything that is known before the cluster is asked. */
struct work {
	struct commit commit;
	struct rules rules;
	struct patches patches; /* of input values */
	struct assigns assigns;
	struct specs specs;
	size_t *order;          /* indices of specs.list, producers first */
	struct candidate *list; /* in that order */
	size_t count;
	struct candidate *all; /* with those that input `since` leaves out */
	size_t all_count;
	const char **templates; /* Jsonnet templates that searches found */
	size_t template_count, template_room;
	bool *
	    faulty; /* of each of specs.list: it is left out, as its file is wrong; NULL: no file is */
	size_t error_count; /* errors in spite of which input `keep-going` goes on */
	struct str left; /* and the pipelines that it leaves out: "'a' (a.json), 'b' (reads 'a')" */
	struct gone *gone; /* pipelines that left the files since then */
	size_t gone_count, gone_room;
	struct str since; /* the commit of input `since`, 7 digits; empty: none */
	struct preview
	    *preview; /* the specs are those of a pull request's preview; NULL: of a push */
};

/* A pipeline that a commit's specs had and the files no longer have. */
struct gone {
	struct str project, name;
	struct str where; /* "specs/b.json": the file that had it */
	bool is_unlisted; /* the file may be there, but no list names it any more */
};

/* Sets work->list to what input `since` does not leave out; with `live` (of each of work->all) also what does not
 * run. */
void gather_choose(struct run *run, struct work *work, const struct deployed *live);

/* Notes which pipelines of work->gone still run, as `live` (one for each) says; all of them where that is NULL. */
void gather_show_gone(struct run *run, const struct work *work, const struct deployed *live);

/* Reads images, paths and specs into `out`, checks all of them, puts them in order. Every
 * mistake is in run->diags; -1 with ERR_SPEC when there is one, ERR_USAGE and ERR_SYSTEM for the rest. */
int gather(struct run *run, struct work *out, struct err *err) NODISCARD;

/* Finds the commit and adds the rules of the image lines to out->rules. Failures as rules_add() and
 * commit_find(). */
int gather_rules(struct run *run, const char *const *lines, size_t count, struct work *out,
    struct err *err) NODISCARD;

/* Reads the inputs `set`, `unset` and `set-file` into out->assigns, after the commit is known. Failures as
 * assigns_add(), commit_find() and file_read_in(). */
int gather_assigns(struct run *run, struct work *out, struct err *err) NODISCARD;

/* Sets and removes the values in the tree of one spec of `file`; what cannot be set is in run->diags. True: the tree has
 * changed. */
bool gather_assign(struct run *run, struct assigns *assigns, const char *file, struct node *spec);

/* ERR_USAGE for an assignment that has met no value, unless input `allow-unmatched` lets it. */
int gather_check_assigns(
    const struct run *run, const struct assigns *assigns, struct err *err) NODISCARD;

/* ERR_USAGE for an image line that matched nothing, unless input `allow-unmatched` lets it. */
int gather_check_rules(const struct run *run, const struct rules *rules, struct err *err) NODISCARD;

/* Makes a hint of the repositories of the specs' images, with the one that `wanted` may mean; without any, the hint stays as
 * it is. Always -1. */
int gather_hint_repos(
    const struct run *run, const struct specs *specs, struct str wanted, struct err *err);

/* For runs without an image line: -1 with ERR_USAGE, naming the specs' images, where input `tag` is given all the same. */
int gather_check_tag(const struct run *run, const struct specs *specs, struct err *err) NODISCARD;

/* Whether the text of a broken file, which a directory search or a glob found, was meant as a spec. */
bool gather_meant_as_spec(struct arena *a, struct str text);

/* The first part of gather(): reads the specs, each pipeline once, and puts them in order. Mistakes are in run->diags, also
 * when it returns 0: ask gather_show_diags(). */
int gather_specs(struct run *run, struct work *out, struct err *err) NODISCARD;

/* Renders each spec for what the cluster can do (facts NULL: no cluster). */
void gather_render(struct run *run, struct work *work, const struct pachd_facts *facts);

/* Shows run->diags and empties it. -1 with ERR_SPEC, "3 errors in the specs": there are errors, not only warnings. */
int gather_show_diags(struct run *run, struct err *err) NODISCARD;

#endif
