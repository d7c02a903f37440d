#include "pipeline/plan.h"

#include "base/arena.h"

static bool
policy_of(struct str word, enum reprocess_policy *out)
{
	static const char *const words[] = { [REPROCESS_NEVER] = "never",
		[REPROCESS_CHANGED] = "changed",
		[REPROCESS_ALWAYS] = "always" };

	for (enum reprocess_policy i = 0; i < COUNT_OF(words); i++)
		if (str_is(word, words[i])) {
			*out = i;
			return true;
		}
	return false;
}

int
reprocess_add(struct reprocess *r, struct arena *a, struct str item, struct err *err)
{
	size_t equals = str_find(item, '=');
	struct str subject = str_head(item, equals), word = str_tail(item, equals + 1);
	struct reprocess_rule rule = { .name = subject };
	size_t slash = str_find(subject, '/');

	if (equals == item.len) {
		if (policy_of(item, &r->all))
			return 0;
	} else if (policy_of(word, &rule.policy) && slash != 0 && slash + 1 != subject.len) {
		if (slash < subject.len) {
			rule.project = str_head(subject, slash);
			rule.name = str_tail(subject, slash + 1);
		}
		ARENA_ADD(a, r, rule);
		return 0;
	}
	(void)err_set(err, ERR_USAGE, "invalid value '%.*s' in input 'reprocess'", STR_FMT(item));
	return err_hint(
	    err, "use never, changed or always, or PIPELINE=always for a single pipeline");
}

static bool
rule_names(const struct reprocess_rule *rule, const struct spec *spec)
{
	return str_eq(rule->name, spec->name)
	       && (rule->project.len == 0 || str_eq(rule->project, spec->project));
}

const struct reprocess_rule *
reprocess_unused(const struct reprocess *r, const struct specs *specs)
{
	for (size_t i = 0; i < r->count; i++) {
		size_t j = 0;

		while (j < specs->count && !rule_names(&r->list[i], &specs->list[j]))
			j++;
		if (j == specs->count)
			return &r->list[i];
	}
	return NULL;
}

/* The last rule that names the pipeline wins, then the document's own word, then the run's. */
static enum reprocess_policy
policy_for(const struct reprocess *r, const struct spec *spec)
{
	for (size_t i = r->count; i > 0; i--) {
		const struct reprocess_rule *rule = &r->list[i - 1];

		if (rule_names(rule, spec))
			return rule->policy;
	}
	return spec->reprocess ? REPROCESS_ALWAYS : r->all;
}

static void
decide(struct step *step, const struct candidate *one, bool keep_same, enum reprocess_policy policy)
{
	bool exists = one->live && one->live->exists;

	step->action = exists ? ACTION_UPDATE : ACTION_CREATE;
	if (!exists)
		return; /* a new pipeline has no old data to process again */
	step->reprocess = policy == REPROCESS_ALWAYS
	                  || (policy == REPROCESS_CHANGED && !one->comparison.same_code);
	step->why = one->comparison.why;
	step->diff = one->comparison.diff;
	step->same_code = one->comparison.same_code;
	if (keep_same && one->comparison.same && !step->reprocess)
		step->action = ACTION_KEEP;
}

/* The image that will run; of a spec that names none, what is known of the cluster's choice. */
static struct str
image_of(const struct candidate *one)
{
	if (one->new_image.len > 0)
		return one->new_image;
	if (one->spec->image)
		return one->spec->image->text;
	return one->comparison.image;
}

static struct step
step_of(const struct candidate *one)
{
	struct str own = one->spec->image ? one->spec->image->text : (struct str){ "", 0 };
	bool exists = one->live && one->live->exists;

	return (struct step){
		.spec = one->spec,
		.part = one->part,
		.restores = one->restores,
		.restored = one->restored,
		.tree = one->tree,
		.request = one->request,
		.live = one->live,
		.old_image = exists ? one->live->image : own,
		.new_image = image_of(one),
		.why = { "", 0 },
	};
}

struct plan
plan_make(struct arena *a, const struct candidate *list, size_t count, bool keep_same,
    const struct reprocess *reprocess)
{
	struct plan plan = { .steps = ARENA_ARRAY(a, count, struct step), .count = count };

	for (size_t i = 0; i < count; i++) {
		struct step *step = &plan.steps[i];

		*step = step_of(&list[i]);
		decide(step, &list[i], keep_same, policy_for(reprocess, step->spec));
		plan.created += step->action == ACTION_CREATE;
		plan.updated += step->action == ACTION_UPDATE;
		plan.kept += step->action == ACTION_KEEP;
	}
	return plan;
}

size_t
plan_changes(const struct plan *plan)
{
	return plan->created + plan->updated + plan->started + plan->removal_count;
}

const char *
action_name(enum action action)
{
	switch (action) {
	case ACTION_CREATE:
		return "create";
	case ACTION_UPDATE:
		return "update";
	case ACTION_KEEP:
		return "unchanged";
	}
	return "?";
}
