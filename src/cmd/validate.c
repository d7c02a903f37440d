/* validate: finds every mistake that can be found without a cluster, as a push does before it sends anything. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cmd/command_table.h"
#include "deploy/gather/gather.h"
#include "deploy/report/findings.h"
#include "inputs/exit_code.h"
#include "session/run.h"

enum { MAX_FINDINGS_BYTES = 64 << 20 };

/* Puts all mistakes into one document on standard output. */
static int
print_findings(struct run *run, enum output_form form, struct err *err)
{
	struct buf text = BUF_INIT(MAX_FINDINGS_BYTES);

	if (form == OUTPUT_SARIF)
		findings_sarif(&text, run->found);
	else
		findings_json(&text, run->found);
	return ci_result_take(&run->ci, &text, "the list of errors", err);
}

int
cmd_validate(struct run *run, struct err *err)
{
	enum output_form form = run->opt.output;
	bool is_data = output_is_json(&run->in) || form == OUTPUT_SARIF;
	struct err ignored;
	struct work work;
	int rc;

	if (!run->opt.server_version)
		run->opt.server_version = "2.11";
	if (is_data) {
		run->found = ARENA_NEW(run->arena, struct diags);
		*run->found = diags_in(run->arena);
	}
	rc = gather(run, &work, err);
	/* what kept the specs from being read has no place in such a document */
	if (is_data && (rc == 0 || err->kind == ERR_SPEC)
	    && print_findings(run, form, rc < 0 ? &ignored : err) < 0)
		return -1;
	if (rc < 0)
		return -1;
	if (!is_data)
		ci_out(&run->ci, "%zu pipeline spec%s checked, no errors for pachd %s", work.count,
		    work.count == 1 ? "" : "s", run->opt.server_version);
	return EXIT_DONE;
}
