/* yaml_date.h: dates that YAML 1.1 has without quotes. Pure. */
#ifndef FORMAT_YAML_DATE_H
#define FORMAT_YAML_DATE_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"

struct arena;

/* True for "2024-01-31" and "2024-01-31T12:00:00Z" in the forms that go-yaml 3 takes for a time; *out is then
 * what Go makes JSON of it, RFC 3339 without zeros at the end of the fraction, in `a`. */
bool yaml_date_read(struct arena *a, struct str text, struct str *out);

#endif
