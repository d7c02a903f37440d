/* preflight_answers.h: what the answers to a preflight say of one repo and of one project. */
#ifndef PACHD_PREFLIGHT_ANSWERS_H
#define PACHD_PREFLIGHT_ANSWERS_H

#include "pachd/pachd_private.h"
#include "pachd/preflight.h"

/* From a RepoInfo of either line: it is there, has these branches, and, where the server says, the user these rights. */
void preflight_learn_repo(struct arena *a, const ProtobufCMessage *info, struct pachd_repo *out);

/* From the answer to GetPermissions of a project; nothing is learned from a refusal. */
void preflight_learn_rights(struct arena *a, const struct call *call, struct pachd_project *out);

#endif
