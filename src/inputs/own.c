#include "inputs/inputs.h"

#include "base/base.h"

static const struct input_own all[] = {
	{ .id = IN_SPECS,
	    .used = FOR_INIT,
	    .help = "where to look for specs, instead of everywhere" },
	{ .id = IN_OUT,
	    .used = FOR_PUSH | FOR_PLAN,
	    .help = "write the plan to this file, for push --plan" },
	{ .id = IN_OUT,
	    .used = FOR_KEYGEN,
	    .help = "write the secret key to this file, the public key to FILE.pub" },
	{ .id = IN_OUT, .used = FOR_SEAL, .help = "write the sealed token to this file" },
	{ .id = IN_OUT, .used = FOR_ROTATE, .help = "write the new token, sealed, to this file" },
	{ .id = IN_TO, .used = FOR_ROLLBACK, .help = "version to go back to" },
	{ .id = IN_TO,
	    .used = FOR_PUT,
	    .help = "where the files go, instead of the first argument",
	    .value = "PLACE",
	    .has_no_fallback = true },
	{ .id = IN_TO,
	    .used = FOR_GET,
	    .help = "directory that the files go to, instead of the argument",
	    .value = "PLACE",
	    .has_no_fallback = true },
	{ .id = IN_CREATE_REPOS,
	    .used = FOR_PUSH | FOR_PLAN,
	    .help = "create missing input repos in the same run" },
	{ .id = IN_CREATE_REPOS,
	    .used = FOR_PUT,
	    .help = "create the repo and the branch if they are missing" },
	{ .id = IN_TARGET,
	    .used = FOR_SEAL,
	    .help = "seal it for this target alone; its cluster is the default" },
	{ .id = IN_PROJECT,
	    .used = FOR_LS,
	    .help = "project of a repo that names none; alone: only its repos" },
	{ .id = IN_PROJECT,
	    .used = FOR_DATA | FOR_ROLLBACK,
	    .help = "project of names that have none (pachd 2.5 and later)" },
	{ .id = IN_PROJECT,
	    .used = FOR_STATUS,
	    .help = "show only this project (pachd 2.5 and later)" },
	{ .id = IN_ALLOW_UNTRUSTED_EVENT,
	    .used = FOR_CLUSTER & ~(unsigned)(FOR_PUSH | FOR_PLAN | FOR_ROLLBACK | FOR_ROTATE),
	    .help = "use the token even on an event that strangers can cause" },
	{ .id = IN_PRUNE,
	    .used = FOR_DRIFT,
	    .help = "what a push does with pipelines that left git; 'stop': a stopped one "
	            "does not count" },
	{ .id = IN_PROJECT, .used = FOR_SEAL, .help = "seal it for this project alone" },
};

const struct input_own *
input_own(enum input_id id, unsigned use)
{
	for (size_t i = 0; i < COUNT_OF(all); i++)
		if (all[i].id == id && all[i].used & use)
			return &all[i];
	return NULL;
}
