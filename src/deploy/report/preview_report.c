#include "deploy/report/preview_report.h"

#include "base/arena.h"
#include "base/elapsed.h"
#include "base/moment.h"
#include "ci/markdown.h"
#include "data/show.h"
#include "deploy/preview/gates.h"
#include "deploy/preview/preview.h"
#include "pipeline/spec.h"
#include "session/run.h"

/* "images@master", as it is in production. */
static struct str
source_title(struct arena *a, const struct preview_input *input)
{
	return arena_fmt(a, "%.*s@%.*s", STR_FMT(spec_title(a, input->project, input->repo)),
	    STR_FMT(input->branch));
}

static struct str
paths_text(struct arena *a, const struct preview_input *input)
{
	struct str text = STR("");

	for (size_t i = 0; i < input->paths.count; i++)
		text =
		    arena_fmt(a, "%.*s%s%s", STR_FMT(text), i ? " " : ", ", input->paths.list[i]);
	return text;
}

static void
print_input(struct run *run, const struct preview *preview, const struct preview_input *input)
{
	struct arena *a = run->arena;
	bool is_new = input->state == COPY_NEW;
	const char *what = is_new                      ? "create copy"
	                   : input->state == COPY_SAME ? "keep copy"
	                                               : "copy again";
	struct str source =
	    input->has_source ? arena_fmt(a, "%.*s, %.*s%.*s", STR_FMT(source_title(a, input)),
	        STR_FMT(size_text(a, input->source.size)), STR_FMT(paths_text(a, input)))
	                      : arena_fmt(a, "%.*s, empty", STR_FMT(source_title(a, input)));

	if (input->is_tick)
		source = input->has_source ? arena_fmt(
		             a, "the last tick of %.*s", STR_FMT(source_title(a, input)))
		                           : STR("a tick of now");
	ci_action(&run->ci,
	    is_new                      ? '+'
	    : input->state == COPY_SAME ? ' '
	                                : '~',
	    what, "  %.*s/%.*s@%.*s  (%.*s)", STR_FMT(preview->project), STR_FMT(input->repo),
	    STR_FMT(input->into), STR_FMT(source));
}

static void
print_cost(struct run *run, const struct preview *preview)
{
	size_t measured = preview->member_count - preview->unmeasured;

	if (measured > 0)
		ci_out(&run->ci,
		    "cost: %lld datum%s in production's last job%s of %zu pipeline%s%s",
		    (long long)preview->datums, preview->datums == 1 ? "" : "s",
		    measured == 1 ? "" : "s", measured, measured == 1 ? "" : "s",
		    preview->unmeasured > 0
		        ? arena_fmt(run->arena, "; %zu never ran there", preview->unmeasured).ptr
		        : "");
	else
		ci_out(&run->ci, "cost: unknown, as production has run none of these pipelines");
}

void
preview_print(struct run *run, const struct preview *preview)
{
	if (!preview->is_there)
		ci_action(&run->ci, '+', "create project", "  %.*s  (until %.*s)",
		    STR_FMT(preview->project),
		    STR_FMT(moment_text(run->arena, preview->label.until_s)));
	for (size_t i = 0; i < preview->input_count; i++)
		print_input(run, preview, &preview->inputs[i]);
	print_cost(run, preview);
}

/* A job that had nothing to do proves nothing. */
static bool
is_untested(const struct preview_member *m)
{
	return m->has_job && m->job.total == 0;
}

static struct str
state_text(struct arena *a, const struct preview_member *m)
{
	if (!m->has_job)
		return STR("no job yet");
	if (is_untested(m))
		return STR("not tested: 0 datums");
	return arena_fmt(a, "%.*s", STR_FMT(m->job.state));
}

/* "12s", or "-" where it has not ended. */
static struct str
job_time_text(struct arena *a, const struct job *job)
{
	if (job->started_ns == 0 || job->finished_ns < job->started_ns)
		return STR("-");
	return elapsed_text(a, (job->finished_ns - job->started_ns) / 1000000);
}

static struct str
datums_text(struct arena *a, const struct job *job)
{
	if (job->failed > 0)
		return arena_fmt(
		    a, "%lld, %lld failed", (long long)job->total, (long long)job->failed);
	return arena_fmt(a, "%lld", (long long)job->total);
}

