/* kube_name.h: the names that Kubernetes takes for its objects. */
#ifndef PIPELINE_KUBE_NAME_H
#define PIPELINE_KUBE_NAME_H

#include "base/base.h"
#include "base/str.h"

struct arena;

/* What is wrong with the name of an object of this kind, as one clause in `a`; empty: nothing. Most names are DNS
 * subdomains of RFC 1123; those that become labels or host names, as of jobs and services, are DNS labels. */
struct str kube_name_fault(struct arena *a, struct str kind, struct str name);

/* How long the name of such an object may be. */
size_t kube_name_max(struct str kind);

#endif
