#include "session/read.h"

#include "base/limits.h"
#include "files/read.h"
#include "session/run.h"

int
run_read(const struct run *run, const char *path, struct str *text, struct err *err)
{
	const struct other_commit *other = run->other_commit;
	int rc = other ? other->read(other->ctx, path, text, err) : 1;

	if (rc == 0 && text->len > MAX_SPEC_BYTES) {
		(void)err_set(
		    err, ERR_SYSTEM, "'%s' is larger than %d MiB", path, MAX_SPEC_BYTES >> 20);
		return err_hint(err, "check the file name, or split the file");
	}
	if (rc <= 0)
		return rc;
	return file_read_in(run->arena, path, ci_fence(&run->ci), MAX_SPEC_BYTES, text, err);
}
