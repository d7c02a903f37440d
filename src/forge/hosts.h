/* hosts.h: the one table of code hosts, with the functions of each; inside forge/ only. */
#ifndef FORGE_HOSTS_H
#define FORGE_HOSTS_H

#include "secret/audience.h"

struct forge_host;
struct repository_host;

struct code_host {
	const char *word;                 /* before the first ':' of a place or a repository */
	enum audience audience;           /* of the tokens that it takes */
	const struct forge_host *secrets; /* NULL: pachup keeps no secrets there */
	const struct repository_host *repositories;
};

enum { CODE_HOSTS = 3 };
extern const struct code_host code_hosts[CODE_HOSTS];

#endif
