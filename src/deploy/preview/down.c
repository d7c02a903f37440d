#include "deploy/preview/down.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/moment.h"
#include "deploy/gather/commit.h"
#include "deploy/preview/inside.h"
#include "deploy/preview/preview.h"
#include "pachd/pachd.h"
#include "pachd/pfs/projects.h"
#include "session/config.h"
#include "session/config_preview.h"
#include "session/connect.h"
#include "session/run.h"

/* One removal of previews. */
struct down {
	struct run *run;
	struct pachd *cluster;
	const struct preview_keys *keys;
	struct preview_template template;
	struct str repository;
	struct pfs_project *list; /* what is to go */
	size_t count, room;
	struct str whole; /* the name of the event's project, where it is not shortened */
	size_t kept;      /* of them stay, as somebody else has something in them */
	size_t lacking;   /* of them stay untouched, as the user may not delete what is in them */
};

/* As the project names it, where that is an earlier name of this repository (input `renamed-from`). */
static struct str
repository_of(const struct down *d, const struct pfs_project *p)
{
	const struct items *names = &d->run->opt.renamed_from;
	struct preview_label label;
	struct mark mark = { .version = 1 };

	if (!preview_label_read(p->description, &label))
		return d->repository;
	mark.repository = label.repository;
	for (size_t i = 0; i < names->count; i++)
		if (mark_is_from(d->run->arena, &mark, str_of(names->list[i])))
			return label.repository;
	return d->repository;
}

static enum guard_verdict
judge_project(const struct down *d, const struct pfs_project *p, struct preview_label *label,
    struct str *reason)
{
	const struct guard_asker asker = { &d->template, &d->keys->taken,
		pachd_facts(d->cluster)->user, repository_of(d, p), str_of(d->run->target_name) };
	enum guard_verdict verdict = guard_judge(d->run->arena, &asker, p, label);

	*reason = guard_reason(d->run->arena, verdict, p, label);
	return verdict;
}

static void
take_project(struct down *d, const struct pfs_project *project)
{
	d->list = arena_grow(d->run->arena, d->list, d->count, &d->room, sizeof(*d->list));
	d->list[d->count++] = *project;
}

/* One that is named, once: it must be this target's preview. */
static int
take_named(struct down *d, struct str name, bool must_exist, struct err *err)
{
	struct pfs_project project;
	struct preview_label label;
	struct str reason;
	bool found;

	for (size_t i = 0; i < d->count; i++)
		if (str_eq(d->list[i].name, name))
			return 0;
	if (pfs_project(d->cluster, d->run->arena, name, &found, &project, err) < 0)
		return err_wrap(err, "cannot look at project '%.*s'", STR_FMT(name));
	if (!found) {
		if (must_exist)
			ci_note(&d->run->ci, "project '%.*s' does not exist; nothing to remove",
			    STR_FMT(name));
		return 0;
	}
	if (judge_project(d, &project, &label, &reason) != GUARD_OURS) {
		(void)err_set(err, ERR_REFUSED, "project '%.*s' is not removed: %.*s",
		    STR_FMT(name), STR_FMT(reason));
		return err_hint(err,
		    "only previews that target '%s' of this repository made are removed",
		    d->run->target_name);
	}
	take_project(d, &project);
	return 0;
}

/* The pull request of the event may have either of its names, or both after a push with a longer name of a pipeline. */
static int
take_of_event(struct down *d, struct err *err)
{
	struct str number = d->run->event.number;
	struct preview_names names;

	if (number.len == 0) {
		(void)err_set(
		    err, ERR_USAGE, "'down' needs a project: this run is about no pull request");
		return err_hint(err, "name one: pachup down --target %s %.*s, or use --expired",
		    d->run->target_name,
		    STR_FMT(preview_names(d->run->arena, &d->template, STR("7")).whole));
	}
	names = preview_names(d->run->arena, &d->template, number);
	d->whole = names.whole;
	if (take_named(d, names.whole, true, err) < 0)
		return -1;
	return str_eq(names.whole, names.shorter) ? 0 : take_named(d, names.shorter, false, err);
}

