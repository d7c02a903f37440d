/* What a preview needs: projects, the right to create them, and to read the repos that are copied. */
#include "base/arena.h"
#include "doctor/doctor.h"
#include "pachd/grant.h"
#include "pachd/pachd.h"
#include "pachd/pfs/projects.h"
#include "pachd/preflight.h"

static int
check_projects(
    struct doctor *d, struct pachd *cluster, const struct pachd_facts *facts, struct err *err)
{
	struct arena *a = d->run->arena;
	bool is_told, may;

	if (pfs_may_create_projects(cluster, &is_told, &may, err) < 0)
		return -1;
	if (!is_told)
		doctor_find(d, FINDING_UNKNOWN, "preview",
		    STR("projectCreator on the cluster; unknown to this server"), NULL);
	else if (may)
		doctor_find(d, FINDING_OK, "preview", STR("projectCreator on the cluster"), NULL);
	else
		doctor_find(d, FINDING_FAILED, "preview",
		    STR("missing: projectCreator on the cluster, to create a project for each pull "
		        "request"),
		    arena_fmt(a,
		        "ask an administrator to run: pachctl auth set cluster projectCreator %.*s",
		        STR_FMT(facts->user))
		        .ptr);
	return 0;
}

/* Whether a pipeline of the target reads the repo: then a preview may have to copy it. */
static bool
is_read(const struct work *work, const struct pachd_target *repo)
{
	for (size_t i = 0; i < work->count; i++) {
		const struct spec *spec = work->list[i].spec;

		for (size_t k = 0; k < spec->input_count; k++)
			if (str_eq(spec->inputs[k].repo, repo->name)
			    && str_eq(spec->inputs[k].project, repo->project))
				return true;
	}
	return false;
}

static void
check_input(struct doctor *d, const struct pachd_facts *facts, const struct pachd_repo *repo)
{
	struct arena *a = d->run->arena;
	struct str title = spec_title(a, repo->target.project, repo->target.name);
	const struct pachd_role role = { repo->target.project, repo->target.name, "repoReader" };

	if (repo->known != PACHD_PRESENT || !repo->rights.reported)
		doctor_find(d, FINDING_UNKNOWN, "preview",
		    arena_fmt(a, "repoReader on repo %.*s; %s", STR_FMT(title),
		        repo->known == PACHD_MISSING ? "the repo does not exist"
		                                     : "unknown to this server"),
		    NULL);
	else if (repo->rights.read)
		doctor_find(d, FINDING_OK, "preview",
		    arena_fmt(a, "repoReader on repo %.*s", STR_FMT(title)), NULL);
	else
		doctor_find(d, FINDING_FAILED, "preview",
		    arena_fmt(a, "missing: repoReader on repo %.*s, to copy it", STR_FMT(title)),
		    arena_fmt(a, "ask an administrator to run: %.*s",
		        STR_FMT(pachd_grant(a, facts, &role)))
		        .ptr);
}

int
doctor_preview(
    struct doctor *d, struct pachd *cluster, const struct subject *subject, struct err *err)
{
	const struct pachd_facts *facts = pachd_facts(cluster);
	const struct pachd_preflight *asked = &subject->needs.preflight;

	if (!facts->projects) {
		doctor_find(d, FINDING_FAILED, "preview",
		    arena_fmt(d->run->arena, "pachd %.*s has no projects", STR_FMT(facts->text)),
		    "previews need pachd 2.5.0 or later");
		return 0;
	}
	if (!facts->has_login) {
		doctor_find(d, FINDING_OK, "preview",
		    STR("authentication is off; no permissions are needed"), NULL);
		return 0;
	}
	if (check_projects(d, cluster, facts, err) < 0)
		return -1;
	for (size_t i = 0; i < asked->repo_count; i++)
		if (is_read(&subject->work, &asked->repos[i].target))
			check_input(d, facts, &asked->repos[i]);
	return 0;
}
