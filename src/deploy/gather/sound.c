#include "deploy/gather/sound.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "deploy/gather/gather.h"
#include "inputs/naming.h"
#include "pipeline/dag.h"
#include "session/run.h"
#include "session/weigh.h"

enum { MAX_NAMED = 20, MAX_NAMES_BYTES = 64 << 10 };

/* Why a pipeline is left out. */
struct fault {
	const struct spec *by; /* it reads from this one, or is this one once more */
	const char *file;      /* it reads from what this broken file may hold */
	bool is_there;
};

/* What is being sorted out. */
struct sorting {
	struct run *run;
	struct work *work;
	const struct diags *shown;
	struct fault *faults; /* of each spec */
};

static struct diags
show_diags(struct run *run)
{
	struct diags shown;

	weigh_diags(run);
	diags_name_inputs(&run->in, &run->diags);
	shown = run->diags;
	if (run->found)
		diags_add(run->found, &run->diags);
	else
		ci_diags(&run->ci, &run->diags);
	run->diags = diags_in(run->arena);
	return shown;
}

/* What the command has not done to any file or pipeline because of the errors. */
static const char *
undone_by(enum command_id command)
{
	if (command == COMMAND_PUSH)
		return "; nothing was sent to the cluster";
	return command == COMMAND_SET_IMAGE ? "; no file was changed" : "";
}

static int
refuse_errors(const struct run *run, size_t errors, struct err *err)
{
	if (errors == 0)
		return 0;
	return err_set(err, ERR_SPEC, "%zu error%s in the specs%s", errors, errors == 1 ? "" : "s",
	    undone_by(run->opt.command));
}

int
gather_show_diags(struct run *run, struct err *err)
{
	if (run->diags.count == 0)
		return 0;
	return refuse_errors(run, show_diags(run).errors, err);
}

bool
sound_is_faulty(const struct work *work, const struct spec *spec)
{
	return work->faulty && work->faulty[spec - work->specs.list];
}

static bool
has_error(const struct diags *d, const char *file)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->list[i].level == DIAG_ERROR && strcmp(d->list[i].file, file) == 0)
			return true;
	return false;
}

static void
mark_files(struct sorting *s)
{
	const struct specs *specs = &s->work->specs;

	for (size_t i = 0; i < specs->count; i++)
		s->faults[i].is_there = has_error(s->shown, specs->list[i].file);
}

/* The files that input `ignore` leaves out. */
static void
mark_ignored(struct sorting *s)
{
	const struct sources *sources = &s->run->sources;
	struct specs *specs = &s->work->specs;
	size_t count = 0;

	for (size_t i = 0; i < sources->count; i++) {
		if (!sources->list[i].is_left_out)
			continue;
		for (size_t k = 0; k < specs->count; k++) {
			bool is_of = specs->list[k].file == sources->list[i].file;

			count += is_of && !sound_is_faulty(s->work, &specs->list[k]);
			if (!is_of)
				continue;
			if (!s->work->faulty)
				s->work->faulty = ARENA_ARRAY(s->run->arena, specs->count, bool);
			s->work->faulty[k] = true;
		}
	}
	if (count > 0)
		ci_note(&s->run->ci, "input 'ignore' leaves out %zu pipeline%s of faulty files",
		    count, count == 1 ? "" : "s");
}

/* Takes the word and the blanks, quotes, colons and brackets behind it off the front of *text. */
static bool
take_word(struct str *text, const char *word)
{
	bool is_taken = str_take(text, word);

	if (is_taken)
		*text = str_tail(*text, str_span(*text, " \t\r\n\"':{"));
	return is_taken;
}

/* Whether a text that cannot be read has "pipeline", "name" and the name behind each other. */
static bool
names_pipeline(struct str text, struct str name)
{
	for (size_t i = 0; i < text.len; i++) {
		struct str rest = str_tail(text, i);

		if (take_word(&rest, "pipeline") && take_word(&rest, "name")
		    && str_eq(str_head(rest, str_span(rest, CHARS_ALNUM "_-")), name))
			return true;
	}
	return false;
}

/* The broken file that seems to hold the pipeline whose output is read. */
static const char *
file_that_names(const struct sorting *s, struct str repo)
{
	const struct sources *sources = &s->run->sources;

	for (size_t i = 0; i < sources->count && repo.len > 0; i++)
		if (has_error(s->shown, sources->list[i].file)
		    && names_pipeline(sources->list[i].text, repo))
			return sources->list[i].file;
	return NULL;
}

