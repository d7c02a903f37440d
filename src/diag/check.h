/*
 * check.h: every kind of mistake that is reported with a place, each with a code that never changes. The
 * table is the truth for `pachup help checks`, for docs/checks.md, and for SARIF.
 */
#ifndef DIAG_CHECK_H
#define DIAG_CHECK_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"

enum check {
	CHECK_SYNTAX,
	CHECK_ENCODING,
	CHECK_DUPLICATE_KEY,
	CHECK_YAML,
	CHECK_NO_SPEC,
	CHECK_TOO_LARGE,
	CHECK_ALIAS,
	CHECK_LIST_ENTRY,
	CHECK_LIST_DOUBLE,
	CHECK_LIST_ORDER,
	CHECK_UNKNOWN_FIELD,
	CHECK_OTHER_RELEASE,
	CHECK_WRONG_TYPE,
	CHECK_FIELD_CLASH,
	CHECK_COMMAND_FIELD,
	CHECK_NAME_MISSING,
	CHECK_NAME_MALFORMED,
	CHECK_NAME_TOO_LONG,
	CHECK_DUPLICATE_PIPELINE,
	CHECK_REPO_IN_THE_WAY,
	CHECK_PROJECT_MISSING,
	CHECK_NAME_IN_KUBERNETES,
	CHECK_IMAGE_MISSING,
	CHECK_IMAGE_MISPLACED,
	CHECK_IMAGE_MALFORMED,
	CHECK_IMAGE_MOVES,
	CHECK_IMAGE_EDIT,
	CHECK_INPUT_EMPTY,
	CHECK_INPUT_SEVERAL,
	CHECK_INPUT_REPO,
	CHECK_INPUT_NAME,
	CHECK_INPUT_NAME_TWICE,
	CHECK_GLOB,
	CHECK_S3_INPUT,
	CHECK_CRON,
	CHECK_GIT_URL,
	CHECK_INPUT_COMMIT,
	CHECK_CIRCLE,
	CHECK_INPUT_UNMADE,
	CHECK_JOIN_KEY,
	CHECK_TRIGGER,
	CHECK_NO_INPUT,
	CHECK_CAPTURE,
	CHECK_BRANCH_UNMADE,
	CHECK_QUANTITY,
	CHECK_LIMIT_BELOW_REQUEST,
	CHECK_GPU,
	CHECK_DATUM_SET,
	CHECK_PARALLELISM,
	CHECK_SPOUT,
	CHECK_SERVICE,
	CHECK_S3_OUT,
	CHECK_REPROCESS_SPEC,
	CHECK_EGRESS,
	CHECK_POD_PATCH,
	CHECK_SECRET,
	CHECK_LABEL,
	CHECK_TOLERATION,
	CHECK_COMMAND,
	CHECK_TF_JOB,
	CHECK_ENVIRONMENT,
	CHECK_NEGATIVE,
	CHECK_SECRET_MISSING,
	CHECK_RIGHTS,
	CHECK_PIPELINE_LIMIT,
	CHECK_VALUES,
	CHECK_CONFIG,
	CHECK_IMAGE_NOT_FOUND,
	CHECK_IMAGE_DENIED,
	CHECK_IMAGE_UNCHECKED,
	CHECK_IMAGE_DIGEST,
	CHECK_OWNER,
	CHECK_PREVIEW,
	CHECK_COUNT,
};

struct check_info {
	const char *code;  /* "PU012" */
	const char *title; /* two or three words */
	bool is_warning;   /* its level, unless a caller has a reason for the other one */
	/* it can be silenced for single files only, which are then left out of the run: they could not be sent */
	bool is_firm;
	const char *why; /* one clause or two */
	const char *hint;
};

extern const struct check_info checks[CHECK_COUNT];

/* The check with the code, whose case does not count; CHECK_COUNT when there is none. */
enum check check_find(struct str code);

#endif