/* "12", "100000+", or "-" where the server did not say. */
static struct str
files_text(struct arena *a, const struct preview_files *files)
{
	if (!files->is_known)
		return STR("-");
	if (files->count > PREVIEW_MAX_FILES)
		return arena_fmt(a, "%d+", PREVIEW_MAX_FILES);
	return arena_fmt(a, "%zu", files->count);
}

static struct str
job_text(struct arena *a, const struct job *job, const struct preview_files *files)
{
	struct str written = size_text(a, (uint64_t)job->written);

	if (files->is_known)
		written = arena_fmt(a, "%.*s file%s, %.*s", STR_FMT(files_text(a, files)),
		    files->count == 1 ? "" : "s", STR_FMT(written));
	return arena_fmt(a, "%.*s datum%s, %.*s, %.*s", STR_FMT(datums_text(a, job)),
	    job->total == 1 ? "" : "s", STR_FMT(job_time_text(a, job)), STR_FMT(written));
}

/* "44.1", or why there is none. */
static struct str
gate_value(struct arena *a, const struct preview_gate *gate)
{
	if (!gate->is_here)
		return STR("not in this preview");
	return gate->has_value ? gate->value : arena_fmt(a, "no value: %.*s", STR_FMT(gate->why));
}

static const char *
gate_word(const struct preview_gate *gate)
{
	return !gate->is_judged ? "not tested" : gate->holds ? "holds" : "does not hold";
}

static void
print_gates(struct run *run, const struct preview *preview)
{
	for (size_t i = 0; i < preview->gate_count; i++) {
		const struct preview_gate *gate = &preview->gates[i];

		ci_out(&run->ci, "gate %.*s: %s, %.*s%s%.*s", STR_FMT(gate->text), gate_word(gate),
		    STR_FMT(gate_value(run->arena, gate)), gate->is_judged ? "; production: " : "",
		    STR_FMT(!gate->is_judged   ? STR("")
		            : gate->has_before ? gate->before
		                               : STR("no value")));
	}
}

void
preview_print_jobs(struct run *run, const struct preview *preview)
{
	struct arena *a = run->arena;

	for (size_t i = 0; i < preview->member_count; i++) {
		const struct preview_member *m = &preview->members[i];

		ci_out(&run->ci, "%.*s/%.*s: %.*s%s%.*s; production: %.*s",
		    STR_FMT(preview->project), STR_FMT(m->spec->name), STR_FMT(state_text(a, m)),
		    m->has_job && !is_untested(m) ? ", " : "",
		    STR_FMT(
		        m->has_job && !is_untested(m) ? job_text(a, &m->job, &m->files) : STR("")),
		    STR_FMT(m->has_before ? job_text(a, &m->before, &m->files_before)
		                          : STR("never ran")));
	}
	print_gates(run, preview);
}

static void
add_cell(struct buf *out, struct str text)
{
	buf_add(out, STR(" "));
	md_text(out, text);
	buf_add(out, STR(" |"));
}

static void
add_job(struct buf *out, struct arena *a, bool has_job, const struct job *job,
    const struct preview_files *files)
{
	static const struct str none = { "-", 1 };

	add_cell(out, has_job ? datums_text(a, job) : none);
	add_cell(out, has_job ? job_time_text(a, job) : none);
	add_cell(out, files_text(a, files));
	add_cell(out, has_job ? size_text(a, (uint64_t)job->written) : none);
}

static void
add_member(struct buf *out, struct arena *a, const struct preview_member *m)
{
	buf_add(out, STR("| "));
	md_code(out, m->spec->name);
	buf_add(out, STR(" |"));
	add_cell(out, state_text(a, m));
	add_job(out, a, m->has_job, &m->job, &m->files);
	add_job(out, a, m->has_before, &m->before, &m->files_before);
	buf_add(out, STR("\n"));
}

static void
add_gates(struct buf *out, struct arena *a, const struct preview *preview)
{
	if (preview->gate_count == 0)
		return;
	buf_add(out, STR("\n| gate | production | preview | |\n|---|---|---|---|\n"));
	for (size_t i = 0; i < preview->gate_count; i++) {
		const struct preview_gate *gate = &preview->gates[i];

		buf_add(out, STR("| "));
		md_code(out, gate->text);
		buf_add(out, STR(" |"));
		add_cell(out, gate->has_before ? gate->before : STR("-"));
		add_cell(out, gate_value(a, gate));
		add_cell(out, str_of(gate_word(gate)));
		buf_add(out, STR("\n"));
	}
}

