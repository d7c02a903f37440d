/*
 * methods.h: the calls of pachd that pachup makes: one row per call, for all releases.
 * Source: pachd's interface files from 1.7.0 to 2.11.6.
 */
#ifndef WIRE_METHODS_H
#define WIRE_METHODS_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdint.h>

/* pachd's two interfaces: packages without a suffix up to 1.13, with "_v2" from 2.0 on. */
enum api { API_1, API_2, API_COUNT };

enum method_id {
	METHOD_GET_VERSION,
	METHOD_WHO_AM_I,
	METHOD_GET_PERMISSIONS,
	METHOD_NEW_TOKEN,
	METHOD_REVOKE_TOKEN,
	METHOD_AUTHENTICATE,
	METHOD_INSPECT_CLUSTER,
	METHOD_GET_STATE,
	METHOD_EDIT_METADATA,

	METHOD_INSPECT_PIPELINE,
	METHOD_LIST_PIPELINE,
	METHOD_CREATE_PIPELINE,
	METHOD_CREATE_PIPELINE_V2,
	METHOD_GET_CLUSTER_DEFAULTS,
	METHOD_GET_PROJECT_DEFAULTS,
	METHOD_STOP_PIPELINE,
	METHOD_START_PIPELINE,
	METHOD_DELETE_PIPELINE,
	METHOD_RUN_PIPELINE,
	METHOD_RUN_CRON,
	METHOD_RERUN_PIPELINE,
	METHOD_RENDER_TEMPLATE,
	METHOD_INSPECT_JOB,
	METHOD_LIST_JOB,
	METHOD_FLUSH_JOB,
	METHOD_INSPECT_JOB_SET,
	METHOD_GET_LOGS,
	METHOD_GET_KUBE_EVENTS,
	METHOD_INSPECT_SECRET,
	METHOD_LIST_SECRET,
	METHOD_CREATE_SECRET,
	METHOD_DELETE_SECRET,

	METHOD_CREATE_PROJECT,
	METHOD_INSPECT_PROJECT,
	METHOD_LIST_PROJECT,
	METHOD_DELETE_PROJECT,
	METHOD_CREATE_REPO,
	METHOD_INSPECT_REPO,
	METHOD_LIST_REPO,
	METHOD_DELETE_REPO,
	METHOD_CREATE_BRANCH,
	METHOD_INSPECT_BRANCH,
	METHOD_INSPECT_COMMIT,
	METHOD_LIST_COMMIT,
	METHOD_START_COMMIT,
	METHOD_FINISH_COMMIT,
	METHOD_DELETE_COMMIT,
	METHOD_LIST_FILE,
	METHOD_WALK_FILE,
	METHOD_GLOB_FILE,
	METHOD_INSPECT_FILE,
	METHOD_GET_FILE,
	METHOD_GET_FILE_TAR,
	METHOD_PUT_FILE,
	METHOD_DELETE_FILE,

	METHOD_BATCH_TRANSACTION,
	METHOD_START_TRANSACTION,
	METHOD_FINISH_TRANSACTION,
	METHOD_DELETE_TRANSACTION,
	METHOD_LIST_TRANSACTION,
	METHOD_COUNT,
};

/* A call of one interface. */
struct method {
	/* "/pps_v2.API/InspectPipeline"; NULL: this interface has no such call */
	const char *path;
	/* NULL: google.protobuf.Empty, or a message that pachup never fills in or reads */
	const ProtobufCMessageDescriptor *request, *reply;
	uint32_t from; /* the first release that has it */
	bool streams;  /* the answer is a stream of `reply` */
};

/* The row; never NULL. */
const struct method *method_of(enum api api, enum method_id id);

/* The type of the elements of a BatchTransaction. */
const ProtobufCMessageDescriptor *method_batch_element(enum api api);

#endif
