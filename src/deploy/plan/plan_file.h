/*
 * plan_file.h: a plan as a file, between the run that shows it and the run that sends it. It holds hashes
 * and live versions, never specs or secrets; docs/plan-push-wait.md, "Plan files", shows its use.
 */
#ifndef DEPLOY_PLAN_PLAN_FILE_H
#define DEPLOY_PLAN_PLAN_FILE_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "deploy/gather/gather.h"
#include "format/doc.h"
#include "pachd/pachd.h"
#include "pipeline/plan.h"

struct removal;
struct run;

/* What a plan is made of, and for. */
struct plan_facts {
	const struct work *work;
	const struct plan *plan;
	const struct pachd_facts *server;
	struct str address;    /* the cluster's, as the user writes it */
	struct str cluster_id; /* empty where the cluster says none */
};

/* Checks where the file that input `out` names would lie: in CI in the workspace, as all files that inputs name
 * (contract, promise 9); only a plan or an empty file is replaced. -1 with ERR_SYSTEM or ERR_USAGE. */
int plan_file_check_place(struct run *run, struct err *err) NODISCARD;

/* Writes that file, whole or not at all. -1 with ERR_SYSTEM when it cannot be written. */
int plan_file_write(struct run *run, const struct plan_facts *facts, struct err *err) NODISCARD;

/* A plan file as it was read. */
struct plan_file {
	const char *name;
	const struct node *root; /* its document */
};

/* Reads the file that input `plan` names, and takes from it the inputs that decide what is sent and that
 * are not given otherwise. -1: ERR_SYSTEM it cannot be read, ERR_SPEC it is not a plan of this form, ERR_USAGE it is for another
 * target. */
int plan_file_read(struct run *run, struct plan_file *out, struct err *err) NODISCARD;

/* "'plan.json' is not a plan", with its hint. Always -1. */
int plan_file_none(const char *path, const char *why, struct err *err);

/* One pipeline as the file has it: each value under the key that says what it is. */
struct plan_row {
	const char *key;
	struct str value;
	const char *what; /* what it is called; NULL: the row is found by it */
	bool is_hash;     /* of what is called so */
	bool is_optional; /* where it is empty, it is not known */
};

enum { PLAN_ROWS = 11 };

void plan_file_rows(struct run *run, const struct step *step, struct plan_row rows[PLAN_ROWS]);

/* A pipeline that left git, likewise. */
enum { REMOVAL_ROWS = 6 };
void plan_file_removal_rows(
    struct run *run, const struct removal *one, struct plan_row rows[REMOVAL_ROWS]);

/* The titles of the repos that a plan creates, plan->repo_count of them. */
const char **plan_file_repos(struct run *run, const struct plan *plan);

#endif