static void
add_how(struct buf *out, struct run *run, const struct preview *preview)
{
	struct arena *a = run->arena;
	const struct spec *first = preview->members[0].spec;

	buf_add(out, STR("\nLook at it: "));
	md_code(out, arena_fmt(a, "pachup ls %.*s/%.*s@%.*s", STR_FMT(preview->project),
	                 STR_FMT(first->name), STR_FMT(first->output_branch)));
	buf_add(out, STR(". Remove it: "));
	md_code(out, arena_fmt(a, "pachup down --target %s %.*s", run->target_name,
	                 STR_FMT(preview->project)));
	buf_fmt(out, ". It stays until %.*s.\n\n", STR_FMT(moment_text(a, preview->label.until_s)));
}

void
preview_section(struct buf *out, struct run *run, const struct outcome *o)
{
	const struct preview *preview = o->work->preview;
	struct arena *a = run->arena;

	if (!preview)
		return;
	buf_add(out, STR("#### Preview in project "));
	md_code(out, preview->project);
	buf_add(out, STR("\n\n"));
	for (size_t i = 0; i < preview->input_count; i++) {
		const struct preview_input *input = &preview->inputs[i];

		buf_add(out, STR("- "));
		md_code(out, arena_fmt(a, "%.*s@%.*s", STR_FMT(input->repo), STR_FMT(input->into)));
		buf_add(out, STR(": "));
		md_text(out, input->about);
		buf_add(out, STR("\n"));
	}
	buf_add(
	    out, STR("\n| pipeline | state | datums | time | files | output | production: datums "
	             "| time | files | output |\n|---|---|--:|--:|--:|--:|--:|--:|--:|--:|\n"));
	for (size_t i = 0; i < preview->member_count; i++)
		add_member(out, a, &preview->members[i]);
	if (!o->planned)
		add_gates(out, a, preview);
	if (!o->planned)
		add_how(out, run, preview);
	else
		buf_add(out, STR("\n"));
}

static void
json_job(struct json *j, const char *key, const struct job *job, const struct preview_files *files)
{
	bool is_more = files->count > PREVIEW_MAX_FILES;

	json_open(j, key, JSON_OBJECT);
	json_string(j, "state", job->state);
	json_uint(j, "datums", (uint64_t)job->total);
	json_uint(j, "failed", (uint64_t)job->failed);
	json_uint(j, "bytes", (uint64_t)job->written);
	if (files->is_known) {
		json_uint(j, "files", is_more ? PREVIEW_MAX_FILES : files->count);
		json_bool(j, "more_files", is_more);
	}
	if (job->started_ns > 0 && job->finished_ns >= job->started_ns)
		json_uint(
		    j, "seconds", (uint64_t)(job->finished_ns - job->started_ns) / 1000000000);
	json_close(j);
}

static void
json_gate(struct json *j, const struct preview_gate *gate)
{
	json_open(j, NULL, JSON_OBJECT);
	json_string(j, "gate", gate->text);
	json_text(j, "verdict", gate_word(gate));
	if (gate->has_value)
		json_raw(j, "value", gate->value);
	if (gate->has_before)
		json_raw(j, "production", gate->before);
	json_close(j);
}

void
preview_json(struct json *j, const struct preview *preview)
{
	json_open(j, "preview", JSON_OBJECT);
	json_string(j, "project", preview->project);
	json_uint(j, "until", (uint64_t)preview->label.until_s);
	json_uint(j, "datums", (uint64_t)preview->datums);
	json_open(j, "gates", JSON_ARRAY);
	for (size_t i = 0; i < preview->gate_count; i++)
		json_gate(j, &preview->gates[i]);
	json_close(j);
	json_open(j, "copies", JSON_ARRAY);
	for (size_t i = 0; i < preview->input_count; i++)
		json_string(j, NULL, preview->inputs[i].about);
	json_close(j);
	json_open(j, "pipelines", JSON_ARRAY);
	for (size_t i = 0; i < preview->member_count; i++) {
		const struct preview_member *m = &preview->members[i];

		json_open(j, NULL, JSON_OBJECT);
		json_string(j, "name", m->spec->name);
		if (m->has_job) {
			json_bool(j, "tested", !is_untested(m));
			json_job(j, "job", &m->job, &m->files);
		}
		if (m->has_before)
			json_job(j, "production", &m->before, &m->files_before);
		json_close(j);
	}
	json_close(j);
	json_close(j);
}
