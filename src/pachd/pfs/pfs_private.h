/* pfs_private.h: what the files of the data side share. */
#ifndef PACHD_PFS_PFS_PRIVATE_H
#define PACHD_PFS_PFS_PRIVATE_H

#include "pachd/pachd_private.h"
#include "pachd/pfs/pfs.h"
#include "pachd/rpc.h"
#include "wire/build.h"

/* Puts a Repo, a Commit, or "file" with its commit and path, into the message. */
void pfs_build_repo(const struct pachd *p, struct arena *a, ProtobufCMessage *message,
    const char *name, const struct pfs_ref *at);
void pfs_build_commit(const struct pachd *p, struct arena *a, ProtobufCMessage *message,
    const char *name, const struct pfs_ref *at);
void pfs_build_file(const struct pachd *p, struct arena *a, ProtobufCMessage *message,
    const struct pfs_ref *at, struct str path);

/* Whether the server says that something is not there; by codes in newer releases, by texts in older ones. */
bool pfs_is_missing(const struct call *call);

/* The same of what is to be made and is there already. */
bool pfs_is_there(const struct call *call);

/* Puts a Pipeline into the message. */
void pps_build_pipeline(const struct pachd *p, struct arena *a, ProtobufCMessage *message,
    const struct pachd_target *target);

#endif
