/* azure.h: what the files about Azure DevOps share; inside forge/ only. */
#ifndef FORGE_AZURE_H
#define FORGE_AZURE_H

#include "forge/api.h"

#define AZURE_VERSION "api-version=7.1"

struct secret;

/* Whether a project may have the name, which becomes a part of a URL's path: Azure DevOps Docs, "Naming restrictions and
 * conventions". */
bool azure_is_project(struct str name);

/* Whether the token is a personal access token, which is sent as a password; a job's token is a JWT, with dots. */
bool azure_is_personal(const struct secret *token);

/* The address of the job's collection without '/' at its end, in `a`; "" where SYSTEM_COLLECTIONURI is not set. */
const char *azure_base(struct arena *a, const struct env *env);

/* The tree of a commit, which is read once. */
int azure_tree(struct repository *r, struct str commit, struct str *tree, struct err *err);

#endif
