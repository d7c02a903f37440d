/* schema.h: what pachup.yaml may hold, as a JSON Schema (draft-07, which editors read), made from the table of inputs. */
#ifndef SESSION_SCHEMA_H
#define SESSION_SCHEMA_H

#include "base/base.h"

struct buf;

/* Appends the schema, with a line break at its end. */
void schema_write(struct buf *out);

#endif
