#include <time.h>

#include "base/arena.h"
#include "deploy/gather/gather.h"
#include "deploy/preview/choose.h"
#include "deploy/preview/gates.h"
#include "deploy/preview/isolate.h"
#include "deploy/preview/preview.h"
#include "secret/digest.h"
#include "session/config.h"
#include "session/config_preview.h"
#include "session/run.h"

enum { FINGERPRINT = 4 };

int
preview_check_event(const struct run *run, struct err *err)
{
	if (!run->target || !run->target->preview)
		return 0;
	if (run->event.is_pull_request && run->event.number.len > 0)
		return 0;
	(void)err_set(err, ERR_REFUSED,
	    "target '%s' is a preview, and this run is about no pull request", run->target_name);
	return err_hint(err, "run it on pull requests, or name another target");
}

struct preview_template
preview_template_of(struct run *run, const struct preview_keys *keys, struct str repository)
{
	struct str name = preview_repository(run->arena, repository);

	return (struct preview_template){ .text = keys->project,
		.fingerprint = str_head(digest_hex(run->arena, name), FINGERPRINT) };
}

static size_t
longest_name(const struct work *work)
{
	size_t longest = 0;

	for (size_t i = 0; i < work->all_count; i++)
		if (work->all[i].spec->name.len > longest)
			longest = work->all[i].spec->name.len;
	return longest;
}

/* The project is shortened where Kubernetes leaves it no room, never a pipeline. */
static int
choose_name(struct preview *preview, const struct work *work, struct err *err)
{
	size_t longest = longest_name(work), room = preview_name_room(longest);
	const char *fault;

	preview->names =
	    preview_names(preview->run->arena, &preview->template, preview->run->event.number);
	preview->project =
	    preview->names.whole.len <= room ? preview->names.whole : preview->names.shorter;
	if (preview->project.len > room) {
		(void)err_set(err, ERR_SPEC,
		    "a pipeline's name of %zu characters leaves no room for the project '%.*s'",
		    longest, STR_FMT(preview->project));
		return err_hint(err,
		    "Kubernetes allows 63 characters for project, pipeline and version; "
		    "exclude the pipeline or shorten its name");
	}
	if (preview->project.ptr != preview->names.whole.ptr)
		ci_note(&preview->run->ci,
		    "project '%.*s' is shortened to '%.*s': Kubernetes allows 63 characters for "
		    "project, pipeline and version",
		    STR_FMT(preview->names.whole), STR_FMT(preview->project));
	fault = preview_name_fault(preview->project);
	if (!fault)
		return 0;
	(void)err_set(err, ERR_USAGE, "'%.*s' cannot be a project of target '%s': %s",
	    STR_FMT(preview->project), preview->run->target_name, fault);
	return err_hint(err, "use for example pr-{pr} as 'project' of the target");
}

/* What is moved is rendered again, for the release is not known yet. */
static int
render_moved(struct preview *preview, struct work *work, struct err *err)
{
	preview_isolate(preview, work);
	gather_choose(preview->run, work, NULL);
	gather_render(preview->run, work, NULL);
	return gather_show_diags(preview->run, err);
}

int
preview_prepare(struct run *run, struct work *work, struct preview **out, struct err *err)
{
	const struct preview_keys *keys = run->target->preview;
	struct preview *preview = ARENA_NEW(run->arena, struct preview);
	struct str repository =
	    run->event.repository.len > 0 ? run->event.repository : work->commit.repository;

	*out = NULL;
	if (preview_check_event(run, err) < 0 || preview_choose(run, work, keys, err) < 0)
		return -1;
	if (work->all_count == 0) {
		gather_choose(run, work, NULL);
		return 0;
	}
	*preview = (struct preview){ .run = run, .keys = keys };
	preview->template = preview_template_of(run, keys, repository);
	preview->label = (struct preview_label){ .repository = repository,
		.target = str_of(run->target_name),
		.number = run->event.number,
		.until_s = (int64_t)time(NULL) + keys->expires_s };
	if (choose_name(preview, work, err) < 0 || render_moved(preview, work, err) < 0
	    || gates_read(preview, err) < 0)
		return -1;
	*out = preview;
	return 0;
}
