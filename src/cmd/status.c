/* status: shows what runs on the cluster: all pipelines, those of specs, or named ones. */
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "cmd/command_table.h"
#include "data/arguments.h"
#include "deploy/gather/gather.h"
#include "deploy/gather/pushed.h"
#include "deploy/report/live_page.h"
#include "deploy/report/page.h"
#include "format/json_builder.h"
#include "inputs/exit_code.h"
#include "pachd/grant.h"
#include "pachd/list.h"
#include "pachd/pachd.h"
#include "pachd/preflight.h"
#include "process/stop_wait.h"
#include "session/connect.h"
#include "session/run.h"

enum { MAX_STATUS_BYTES = 64 << 20, MAX_COLUMN = 40, MAX_LINE = 64 << 10, LOOK_MS = 60000 };

struct rows {
	struct live_row *list;
	size_t count;
	struct pushed *pushed; /* of each; NULL: not asked for */
};

/* The pipelines that were asked for; none: all pipelines. */
struct asked {
	struct pachd_target *names;
	size_t name_count;
	struct work work;
	bool has_specs;
};

/* "edges" and "vision/edges", where no file of that name is there; anything else is a path. */
static bool
is_pipeline_name(const struct run *run, const char *word)
{
	struct str text = str_of(word);
	size_t slash = str_find(text, '/');
	struct str name = slash > 0 && slash < text.len ? str_tail(text, slash + 1) : text;

	return run->in.from[IN_SPECS] && !str_is(text, "-") && str_is_of(name, CHARS_ALNUM "_-")
	       && access(word, F_OK) != 0;
}

/* Takes the names of pipelines out of the words; what is left is paths. */
static int
take_names(struct run *run, struct pachd_target **names, size_t *count, struct err *err)
{
	struct items *words = &run->opt.specs;
	const char **paths = ARENA_ARRAY(run->arena, words->count, const char *);
	size_t path_count = 0;

	*names = ARENA_ARRAY(run->arena, words->count, struct pachd_target);
	*count = 0;
	for (size_t i = 0; i < words->count; i++)
		if (!is_pipeline_name(run, words->list[i]))
			paths[path_count++] = words->list[i];
		else if (read_target(run, words->list[i], &(*names)[(*count)++], err) < 0)
			return -1;
	*words = (struct items){ paths, path_count };
	return 0;
}

