#include "deploy/report/page.h"

#include "base/arena.h"
#include "base/buf.h"
#include "deploy/report/link.h"
#include "drawing/html.h"
#include "drawing/layout.h"
#include "drawing/svg.h"
#include "files/write.h"
#include "pachd/pachd.h"
#include "session/run.h"

enum { MAX_PAGE_BYTES = 64 << 20, SHORT_SHA = 7 };

bool
page_is_wanted(const struct run *run)
{
	return run->opt.svg || run->opt.html;
}

struct str
page_cluster(const struct run *run)
{
	struct str cluster = str_of(run->opt.cluster);

	return str_find(cluster, '@') < cluster.len ? STR("") : cluster;
}

void
page_add_facts(struct run *run, struct drawing *d, struct str sha, const struct pachd_facts *facts)
{
	struct str ref = run->event.ref;
	bool is_tag = str_starts(ref, "refs/tags/");

	drawing_add_fact(d, "commit", str_head(sha, SHORT_SHA), link_commit(run, sha));
	drawing_add_fact(
	    d, is_tag ? "tag" : "branch", is_tag ? ref_short(ref) : run->event.branch, STR(""));
	if (facts) {
		drawing_add_fact(d, "cluster", page_cluster(run), STR(""));
		drawing_add_fact(d, "pachd", facts->text, STR(""));
	}
	if (run->event.run_url.len > 0)
		drawing_add_fact(d, "made by", STR("this run"), run->event.run_url);
}

/* Of several targets each has a file of its own: "plan-dev.html". */
static const char *
path_of_target(const struct run *run, const char *path)
{
	struct str whole = str_of(path), name;
	size_t dot = str_rfind(whole, '.'), slash = str_rfind(whole, '/');

	if (!run->sections || !run->target)
		return path;
	name = dot < whole.len && (slash == whole.len || slash + 1 < dot) ? str_head(whole, dot)
	                                                                  : whole;
	return arena_fmt(run->arena, "%.*s-%s%.*s", STR_FMT(name), run->target_name,
	    STR_FMT(str_tail(whole, name.len)))
	    .ptr;
}

static int
put_page(struct run *run, enum input_id input, const char *path, struct buf *text, struct err *err)
{
	int rc;

	path = path_of_target(run, path);
	if (buf_is_full(text))
		rc = err_set(err, ERR_SYSTEM, "the page is larger than %d bytes", MAX_PAGE_BYTES);
	else
		rc = file_put(run->arena, path, ci_fence(&run->ci), buf_str(text), err);
	buf_free(text);
	return rc < 0 ? err_wrap(err, "input '%s'", inputs[input].name) : 0;
}

int
page_write(struct run *run, struct drawing *d, struct err *err)
{
	struct buf svg = BUF_INIT(MAX_PAGE_BYTES), html = BUF_INIT(MAX_PAGE_BYTES);

	layout_make(run->arena, d);
	if (run->opt.svg) {
		svg_write(&svg, run->arena, d);
		if (put_page(run, IN_SVG, run->opt.svg, &svg, err) < 0)
			return -1;
	}
	if (!run->opt.html)
		return 0;
	html_write(&html, run->arena, d);
	return put_page(run, IN_HTML, run->opt.html, &html, err);
}
