#include "session/config_preview.h"

#include "base/arena.h"
#include "base/date.h"
#include "inputs/duration.h"
#include "session/config.h"
#include "session/run.h"

enum { DAYS_KEPT = 7 };

static struct items
texts_of(struct run *run, const struct node *n)
{
	struct items out = { ARENA_ARRAY(run->arena, n ? n->count + 1 : 1, const char *), 0 };

	if (n && n->kind != NODE_ARRAY)
		out.list[out.count++] = arena_cstr(run->arena, n->text);
	for (n = n && n->kind == NODE_ARRAY ? n->first : NULL; n; n = n->next)
		out.list[out.count++] = arena_cstr(run->arena, n->text);
	return out;
}

static void
read_sources(struct run *run, const struct node *inputs_key, struct preview_keys *out)
{
	if (!inputs_key)
		return;
	out->sources = ARENA_ARRAY(run->arena, inputs_key->count, struct preview_source);
	for (const struct node *n = inputs_key->first; n; n = n->next) {
		const struct node *branch = node_get(n, "branch");

		out->sources[out->source_count++] = (struct preview_source){
			.repo = n->key,
			.branch = branch ? branch->text : STR(""),
			.paths = texts_of(run, node_get(n, "paths")),
			.at = n->key_at,
		};
	}
}

/* "default", and the project of each target that is not a preview. */
static struct items
taken_projects(struct run *run, const struct config *config)
{
	const struct node *top = node_get(config->top, "project");
	struct items out = { ARENA_ARRAY(run->arena, config->targets->count + 2, const char *), 0 };

	out.list[out.count++] = "default";
	if (top)
		out.list[out.count++] = arena_cstr(run->arena, top->text);
	for (const struct node *n = config->targets->first; n; n = n->next) {
		const struct node *project = node_get(n, "project");

		if (project && !node_is_true(node_get(n, "preview")))
			out.list[out.count++] = arena_cstr(run->arena, project->text);
	}
	return out;
}

static uint64_t
number_of(const struct node *n)
{
	uint64_t number = 0;

	if (n && !str_number(n->text, &number))
		return UINT64_MAX; /* it has more than 18 digits */
	return number;
}

const struct preview_keys *
preview_keys_of(struct run *run, const struct config *config, const struct node *target)
{
	const struct node *project = node_get(target, "project");
	const struct node *expires = node_get(target, "expires");
	int64_t ms = (int64_t)DAYS_KEPT * DAY_S * 1000;
	struct preview_keys *out;

	if (!node_is_true(node_get(target, "preview")))
		return NULL;
	out = ARENA_NEW(run->arena, struct preview_keys);
	*out = (struct preview_keys){
		.project = project ? project->text : STR("pr-{pr}"),
		.downstream = node_is_true(node_get(target, "downstream")),
		.allow_secrets = texts_of(run, node_get(target, "allow-secrets")),
		.allow = texts_of(run, node_get(target, "allow")),
		.exclude = texts_of(run, node_get(target, "exclude")),
		.gates = texts_of(run, node_get(target, "gates")),
		.max_datums = number_of(node_get(target, "max-datums")),
		.taken = taken_projects(run, config),
	};
	if (expires)
		(void)duration_read(expires->text, &ms); /* it has been checked */
	out->expires_s = ms / 1000;
	read_sources(run, node_get(target, "inputs"), out);
	return out;
}

static int
give_default(struct run *run, enum input_id id, const char *text, const char *from, struct err *err)
{
	const char **item = ARENA_ARRAY(run->arena, 1, const char *);

	item[0] = text;
	value_give(&run->in, id, item, 1, from);
	return option_read(&run->opt, &run->in, id, err);
}

int
preview_give_defaults(struct run *run, const char *from, struct err *err)
{
	if (give_default(run, IN_SINCE, "event", from, err) < 0
	    || give_default(run, IN_SCHEDULES, "rest", from, err) < 0)
		return -1;
	return give_default(run, IN_WAIT, "jobs", from, err);
}
