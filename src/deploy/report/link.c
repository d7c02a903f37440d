/* GitHub's pages: SERVER/OWNER/NAME/blob/COMMIT/PATH#Lnn and SERVER/OWNER/NAME/commit/COMMIT. */
#include "deploy/report/link.h"

#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "ci/markdown.h"
#include "pipeline/spec.h"
#include "session/run.h"

enum { MAX_URL = 8192, SHA1_DIGITS = 40, SHA256_DIGITS = 64 };

static bool
is_sha(struct str text)
{
	return (text.len == SHA1_DIGITS || text.len == SHA256_DIGITS) && str_is_of(text, CHARS_HEX);
}

void
link_add_path(struct buf *out, struct str path)
{
	while (path.len > 0) {
		size_t plain = str_span(path, CHARS_ALNUM "-._~/");

		buf_add(out, str_head(path, plain));
		path = str_tail(path, plain);
		if (path.len > 0)
			buf_fmt(out, "%%%02X", (unsigned char)path.ptr[0]);
		path = str_tail(path, 1);
	}
}

struct str
link_file(struct run *run, struct str sha, const char *file, unsigned line)
{
	struct buf url = BUF_INIT(MAX_URL);
	struct str path;

	if (run->event.web.len == 0 || !is_sha(sha) || access(file, F_OK) != 0)
		return STR("");
	path = ci_in_workspace(&run->ci, file);
	if (path.len == 0 || str_starts(path, "/") || str_starts(path, ".."))
		return STR("");
	buf_fmt(&url, "%.*s/blob/%.*s/", STR_FMT(run->event.web), STR_FMT(sha));
	link_add_path(&url, path);
	if (line > 0)
		buf_fmt(&url, "#L%u", line);
	if (!buf_is_full(&url))
		return buf_take(&url, run->arena);
	buf_free(&url);
	return STR("");
}

struct str
link_spec(struct run *run, struct str sha, const struct spec *spec)
{
	return link_file(run, sha, spec_origin(spec), spec->template ? 0 : spec->at.line);
}

struct str
link_commit(struct run *run, struct str sha)
{
	if (run->event.web.len == 0 || !is_sha(sha))
		return STR("");
	return arena_fmt(run->arena, "%.*s/commit/%.*s", STR_FMT(run->event.web), STR_FMT(sha));
}

void
link_markdown(struct buf *out, struct str text, struct str url)
{
	if (url.len > 0 && text.len > 0)
		buf_add_char(out, '[');
	md_code(out, text);
	if (url.len > 0 && text.len > 0)
		buf_fmt(out, "](%.*s)", STR_FMT(url));
}
