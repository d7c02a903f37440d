/* template.h: files with "{{ … }}" (Helm, other Go templates, Jinja), which are neither JSON nor YAML until
 * rendered. */
#ifndef FORMAT_TEMPLATE_H
#define FORMAT_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/str.h"
#include "diag/diag.h"

/* Where the errors in `d` from index `first` on come from "{{", replaces them by one error that says so; else
 * false. */
bool template_explain(struct diags *d, size_t first, const char *file, struct str text);

#endif
