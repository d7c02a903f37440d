#include "lint/lint.h"

#include "base/arena.h"
#include "lint/input.h"
#include "lint/member.h"
#include "lint/resources.h"
#include "lint/worker.h"
#include "wire/release.h"

/* "PROJECT-NAME-v99" becomes a label (maxPipelineNameLength, dnsLabelLimit). */
enum { LABEL_MAX = 63, NAME_MAX_25 = 51, VERSION_ROOM = 4 };

static void
check_characters(const struct lint *l, const struct node *name, const char *what)
{
	if (!name || name->kind != NODE_STRING || name->text.len == 0)
		return;
	if (!lint_is_name(name->text))
		diag_hint(l->diags,
		    diags_report(l->diags, CHECK_NAME_MALFORMED, l->file, name->at,
		        "invalid %s name '%.*s': use letters, digits, '_' and '-', and begin with "
		        "a letter or digit",
		        what, STR_FMT(str_head(name->text, 100))),
		    "change the name");
	else if (!lint_is_name(str_tail(name->text, name->text.len - 1)))
		diag_hint(l->diags,
		    diags_warn(l->diags, CHECK_NAME_MALFORMED, l->file, name->at,
		        "%s name '%.*s' ends with '%c', which Kubernetes labels do not allow", what,
		        STR_FMT(name->text), name->text.ptr[name->text.len - 1]),
		    "end the name with a letter or digit");
}

static void
too_long(const struct lint *l, const struct node *name, size_t most)
{
	diag_hint(l->diags,
	    diags_report(l->diags, CHECK_NAME_TOO_LONG, l->file, name->at,
	        "the name '%.*s' is too long: %zu bytes, the limit is %zu",
	        STR_FMT(str_head(name->text, 100)), name->text.len, most),
	    "shorten the name");
}

/* 1.9.8 to 2.4 count the name alone; later ones its project's as well. */
static void
check_length(const struct lint *l, const struct node *name, const struct node *project)
{
	/* a pipeline without a project is in "default" */
	size_t before = project ? project->text.len : str_of("default").len, most = LABEL_MAX;

	if (l->version < RELEASE(1, 9, 8) || !name || name->kind != NODE_STRING)
		return;
	if (l->version >= RELEASE(2, 5, 0)) {
		most = before + 1 + VERSION_ROOM < LABEL_MAX ? LABEL_MAX - before - 1 - VERSION_ROOM
		                                             : 1;
		most = most < NAME_MAX_25 ? most : NAME_MAX_25;
	}
	if (name->text.len > most)
		too_long(l, name, most);
}

static void
lint_names(const struct lint *l)
{
	const struct node *pipeline = lint_member(l->spec, "pipeline");
	const struct node *name = lint_member(pipeline, "name");
	const struct node *project = lint_member(lint_member(pipeline, "project"), "name");
	const struct node *branch = lint_member(l->spec, "output_branch");

	if (project && (project->kind != NODE_STRING || project->text.len == 0))
		project = NULL;
	check_characters(l, name, "pipeline");
	check_characters(l, project, "project");
	if (branch && branch->kind == NODE_STRING && branch->text.len > 0
	    && !lint_is_name(branch->text))
		diag_hint(l->diags,
		    diags_report(l->diags, CHECK_NAME_MALFORMED, l->file, branch->at,
		        "invalid branch name '%.*s': use letters, digits, '_' and '-'",
		        STR_FMT(str_head(branch->text, 100))),
		    "change the name");
	check_length(l, name, project);
	if (project && l->version >= RELEASE(2, 5, 0) && project->text.len > NAME_MAX_25)
		too_long(l, project, NAME_MAX_25);
}

void
lint_spec(const struct lint *l)
{
	if (l->spec->kind != NODE_OBJECT)
		return;
	lint_names(l);
	lint_inputs(l);
	lint_worker(l);
	lint_resources(l);
}
