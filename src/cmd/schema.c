/* schema: the JSON Schema of pachup.yaml. */
#include "session/schema.h"

#include "base/buf.h"
#include "cmd/command_table.h"
#include "inputs/exit_code.h"
#include "session/run.h"

enum { MAX_SCHEMA_BYTES = 1 << 20 };

int
cmd_schema(struct run *run, struct err *err)
{
	struct buf text = BUF_INIT(MAX_SCHEMA_BYTES);
	int rc = EXIT_DONE;

	schema_write(&text);
	if (buf_is_full(&text))
		rc = err_set(err, ERR_SYSTEM, "out of memory for the schema");
	else
		ci_result(&run->ci, buf_str(&text));
	buf_free(&text);
	return rc;
}
