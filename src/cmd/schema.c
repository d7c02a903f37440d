/* schema: the JSON Schema of pachup.yaml. */
#include "session/schema.h"

#include "base/buf.h"
#include "cmd/command_table.h"
#include "session/run.h"

enum { MAX_SCHEMA_BYTES = 1 << 20 };

int
cmd_schema(struct run *run, struct err *err)
{
	struct buf text = BUF_INIT(MAX_SCHEMA_BYTES);

	schema_write(&text);
	return ci_result_take(&run->ci, &text, "the schema", err);
}
