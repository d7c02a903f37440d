/* quantity.h: Kubernetes' quantities, "500m", "64Mi", "1e3" (apimachinery, resource.Quantity). Pure. */
#ifndef LINT_QUANTITY_H
#define LINT_QUANTITY_H

#include "base/base.h"
#include "base/str.h"

/* Whether the text is a quantity; *value is then about its size, for comparing. */
bool quantity_read(struct str text, double *value);

#endif