/* Whether the spec gets a fault from what it reads, or from another one of its name. */
static bool
inherit_fault(struct sorting *s, const struct dag_reads *reads, size_t at)
{
	const struct specs *specs = &s->work->specs;
	const struct spec *spec = &specs->list[at];
	struct fault *fault = &s->faults[at];

	for (size_t k = 0; k < spec->input_count && !fault->is_there; k++) {
		size_t producer = reads->producer[reads->first[at] + k];

		if (producer == DAG_OUTSIDE) {
			fault->file = file_that_names(s, spec->inputs[k].repo);
			fault->is_there = fault->file != NULL;
		} else if (s->faults[producer].is_there) {
			*fault = (struct fault){ .by = &specs->list[producer], .is_there = true };
		}
	}
	for (size_t i = 0; i < specs->count && !fault->is_there; i++)
		if (s->faults[i].is_there && str_eq(specs->list[i].name, spec->name)
		    && str_eq(specs->list[i].project, spec->project))
			fault->is_there = true;
	return fault->is_there;
}

static void
mark_dependents(struct sorting *s)
{
	const struct work *work = s->work;
	struct dag_reads reads = dag_reads(&work->specs, s->run->arena);
	bool again = true;

	while (again) {
		again = false;
		for (size_t i = 0; i < work->specs.count; i++)
			if (!s->faults[work->order[i]].is_there
			    && inherit_fault(s, &reads, work->order[i]))
				again = true;
	}
}

static void
add_name(struct sorting *s, struct buf *out, size_t at, size_t number)
{
	const struct spec *spec = &s->work->specs.list[at];
	const struct fault *fault = &s->faults[at];
	struct arena *a = s->run->arena;

	if (number > MAX_NAMED)
		return;
	if (number == MAX_NAMED) {
		buf_fmt(out, ", …");
		return;
	}
	buf_fmt(out, "%s'%.*s' (", number ? ", " : "",
	    STR_FMT(spec_title(a, spec->project, spec->name)));
	if (fault->by)
		buf_fmt(out, "reads '%.*s')",
		    STR_FMT(spec_title(a, fault->by->project, fault->by->name)));
	else if (fault->file)
		buf_fmt(out, "may read from %s)", fault->file);
	else
		buf_fmt(out, "%s)", spec->file);
}

/* Takes the pipelines with faults out. False: none is left. */
static bool
leave_out(struct sorting *s)
{
	struct work *work = s->work;
	struct buf names = BUF_INIT(MAX_NAMES_BYTES);
	size_t count = 0;

	if (!work->faulty)
		work->faulty = ARENA_ARRAY(s->run->arena, work->specs.count, bool);
	if (work->left.len > 0) {
		buf_add(&names, work->left);
		buf_add(&names, STR(", "));
	}
	for (size_t i = 0; i < work->specs.count; i++) {
		size_t at = work->order[i];

		if (!s->faults[at].is_there || work->faulty[at])
			continue;
		work->faulty[at] = true;
		add_name(s, &names, at, count++);
	}
	if (count > 0)
		work->left = buf_take(&names, s->run->arena);
	buf_free(&names);
	return count < work->specs.count;
}

static void
drop_faulty(struct work *work)
{
	size_t kept = 0;

	for (size_t i = 0; i < work->count; i++)
		if (!sound_is_faulty(work, work->list[i].spec))
			work->list[kept++] = work->list[i];
	work->count = kept;
}

int
gather_settle(struct run *run, struct work *work, struct err *err)
{
	struct diags shown = diags_in(run->arena);
	struct sorting s = { run, work, &shown,
		ARENA_ARRAY(run->arena, work->specs.count, struct fault) };

	if (run->diags.count == 0)
		return 0;
	shown = show_diags(run);
	mark_ignored(&s);
	drop_faulty(work);
	if (shown.errors == 0 || !run->opt.keep_going)
		return refuse_errors(run, shown.errors, err);
	work->error_count += shown.errors;
	mark_files(&s);
	mark_dependents(&s);
	if (!leave_out(&s))
		return refuse_errors(run, shown.errors, err);
	drop_faulty(work);
	return 0;
}

int
gather_check_left(const struct work *work, struct err *err)
{
	size_t errors = work->error_count;

	if (errors == 0)
		return 0;
	return err_set(err, ERR_SPEC, "%zu error%s in the specs; pipelines left out: %s%.*s",
	    errors, errors == 1 ? "" : "s", work->left.len > 0 ? "" : "none could be read",
	    STR_FMT(work->left));
}