/* All that are ours and whose time is over. */
static int
take_expired(struct down *d, struct err *err)
{
	int64_t now = (int64_t)time(NULL);
	struct pfs_project *list;
	size_t count;

	if (pfs_projects(d->cluster, d->run->arena, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		struct preview_label label;
		struct str number, reason;

		if (!preview_name_fits(&d->template, list[i].name, &number))
			continue;
		if (judge_project(d, &list[i], &label, &reason) != GUARD_OURS)
			ci_log(&d->run->ci, "project '%.*s' stays: %.*s", STR_FMT(list[i].name),
			    STR_FMT(reason));
		else if (label.until_s == 0 || label.until_s > now)
			ci_log(&d->run->ci, "project '%.*s' stays until %.*s",
			    STR_FMT(list[i].name),
			    STR_FMT(moment_text(d->run->arena, label.until_s)));
		else
			take_project(d, &list[i]);
	}
	if (d->count == 0)
		ci_out(&d->run->ci, "no preview of target '%s' has expired", d->run->target_name);
	return 0;
}

/* The words behind the command are projects; the target's specs are not. */
static size_t
named_count(const struct run *run)
{
	const char *from = run->in.from[IN_SPECS];

	return from && strcmp(from, "the arguments") == 0 ? run->opt.specs.count : 0;
}

static int
collect_projects(struct down *d, struct err *err)
{
	const struct items *named = &d->run->opt.specs;
	size_t count = named_count(d->run);

	if (d->run->opt.expired)
		return take_expired(d, err);
	if (count == 0)
		return take_of_event(d, err);
	for (size_t i = 0; i < count; i++)
		if (take_named(d, str_of(named->list[i]), true, err) < 0)
			return -1;
	return 0;
}

static struct str
names_of(const struct down *d)
{
	struct str text = STR("");

	for (size_t i = 0; i < d->count; i++)
		text = arena_listed(d->run->arena, text, d->list[i].name);
	return text;
}

/* In CI the workflow says which project it means: the one of its event, or with `expired` the template of all. */
static int
check_confirmed(const struct down *d, struct err *err)
{
	const char *confirm = d->run->opt.confirm;
	struct str wanted = d->run->opt.expired ? d->keys->project
	                    : d->whole.len > 0  ? d->whole
	                                        : d->list[0].name;

	for (size_t i = 0; confirm && !d->run->opt.expired && i < d->count; i++)
		if (str_is(d->list[i].name, confirm))
			return 0;
	if (confirm && str_is(wanted, confirm))
		return 0;
	if (confirm)
		(void)err_set(err, ERR_USAGE,
		    "input 'confirm' is '%.100s', but what is removed is '%.*s'", confirm,
		    STR_FMT(d->run->opt.expired ? wanted : names_of(d)));
	else
		(void)err_set(err, ERR_USAGE, "in CI the removal of '%.*s' must be confirmed",
		    STR_FMT(names_of(d)));
	return err_hint(err, "set input 'confirm' to %.*s", STR_FMT(wanted));
}

static int
ask_to_confirm(const struct down *d, struct err *err)
{
	struct run *run = d->run;

	if (ci_is_runner(&run->ci) || env_get(&run->env, "CI") || run->opt.confirm)
		return check_confirmed(d, err);
	if (run->opt.yes
	    || ci_ask(&run->ci, "remove %zu project%s with all pipelines and data: %.*s", d->count,
	        d->count == 1 ? "" : "s", STR_FMT(names_of(d))))
		return 0;
	(void)err_set(
	    err, ERR_USAGE, "the removal of '%.*s' is not confirmed", STR_FMT(names_of(d)));
	return err_hint(err, "answer 'yes', or add --yes");
}

static int
remove_project(struct down *d, const struct pfs_project *project, struct err *err)
{
	enum pfs_deleted done;

	if (pfs_delete_project(d->cluster, project->name, &done, err) < 0)
		return err_wrap(err, "cannot delete project '%.*s'", STR_FMT(project->name));
	ci_action(&d->run->ci, '-', "deleted", "  project %.*s", STR_FMT(project->name));
	return 0;
}

/* What is in each project, before anything is deleted. What the user may not delete keeps its project whole. */
static int
look_inside(struct down *d, struct inside *insides, struct err *err)
{
	for (size_t i = 0; i < d->count; i++) {
		const struct pfs_project *project = &d->list[i];
		struct preview_label label;
		struct err why;

		if (!preview_label_read(project->description, &label)
		    || inside_read(d->run, d->cluster, project->name, &label, &insides[i], err) < 0)
			return -1;
		if (inside_check_rights(d->run, d->cluster, &insides[i], &why) == 0)
			continue;
		(void)err_wrap(&why, "project '%.*s' is not removed", STR_FMT(project->name));
		*err = why;
		if (why.kind != ERR_REFUSED)
			return -1;
		insides[i].project = STR("");
		d->lacking++;
		if (d->count > 1)
			ci_error(&d->run->ci, &why);
	}
	return d->lacking > 0 && d->count == 1 ? -1 : 0;
}

/* What is not the preview's own stays, and with it the project. */
static int
remove_one(
    struct down *d, const struct pfs_project *project, struct inside *inside, struct err *err)
{
	if (inside_delete(d->run, d->cluster, inside, err) < 0)
		return -1;
	if (inside->strange == 0)
		return remove_project(d, project, err);
	d->kept++;
	ci_warn(&d->run->ci, "project '%.*s' stays, as this is not of the preview: %.*s",
	    STR_FMT(project->name), STR_FMT(inside_strangers(d->run, inside)));
	return 0;
}

static int
remove_each(struct down *d, struct err *err)
{
	struct inside *insides = ARENA_ARRAY(d->run->arena, d->count, struct inside);

	if (look_inside(d, insides, err) < 0)
		return -1;
	for (size_t i = 0; i < d->count; i++)
		if (insides[i].project.len > 0 && remove_one(d, &d->list[i], &insides[i], err) < 0)
			return -1;
	return 0;
}

static int
check_release(const struct down *d, struct err *err)
{
	const struct pachd_facts *facts = pachd_facts(d->cluster);

	connect_log_cluster(d->run, facts);
	if (facts->projects)
		return 0;
	(void)err_set(err, ERR_REFUSED, "pachd %.*s has no projects, and so no previews",
	    STR_FMT(facts->text));
	return err_hint(err, "previews need pachd 2.5.0 or later");
}

static int
remove_all(struct down *d, struct err *err)
{
	if (pachd_probe(d->cluster, NULL, 0, NULL, err) < 0 || check_release(d, err) < 0
	    || collect_projects(d, err) < 0)
		return -1;
	if (d->count == 0)
		return 0;
	if (ask_to_confirm(d, err) < 0)
		return -1;
	if (remove_each(d, err) < 0)
		return -1;
	if (d->lacking > 0)
		return err_set(err, ERR_REFUSED, "%zu project%s not removed", d->lacking,
		    d->lacking == 1 ? " is" : "s are");
	if (d->kept == 0)
		return 0;
	(void)err_set(
	    err, ERR_REFUSED, "%zu project%s not empty", d->kept, d->kept == 1 ? " is" : "s are");
	return err_hint(err, "remove what the warning names, then run this again");
}

int
preview_down(struct run *run, struct err *err)
{
	struct down d = { .run = run, .whole = STR("") };
	struct commit commit = { .repository = STR("") };
	int rc;

	d.keys = run->target->preview;
	d.repository = run->event.repository;
	if (d.repository.len == 0 && commit_find(run, false, &commit, err) < 0)
		return -1;
	if (d.repository.len == 0)
		d.repository = commit.repository;
	d.template = preview_template_of(run, d.keys, d.repository);
	d.cluster = connect_open(run, err);
	rc = d.cluster ? remove_all(&d, err) : -1;
	pachd_close(d.cluster);
	return rc;
}
