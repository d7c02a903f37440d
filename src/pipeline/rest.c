#include "pipeline/rest.h"

static void
set_text(struct node *n, struct str text)
{
	n->text = text;
	n->kind = NODE_STRING;
	n->at = (struct span){ 0 }; /* no file says it */
}

/* One document that is put to rest. */
struct resting {
	const char *file;
	struct str name; /* of its pipeline */
	uint32_t release;
	const struct rest_releases *from;
	struct diags *diags;
};

static void
refuse(const struct resting *r, const struct node *n, const char *what, const char *needs)
{
	diag_hint(r->diags,
	    diags_error(r->diags, CHECK_CRON, r->file, n->at,
	        "the schedule '%.*s' of %s of '%.*s' cannot rest on this release of pachd",
	        STR_FMT(n->text), what, STR_FMT(r->name)),
	    "use pachd %s or later, set 'schedules' to as-is, or change it in the values", needs);
}

static void
rest_cron(const struct resting *r, struct node *cron)
{
	struct node *spec = node_field(cron, "spec");

	if (!spec || spec->kind != NODE_STRING)
		return;
	if (r->release >= r->from->never)
		set_text(spec, STR("@never"));
	else if (r->release >= r->from->far)
		set_text(spec, STR("0 0 30 2 *"));
	else
		refuse(r, spec, "a cron input", "2.2.0");
}

static void
rest_trigger(const struct resting *r, struct node *pfs)
{
	struct node *trigger = node_field(pfs, "trigger");
	struct node *spec = trigger ? node_field(trigger, "cron_spec") : NULL;

	if (!spec || spec->kind != NODE_STRING || spec->text.len == 0)
		return;
	if (r->release >= r->from->never_trigger)
		set_text(spec, STR("@never"));
	else
		refuse(r, spec, "a trigger", "2.6.8");
}

/* Recursion is as deep as the spec, which its reader limits. */
static void
rest_input(const struct resting *r, struct node *input)
{
	static const char *const groups[] = { "cross", "join", "group", "union" };
	struct node *cron, *pfs;

	if (!input || input->kind != NODE_OBJECT)
		return;
	cron = node_get(input, "cron");
	pfs = node_get(input, "pfs");
	if (cron)
		rest_cron(r, cron);
	if (pfs)
		rest_trigger(r, pfs);
	for (size_t i = 0; i < COUNT_OF(groups); i++) {
		struct node *group = node_get(input, groups[i]);

		for (struct node *n = group && group->kind == NODE_ARRAY ? group->first : NULL; n;
		     n = n->next)
			rest_input(r, n);
	}
}

void
schedules_rest(struct node *document, const char *file, uint32_t release,
    const struct rest_releases *from, struct diags *d)
{
	const struct node *name = node_field(node_field(document, "pipeline"), "name");
	const struct resting r = { file, name ? name->text : STR(""), release, from, d };

	rest_input(&r, node_field(document, "input"));
}
