#include "lint/lint.h"

#include <stdlib.h>

#include "base/arena.h"
#include "wire/release.h"

/* "pipeline-NAME-v99" and the like become a label (maxPipelineNameLength, dnsLabelLimit). */
enum { LABEL_MAX = 63, NAME_MAX_25 = 51, VERSION_ROOM = 4 };

const struct node *
lint_member(const struct node *n, const char *field)
{
	const struct node *member = node_field(n, field);

	return member && member->kind != NODE_NULL ? member : NULL;
}

struct str
lint_text(const struct node *n, const char *field)
{
	const struct node *member = lint_member(n, field);

	return member && member->kind == NODE_STRING ? member->text : (struct str){ "", 0 };
}

int64_t
lint_number(const struct node *n, const char *field)
{
	const struct node *member = lint_member(n, field);
	char text[32] = "";
	char *end;
	long long value;

	if (!member || (member->kind != NODE_NUMBER && member->kind != NODE_STRING)
	    || member->text.len >= sizeof(text))
		return 0;
	for (size_t i = 0; i < member->text.len; i++)
		text[i] = member->text.ptr[i];
	value = strtoll(text, &end, 10);
	return end == text ? 0 : (int64_t)value;
}

bool
lint_is_true(const struct node *n, const char *field)
{
	const struct node *member = lint_member(n, field);

	return member && member->kind == NODE_BOOL && str_is(member->text, "true");
}

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool
lint_is_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!is_alnum(name.ptr[i])
		    && (i == 0 || (name.ptr[i] != '_' && name.ptr[i] != '-')))
			return false;
	return name.len > 0;
}

static void
check_characters(const struct lint *l, const struct node *name, const char *what)
{
	if (!name || name->kind != NODE_STRING || name->text.len == 0)
		return;
	if (!lint_is_name(name->text))
		diag_mend(l->diags,
		    diags_tell(l->diags, CHECK_NAME_MALFORMED, l->file, name->at,
		        "the %s's name '%.*s' has other characters than letters, digits, '_' and "
		        "'-', "
		        "or begins with one of these two",
		        what, STR_FMT(str_head(name->text, 100))),
		    "rename it");
	else if (!is_alnum(name->text.ptr[name->text.len - 1]))
		diag_mend(l->diags,
		    diags_warn(l->diags, CHECK_NAME_MALFORMED, l->file, name->at,
		        "the %s's name '%.*s' ends in '%c', which no label of Kubernetes may", what,
		        STR_FMT(name->text), name->text.ptr[name->text.len - 1]),
		    "end it with a letter or digit");
}

static void
too_long(const struct lint *l, const struct node *name, size_t most)
{
	diag_mend(l->diags,
	    diags_tell(l->diags, CHECK_NAME_TOO_LONG, l->file, name->at,
	        "the name '%.*s' has %zu bytes, at most %zu fit here",
	        STR_FMT(str_head(name->text, 100)), name->text.len, most),
	    "shorten it");
}

/* 1.9.8 to 2.4 count the name alone; later ones its project's as well. */
static void
check_length(const struct lint *l, const struct node *name, const struct node *project)
{
	size_t before = project ? project->text.len : str_of("pipeline").len, most = LABEL_MAX;

	if (l->version < VERSION(1, 9, 8) || !name || name->kind != NODE_STRING)
		return;
	if (l->version >= VERSION(2, 5, 0)) {
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
		diag_mend(l->diags,
		    diags_tell(l->diags, CHECK_NAME_MALFORMED, l->file, branch->at,
		        "the branch's name '%.*s' has other characters than letters, digits, '_' "
		        "and "
		        "'-'",
		        STR_FMT(str_head(branch->text, 100))),
		    "rename it");
	check_length(l, name, project);
	if (project && l->version >= VERSION(2, 5, 0) && project->text.len > NAME_MAX_25)
		too_long(l, project, NAME_MAX_25);
}

void
lint_spec(const struct lint *l)
{
	if (l->spec->kind != NODE_OBJECT)
		return;
	lint_names(l);
	lint_inputs(l);
	lint_run(l);
	lint_resources(l);
}
