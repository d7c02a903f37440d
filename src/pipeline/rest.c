#include "pipeline/rest.h"

static void
set_text(struct node *n, struct str text)
{
	n->text = text;
	n->kind = NODE_STRING;
	n->at = (struct span){ 0 }; /* no file says it */
}

static void
refuse(struct diags *d, const char *file, const struct node *n, const char *what, const char *needs)
{
	diag_hint(d,
	    diags_error(d, CHECK_CRON, file, n->at,
	        "the schedule '%.*s' of %s cannot rest on this release of pachd", STR_FMT(n->text),
	        what),
	    "use pachd %s or later, set 'schedules' to as-is, or change it in the values", needs);
}

static void
rest_cron(struct node *cron, const char *file, uint32_t release, const struct rest_releases *from,
    struct diags *d)
{
	struct node *spec = node_field(cron, "spec");

	if (!spec || spec->kind != NODE_STRING)
		return;
	if (release >= from->never)
		set_text(spec, STR("@never"));
	else if (release >= from->far)
		set_text(spec, STR("0 0 30 2 *"));
	else
		refuse(d, file, spec, "a cron input", "2.2.0");
}

static void
rest_trigger(struct node *pfs, const char *file, uint32_t release, const struct rest_releases *from,
    struct diags *d)
{
	struct node *trigger = node_field(pfs, "trigger");
	struct node *spec = trigger ? node_field(trigger, "cron_spec") : NULL;

	if (!spec || spec->kind != NODE_STRING || spec->text.len == 0)
		return;
	if (release >= from->never_trigger)
		set_text(spec, STR("@never"));
	else
		refuse(d, file, spec, "a trigger", "2.6.8");
}

/* Depth is that of the spec, which its reader bounds. */
static void
rest_input(struct node *input, const char *file, uint32_t release, const struct rest_releases *from,
    struct diags *d)
{
	static const char *const groups[] = { "cross", "join", "group", "union" };
	struct node *cron, *pfs;

	if (!input || input->kind != NODE_OBJECT)
		return;
	cron = node_get(input, "cron");
	pfs = node_get(input, "pfs");
	if (cron)
		rest_cron(cron, file, release, from, d);
	if (pfs)
		rest_trigger(pfs, file, release, from, d);
	for (size_t i = 0; i < COUNT_OF(groups); i++) {
		struct node *group = node_get(input, groups[i]);

		for (struct node *n = group && group->kind == NODE_ARRAY ? group->first : NULL; n;
		     n = n->next)
			rest_input(n, file, release, from, d);
	}
}

void
schedules_rest(struct node *document, const char *file, uint32_t release,
    const struct rest_releases *from, struct diags *d)
{
	rest_input(node_field(document, "input"), file, release, from, d);
}