/* A name without a pipeline may be a mistyped path. */
static int
look_for_names(struct run *run, struct pachd *cluster, const struct pachd_target *names,
    size_t count, struct rows *out, struct err *err)
{
	struct deployed *live = ARENA_ARRAY(run->arena, count, struct deployed);
	struct rows all = { ARENA_ARRAY(run->arena, count + out->count, struct live_row), 0, NULL };

	if (pachd_probe(cluster, names, count, live, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (pachd_check_project(cluster, names[i].project, err) < 0)
			return -1;
		all.list[all.count++] =
		    (struct live_row){ names[i].project, names[i].name, NULL, &live[i] };
		if (live[i].exists)
			continue;
		(void)err_set(err, ERR_REFUSED, "'%.*s' is neither a pipeline nor a file",
		    STR_FMT(spec_title(run->arena, names[i].project, names[i].name)));
		return err_hint(err, "run 'pachup status' for all pipelines");
	}
	for (size_t i = 0; i < out->count; i++)
		all.list[all.count++] = out->list[i];
	*out = all;
	return 0;
}

/* The pipelines of the specs, in their order. */
static int
look_for_specs(struct run *run, struct pachd *cluster, const struct work *work, struct rows *out,
    struct err *err)
{
	size_t count = work->specs.count;
	struct pachd_target *targets = ARENA_ARRAY(run->arena, count, struct pachd_target);
	struct deployed *live = ARENA_ARRAY(run->arena, count, struct deployed);

	*out = (struct rows){ ARENA_ARRAY(run->arena, count, struct live_row), count, NULL };
	for (size_t i = 0; i < count; i++) {
		const struct spec *spec = &work->specs.list[work->order[i]];

		targets[i] = (struct pachd_target){ spec->project, spec->name };
		out->list[i] = (struct live_row){ spec->project, spec->name, spec, &live[i] };
	}
	return pachd_probe(cluster, targets, count, live, err);
}

/* Makes the first calls, and checks that the project of input `project` exists. */
static int
look_at_project(struct run *run, struct pachd *cluster, struct err *err)
{
	const char *name = run->opt.project;
	struct pachd_project project = { .name = name ? str_of(name) : STR("default") };
	struct pachd_preflight preflight = { .projects = &project, .project_count = name ? 1 : 0 };
	const struct pachd_facts *facts = pachd_facts(cluster);

	if (pachd_probe(cluster, NULL, 0, NULL, err) < 0
	    || pachd_preflight(cluster, &preflight, err) < 0)
		return -1;
	if (!facts->projects && !str_is(project.name, "default")) {
		(void)err_set(err, ERR_USAGE,
		    "input 'project' is '%s', but pachd %s has no projects", name, facts->text.ptr);
		return err_hint(err, "remove the input; projects need pachd 2.5.0 or later");
	}
	if (project.known != PACHD_MISSING)
		return 0;
	(void)err_set(err, ERR_REFUSED, "project '%s' does not exist", name);
	return err_hint(err, "check the name: pachctl list project");
}

static int
look_for_all(struct run *run, struct pachd *cluster, struct rows *out, struct err *err)
{
	const char *project = run->opt.project;
	struct pachd_listed *list = NULL;
	size_t count = 0;

	if (look_at_project(run, cluster, err) < 0 || pachd_list(cluster, &list, &count, err) < 0)
		return -1;
	*out = (struct rows){ ARENA_ARRAY(run->arena, count, struct live_row), 0, NULL };
	for (size_t i = 0; i < count; i++)
		if (!project || str_is(list[i].project, project))
			out->list[out->count++] =
			    (struct live_row){ list[i].project, list[i].name, NULL, &list[i].live };
	return 0;
}

static struct str
state_of(const struct deployed *live)
{
	if (!live->exists)
		return STR("missing");
	return live->stopped ? STR("paused") : live->state;
}

/* "3/4 workers", where the server counts them. */
static struct str
workers_of(struct arena *a, const struct deployed *live)
{
	if (!live->exists || (live->workers_wanted == 0 && live->workers_up == 0))
		return STR("-");
	return arena_fmt(
	    a, "%lld/%lld", (long long)live->workers_up, (long long)live->workers_wanted);
}

enum { COMMIT_COLUMN = 5, OWNER_COLUMN, IMAGE_COLUMN, COLUMNS };

static void
columns_of(struct arena *a, const struct live_row *row, const struct pushed *pushed,
    struct str out[COLUMNS])
{
	const struct deployed *live = row->live;

	out[0] = spec_title(a, row->project, row->name);
	out[1] = live->exists ? arena_fmt(a, "%llu", (unsigned long long)live->version) : STR("-");
	out[2] = state_of(live);
	out[3] = workers_of(a, live);
	out[4] = live->last_job.len ? live->last_job : STR("-");
	out[COMMIT_COLUMN] = pushed_text(a, pushed);
	out[OWNER_COLUMN] = mark_is_set(&pushed->mark) ? mark_owner(a, &pushed->mark) : STR("-");
	out[IMAGE_COLUMN] = live->image.len ? live->image : STR("-");
}

/* A column without a heading is left out. */
static void
print_line(struct run *run, const struct str column[COLUMNS], const int width[COLUMNS])
{
	struct buf line = BUF_INIT(MAX_LINE);

	for (size_t k = 0; k < IMAGE_COLUMN; k++) {
		if (width[k] == 0)
			continue;
		if (k == 1)
			buf_fmt(&line, "%*.*s  ", width[k], STR_FMT(column[k]));
		else
			buf_fmt(&line, "%-*.*s  ", width[k], STR_FMT(column[k]));
	}
	buf_add(&line, column[IMAGE_COLUMN]);
	ci_out(&run->ci, "%.*s", STR_FMT(buf_str(&line)));
	buf_free(&line);
}

/* The headings and their widths. The owners are a column only where a pipeline has one. */
static void
head_columns(const struct rows *rows, struct str column[COLUMNS], int width[COLUMNS])
{
	static const char *const heads[COLUMNS] = { "pipeline", "version", "state", "workers",
		"last job", "commit", "owner", "image" };
	bool has_owner = false;

	for (size_t i = 0; i < rows->count; i++)
		has_owner = has_owner || mark_is_set(&rows->pushed[i].mark);
	for (size_t k = 0; k < COLUMNS; k++) {
		column[k] = str_of(heads[k]);
		width[k] = k == OWNER_COLUMN && !has_owner ? 0 : (int)column[k].len;
	}
}

static void
print_text(struct run *run, const struct rows *rows)
{
	struct str column[COLUMNS], heads[COLUMNS];
	int width[COLUMNS];

	if (rows->count == 0) {
		ci_out(&run->ci, "no pipelines");
		return;
	}
	head_columns(rows, heads, width);
	for (size_t i = 0; i < rows->count; i++) {
		columns_of(run->arena, &rows->list[i], &rows->pushed[i], column);
		for (size_t k = 0; k < COLUMNS; k++)
			if (width[k] > 0 && column[k].len > (size_t)width[k]
			    && column[k].len <= MAX_COLUMN)
				width[k] = (int)column[k].len;
	}
	print_line(run, heads, width);
	for (size_t i = 0; i < rows->count; i++) {
		columns_of(run->arena, &rows->list[i], &rows->pushed[i], column);
		print_line(run, column, width);
		if (rows->list[i].live->reason.len > 0)
			ci_out(&run->ci, "  %.*s", STR_FMT(rows->list[i].live->reason));
	}
}

static void
add_owner(struct json *j, const struct pushed *pushed)
{
	const struct mark *mark = &pushed->mark;

	json_string(j, "commit", pushed->commit);
	if (pushed->is_counted) {
		json_uint(j, "behind", pushed->behind);
		json_bool(j, "in_head", !pushed->is_aside);
	} else {
		json_null(j, "behind");
		json_null(j, "in_head");
	}
	if (!mark_is_set(mark)) {
		json_null(j, "owner");
		return;
	}
	json_open(j, "owner", JSON_OBJECT);
	json_string(j, "repository", mark->repository);
	json_string(j, "target", mark->target);
	json_uint(j, "version", mark->version);
	json_uint(j, "since", mark->since);
	json_string(j, "run", mark->run);
	json_close(j);
}

static void
add_row(struct json *j, const struct live_row *row, const struct pushed *pushed)
{
	const struct deployed *live = row->live;

	json_open(j, NULL, JSON_OBJECT);
	json_string(j, "project", row->project);
	json_string(j, "name", row->name);
	json_text(j, "file", row->spec ? row->spec->file : NULL);
	json_bool(j, "exists", live->exists);
	json_uint(j, "version", live->version);
	json_string(j, "state", state_of(live));
	json_string(j, "reason", live->reason);
	json_string(j, "last_job", live->last_job);
	json_int(j, "workers_wanted", live->workers_wanted);
	json_int(j, "workers_up", live->workers_up);
	add_owner(j, pushed);
	json_string(j, "image", live->image);
	json_close(j);
}

static int
print_json(struct run *run, const struct rows *rows, struct err *err)
{
	struct buf text = BUF_INIT(MAX_STATUS_BYTES);
	struct json j = JSON_TO(&text);

	json_open(&j, NULL, JSON_ARRAY);
	for (size_t i = 0; i < rows->count; i++)
		add_row(&j, &rows->list[i], &rows->pushed[i]);
	json_close(&j);
	(void)json_line(&j);
	return ci_result_take(&run->ci, &text, "the list of pipelines", err);
}

/* Reads names and specs once, however often the cluster is asked. */
static int
read_asked(struct run *run, struct asked *out, struct err *err)
{
	*out = (struct asked){ .names = NULL };
	if (take_names(run, &out->names, &out->name_count, err) < 0)
		return -1;
	out->has_specs = run->opt.specs.count + run->opt.lists.count > 0;
	if (!out->has_specs)
		return 0;
	return gather_specs(run, &out->work, err) < 0 ? -1 : gather_show_diags(run, err);
}

static int
look_for_asked(struct run *run, struct pachd *cluster, const struct asked *asked, struct rows *out,
    struct err *err)
{
	if (!asked->has_specs && asked->name_count == 0)
		return look_for_all(run, cluster, out, err);
	if (asked->has_specs && look_for_specs(run, cluster, &asked->work, out, err) < 0)
		return -1;
	return asked->name_count > 0
	           ? look_for_names(run, cluster, asked->names, asked->name_count, out, err)
	           : 0;
}

static int
print_rows(struct run *run, const struct rows *rows, struct err *err)
{
	if (output_is_json(&run->in))
		return print_json(run, rows, err);
	if (!page_is_wanted(run) || run->opt.output == OUTPUT_TEXT)
		print_text(run, rows);
	return 0;
}

/* Reads from the cluster and the clone which commit each pipeline is from. */
static int
look_at_origin(struct run *run, struct pachd *cluster, struct rows *rows, struct err *err)
{
	rows->pushed = ARENA_ARRAY(run->arena, rows->count, struct pushed);
	for (size_t i = 0; i < rows->count; i++)
		rows->pushed[i] =
		    (struct pushed){ .target = { rows->list[i].project, rows->list[i].name },
			    .live = rows->list[i].live };
	return pushed_read(run, cluster, rows->pushed, rows->count, err);
}

/* Reads the cluster once. `is_first`: prints the result, and logs which cluster it is. */
static int
show_once(struct run *run, const struct asked *asked, bool is_first, struct err *err)
{
	struct pachd *cluster = connect_open(run, err);
	struct rows rows = { .count = 0 };
	int rc;

	if (!cluster)
		return -1;
	rc = look_for_asked(run, cluster, asked, &rows, err);
	if (rc == 0 && is_first)
		rc = look_at_origin(run, cluster, &rows, err);
	if (rc == 0 && is_first) {
		connect_log_cluster(run, pachd_facts(cluster));
		rc = print_rows(run, &rows, err);
	}
	if (rc == 0)
		rc = live_page_write(run, cluster, rows.list, rows.count, err);
	pachd_close(cluster);
	return rc;
}

/* The same again, for the page only, in memory of its own that is freed. */
static int
show_again(struct run *run, const struct asked *asked, struct err *err)
{
	struct run again = *run;
	int64_t until_ms = clock_ms() + LOOK_MS;
	int rc;

	again.arena = arena_like(run->arena);
	again.deadline_ms = until_ms < run->deadline_ms ? until_ms : run->deadline_ms;
	rc = show_once(&again, asked, false, err);
	run->ci = again.ci;
	arena_free(again.arena);
	return rc;
}

/* Writes the page again and again until the timeout. A cluster that does not answer now may do so later: the page shows how
 * old it is. */
static int
keep_fresh(struct run *run, const struct asked *asked, struct err *err)
{
	const char *name = run->opt.html ? run->opt.html : run->opt.svg;

	ci_log(&run->ci, "writing '%s' every %s until the timeout", name,
	    value_text(&run->in, IN_REFRESH));
	while (stop_pause(run->stop_fd, run->opt.refresh_ms, run->deadline_ms)) {
		if (show_again(run, asked, err) == 0)
			continue;
		if (err->kind == ERR_INTERRUPTED || err->kind == ERR_SYSTEM)
			return -1;
		if (clock_ms() < run->deadline_ms)
			ci_warn(&run->ci, "%s; '%s' stays as it was", err->text, name);
		*err = (struct err){ .kind = ERR_NONE };
	}
	return stop_is_set(run->stop_fd) ? err_set(err, ERR_INTERRUPTED, "interrupted") : 0;
}

int
cmd_status(struct run *run, struct err *err)
{
	struct asked asked;

	if (run->opt.refresh_ms > 0 && !page_is_wanted(run)) {
		(void)err_set(err, ERR_USAGE, "input 'refresh' needs input 'html'");
		return err_hint(err, "add --html status.html");
	}
	connect_drop_token(run);
	if (read_asked(run, &asked, err) < 0 || show_once(run, &asked, true, err) < 0)
		return -1;
	if (run->opt.refresh_ms > 0 && keep_fresh(run, &asked, err) < 0)
		return -1;
	return EXIT_DONE;
}
