/* pfs_private.h: what the files of the data side share. */
#ifndef PACHD_PFS_PFS_PRIVATE_H
#define PACHD_PFS_PFS_PRIVATE_H

#include "pachd/pachd_private.h"
#include "pachd/pfs/pfs.h"
#include "wire/build.h"

/* One line's methods and messages for data. */
struct pfs_line {
	const char *inspect_branch, *create_branch, *create_repo, *inspect_commit, *list_commit;
	const char *list_file, *walk_file, *inspect_file, *get_file, *put;
	const ProtobufCMessageDescriptor *inspect_branch_request, *create_branch_request,
	    *create_repo_request, *inspect_commit_request, *list_commit_request, *list_file_request,
	    *walk_file_request, *inspect_file_request, *get_file_request, *put_request;
	const ProtobufCMessageDescriptor *branch_info, *commit_info, *file_info;
};

const struct pfs_line *pfs_line_of(const struct pachd *p);

/* Puts a Repo, a Commit, or "file" with its commit and path, into the message. */
void pfs_build_repo(const struct pachd *p, struct arena *a, ProtobufCMessage *message,
    const char *name, const struct pfs_ref *at);
void pfs_build_commit(const struct pachd *p, struct arena *a, ProtobufCMessage *message,
    const char *name, const struct pfs_ref *at);
void pfs_build_file(const struct pachd *p, struct arena *a, ProtobufCMessage *message,
    const struct pfs_ref *at, struct str path);

/* Whether the server says that something is not there; by codes in newer releases, by texts in older ones. */
bool pfs_is_missing(const struct call *call);

/* One question, asked again where it does no harm. -1 with *err: also when the status is not OK. */
int pfs_ask(struct pachd *p, struct arena *a, struct call *call, struct err *err) NODISCARD;

/* The one message of an answer. */
int pfs_answer(const struct call *call, struct arena *a, const ProtobufCMessageDescriptor *type,
    ProtobufCMessage **out, struct err *err) NODISCARD;

/* Puts a Pipeline into the message. */
void pps_build_pipeline(const struct pachd *p, struct arena *a, ProtobufCMessage *message,
    const struct pachd_target *target);

/* The line's JobInfo. */
const ProtobufCMessageDescriptor *pps_job_info(const struct pachd *p);

#endif
