/* pfs_private.h: what the files about repos and commits share. */
#ifndef PACHD_PFS_PFS_PRIVATE_H
#define PACHD_PFS_PFS_PRIVATE_H

#include "pachd/pachd_private.h"
#include "pachd/pfs/pfs.h"
#include "pachd/rpc.h"
#include "wire/build.h"

/* Puts a Repo, the Branch `at->ref`, a Commit, or "file" with its commit and path, into the message. */
void pfs_build_repo(const struct pachd *p, struct arena *a, ProtobufCMessage *message,
    const char *name, const struct pfs_ref *at);
void pfs_build_branch(
    const struct pachd *p, struct arena *a, ProtobufCMessage *message, const struct pfs_ref *at);
void pfs_build_commit(const struct pachd *p, struct arena *a, ProtobufCMessage *message,
    const char *name, const struct pfs_ref *at);
void pfs_build_file(const struct pachd *p, struct arena *a, ProtobufCMessage *message,
    const struct pfs_ref *at, struct str path);

/* Whether the call was refused because the repo, branch, commit or file is not there: codes in newer releases,
 * texts in older ones. */
bool pfs_is_missing(const struct call *call);

/* Whether it was refused because what it creates is there already. */
bool pfs_is_there(const struct call *call);

#endif
