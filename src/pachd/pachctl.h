/* pachctl.h: command lines of pachctl, as the server's release spells them. */
#ifndef PACHD_PACHCTL_H
#define PACHD_PACHCTL_H

#include "base/str.h"

struct arena;
struct pachd_facts;

/* "pachctl finish commit images@master", with the project where there are some; before 1.9
 * "pachctl finish-commit images master". An empty `ref`: the name alone. In `a`. */
struct str pachctl_line(struct arena *a, const struct pachd_facts *facts, const char *verb,
    const char *noun, struct str project, struct str name, struct str ref);

#endif
