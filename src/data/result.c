#include "data/result.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "format/doc.h"
#include "session/run.h"

static int
keep_bytes(void *ctx, struct str bytes, struct err *err)
{
	struct buf *text = ctx;

	buf_add(text, bytes);
	if (!buf_is_full(text))
		return 0;
	(void)err_set(err, ERR_REFUSED, "it is above the limit of %d MiB", MAX_RESULT_BYTES >> 20);
	return err_hint(err, "have the pipeline write the figure into a small file of its own");
}

static int
parse_result(
    struct run *run, const char *name, struct str text, const struct node **out, struct err *err)
{
	struct diags mistakes = diags_in(run->arena);
	const struct diag *one;

	*out = doc_parse_value(run->arena, text, &mistakes);
	if (*out)
		return 0;
	one = &mistakes.list[0];
	(void)err_set(err, ERR_REFUSED, "'%s' is not JSON, line %u: %.*s", name, one->at.line,
	    STR_FMT(one->what));
	return err_hint(err, "have the pipeline write plain JSON, without NaN and Infinity");
}

static int
count_file(void *ctx, const struct pfs_file *file, struct err *err)
{
	size_t *count = ctx;

	(void)err;
	*count += !file->is_dir;
	return 0;
}

int
result_count(struct run *run, struct pachd *cluster, const struct pfs_commit *commit,
    struct str dir, size_t *count, struct err *err)
{
	struct pfs_file file;
	bool found;

	*count = 0;
	if (pfs_inspect(cluster, run->arena, &commit->at, dir, &found, &file, err) < 0)
		return -1;
	return found ? pfs_walk(cluster, &commit->at, dir, count_file, count, err) : 0;
}

int
result_read(struct run *run, struct pachd *cluster, const struct pfs_commit *commit,
    const struct place *place, const struct node **out, struct err *err)
{
	struct buf text = BUF_INIT(MAX_RESULT_BYTES);
	const char *title = place_title(run->arena, &place->at, place->path).ptr;
	struct pfs_file file;
	bool found;
	int rc;

	if (pfs_inspect(cluster, run->arena, &commit->at, place->path, &found, &file, err) < 0)
		return -1;
	if (!found || file.is_dir) {
		(void)err_set(
		    err, ERR_REFUSED, found ? "'%s' is a directory" : "'%s' not found", title);
		return err_hint(err, "list what is there: pachup ls %.*s:/",
		    STR_FMT(place_title(run->arena, &place->at, STR(""))));
	}
	rc = pfs_get(cluster, &commit->at, place->path, keep_bytes, &text, err);
	if (rc == 0)
		rc = parse_result(run, title, buf_take(&text, run->arena), out, err);
	buf_free(&text);
	return rc;
}
