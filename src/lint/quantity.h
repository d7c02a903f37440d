/* quantity.h: Kubernetes' quantities, "500m", "64Mi", "1e3" (apimachinery, resource.Quantity). Pure. */
#ifndef LINT_QUANTITY_H
#define LINT_QUANTITY_H

#include "base/base.h"
#include "base/str.h"

/* True when it is one; *value then is about its size in units, for comparing. */
bool quantity_read(struct str text, double *value);

#endif
