/* The rights that the pipelines of the given specs need, and whether the user has them. */
#include "deploy/plan/permissions.h"
#include "base/arena.h"
#include "base/buf.h"
#include "deploy/gather/gather.h"
#include "doctor/doctor.h"
#include "session/run.h"

int
subject_read(struct run *run, struct subject *out, struct err *err)
{
	struct work *work = &out->work;

	*out = (struct subject){ .work = { .count = 0 } };
	if (run->opt.specs.count + run->opt.lists.count == 0)
		return 0;
	if (gather_specs(run, work, err) < 0 || gather_show_diags(run, err) < 0)
		return -1;
	work->count = work->specs.count;
	work->list = ARENA_ARRAY(run->arena, work->count, struct candidate);
	out->targets = ARENA_ARRAY(run->arena, work->count, struct pachd_target);
	out->live = ARENA_ARRAY(run->arena, work->count, struct deployed);
	for (size_t i = 0; i < work->count; i++) {
		const struct spec *spec = &work->specs.list[work->order[i]];

		work->list[i].spec = spec;
		out->targets[i] = (struct pachd_target){ spec->project, spec->name };
	}
	out->needs = requirements_of(run, work, NULL, NULL);
	return 0;
}

/* "repoWriter on repo vision/edges": with the project, but for `default`. */
static void
add_right(struct arena *a, const struct pachd_facts *facts, struct buf *text, const char *before,
    const struct right *right)
{
	const struct pachd_role *role = &right->role;
	struct str project = facts->projects ? role->project : STR("");
	struct str on = role->repo.len > 0 ? spec_title(a, project, role->repo) : role->project;

	buf_fmt(text, "%s%s on %s %.*s", before, role->name,
	    role->repo.len > 0 ? "repo" : "project", STR_FMT(on));
}

/* Adds the rights that are missing, and those that the server does not report, to the text; *grant gets the command by
 * which an administrator gives them. */
static enum finding_level
add_missing(struct doctor *d, const struct pachd_facts *facts, const struct rights *rights,
    struct buf *text, struct buf *grant)
{
	enum finding_level level = FINDING_OK;
	struct arena *a = d->run->arena;

	for (size_t i = 0; i < rights->count; i++) {
		const struct right *right = &rights->list[i];
		struct str command;

		if (!right->reported || right->held)
			continue;
		add_right(a, facts, text, level == FINDING_FAILED ? ", " : "; missing: ", right);
		command = pachd_grant(a, facts, &right->role);
		buf_fmt(grant, "%s%.*s",
		    level == FINDING_FAILED ? " && " : "ask an administrator to run: ",
		    STR_FMT(command));
		level = FINDING_FAILED;
	}
	for (size_t i = 0, unreported = 0; i < rights->count; i++) {
		if (rights->list[i].reported)
			continue;
		add_right(a, facts, text,
		    unreported++ ? ", " : "; unknown to this server: ", &rights->list[i]);
		if (level == FINDING_OK)
			level = FINDING_UNKNOWN;
	}
	return level;
}

static void
check_pipeline(struct doctor *d, const struct pachd_facts *facts, const struct requirements *needs,
    const struct spec *spec, bool is_new)
{
	struct arena *a = d->run->arena;
	struct rights rights = rights_of(a, needs, facts, spec, is_new);
	struct str title = spec_title(a, facts->projects ? spec->project : STR(""), spec->name);
	struct buf text = BUF_INIT(MAX_DOCTOR_BYTES), grant = BUF_INIT(MAX_DOCTOR_BYTES);
	enum finding_level level;

	buf_fmt(&text, "%.*s, %s: ", STR_FMT(title), is_new ? "new" : "an update");
	if (rights.count == 0)
		buf_add(&text, STR("needs none"));
	for (size_t i = 0; i < rights.count; i++)
		add_right(a, facts, &text, i ? ", " : "", &rights.list[i]);
	level = add_missing(d, facts, &rights, &text, &grant);
	doctor_find(
	    d, level, "rights", arena_str(a, buf_str(&text)), arena_cstr(a, buf_str(&grant)));
	buf_free(&text);
	buf_free(&grant);
}

void
doctor_rights(struct doctor *d, const struct pachd_facts *facts, const struct subject *subject)
{
	const struct work *work = &subject->work;

	if (work->count > 0 && !facts->has_login) {
		doctor_find(d, FINDING_OK, "rights",
		    STR("authentication is off; no permissions are needed"), NULL);
		return;
	}
	for (size_t i = 0; i < work->count; i++)
		check_pipeline(
		    d, facts, &subject->needs, work->list[i].spec, !subject->live[i].exists);
}
