#include "ci/systems/systems.h"

#include <stddef.h>

#include "ci/systems/other.h"

const struct ci_system *const ci_systems[] = {
	&ci_github,
	&ci_azure,
	&ci_gitlab,
	&ci_jenkins,
	&ci_circleci,
	&ci_buildkite,
	&ci_bitbucket,
	&ci_drone,
	&ci_woodpecker,
	&ci_teamcity,
	&ci_travis,
	&ci_tekton,
	&ci_terminal,
	NULL,
};
