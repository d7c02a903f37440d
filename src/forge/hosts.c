#include "forge/hosts.h"

#include "forge/api.h"
#include "forge/place.h"

/* The first one is the default. */
const struct code_host code_hosts[CODE_HOSTS] = {
	{ "github", AUDIENCE_GITHUB, &forge_github, &repositories_github },
	{ "azure", AUDIENCE_AZURE, &forge_azure, &repositories_azure },
	{ "gitlab", AUDIENCE_GITLAB, NULL, &repositories_gitlab },
};
