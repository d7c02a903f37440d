#include "deploy/preview/isolate.h"

#include "base/arena.h"
#include "deploy/gather/gather.h"
#include "pipeline/mount.h"
#include "session/config_preview.h"
#include "session/run.h"

/* What a spec can have that reaches further than its inputs and its output. */
static const struct {
	const char *field, *word, *what;
} reaching[] = {
	{ "pod_patch", "pod-patch", "a pod patch" },
	{ "pod_spec", "pod-spec", "a pod spec" },
	{ "egress", "egress", "an egress" },
	{ "service", "service", "a service" },
	{ "spout", "spout", "a spout" },
	{ "determined", "determined", "a Determined workspace" },
};

static void
refuse_reaching(const struct preview *preview, const struct spec *spec)
{
	const struct items *allowed = &preview->keys->allow;
	struct diags *d = &preview->run->diags;

	for (size_t i = 0; i < COUNT_OF(reaching); i++) {
		const struct node *n = node_field(spec->node, reaching[i].field);

		if (!n || n->kind == NODE_NULL
		    || str_is_any(str_of(reaching[i].word), allowed->list, allowed->count))
			continue;
		diag_hint(d,
		    diags_error(d, CHECK_PREVIEW, spec->file, n->key_at,
		        "pipeline '%.*s' has %s, which target '%s' does not allow",
		        STR_FMT(spec->name), reaching[i].what, preview->run->target_name),
		    "add 'allow: [%s]' to the target, or 'exclude: [%.*s]'", reaching[i].word,
		    STR_FMT(spec->name));
	}
}

/* Secrets that the code can read; those for pulling the image it never sees. */
static void
refuse_secrets(const struct preview *preview, const struct spec *spec)
{
	const struct items *allowed = &preview->keys->allow_secrets;
	struct mounts mounts = mounts_of(preview->run->arena, spec->node);
	struct diags *d = &preview->run->diags;

	for (size_t i = 0; i < mounts.count; i++) {
		const struct mount *m = &mounts.list[i];

		if (m->kind == MOUNT_PULL || str_is_any(m->name, allowed->list, allowed->count))
			continue;
		diag_hint(d,
		    diags_error(d, CHECK_PREVIEW, spec->file, m->at,
		        "pipeline '%.*s' uses secret '%.*s', which target '%s' does not allow",
		        STR_FMT(spec->name), STR_FMT(m->name), preview->run->target_name),
		    "add 'allow-secrets: [%.*s]' to the target, or 'exclude: [%.*s]'",
		    STR_FMT(m->name), STR_FMT(spec->name));
	}
}

/* Whether one of the preview's own pipelines makes the repo. Only its output branch is created there: other branches are
 * set by people. */
static bool
is_made_here(const struct preview *preview, const struct preview_input *input)
{
	struct diags *d = &preview->run->diags;

	for (size_t i = 0; i < preview->member_count; i++) {
		const struct preview_member *m = &preview->members[i];

		if (!str_eq(m->base_project, input->project) || !str_eq(m->spec->name, input->repo))
			continue;
		if (!str_eq(m->spec->output_branch, input->into))
			diag_hint(d,
			    diags_error(d, CHECK_PREVIEW, input->reader->file, input->at,
			        "branch '%.*s' of '%.*s' is not what the pipeline writes, and is "
			        "in no preview",
			        STR_FMT(input->into), STR_FMT(input->repo)),
			    "exclude '%.*s' or '%.*s'", STR_FMT(input->repo),
			    STR_FMT(input->reader->name));
		return true;
	}
	return false;
}

static const struct preview_source *
source_of(const struct preview *preview, const struct preview_input *input)
{
	for (size_t i = 0; i < preview->keys->source_count; i++) {
		const struct preview_source *one = &preview->keys->sources[i];
		struct str title = arena_fmt(preview->run->arena, "%.*s/%.*s",
		    STR_FMT(input->project), STR_FMT(input->repo));

		if (str_eq(one->repo, input->repo) || str_eq(one->repo, title))
			return one;
	}
	return NULL;
}

static void
refuse_name(const struct preview *preview, const struct preview_input *input, struct str other)
{
	struct diags *d = &preview->run->diags;

	diag_hint(d,
	    diags_error(d, CHECK_PREVIEW, input->reader->file, input->at,
	        "repos '%.*s' of projects '%.*s' and '%.*s' would have one name in the preview",
	        STR_FMT(input->repo), STR_FMT(other), STR_FMT(input->project)),
	    "exclude one of the pipelines that read them");
}

/* Notes what is to be copied, each branch once. */
static void
add_input(struct preview *preview, struct preview_input input)
{
	const struct preview_source *source = source_of(preview, &input);

	for (size_t i = 0; i < preview->member_count; i++)
		if (str_eq(preview->members[i].spec->name, input.repo)
		    && !str_eq(preview->members[i].base_project, input.project))
			refuse_name(preview, &input, preview->members[i].base_project);
	for (size_t i = 0; i < preview->input_count; i++) {
		const struct preview_input *one = &preview->inputs[i];

		if (!str_eq(one->repo, input.repo))
			continue;
		if (!str_eq(one->project, input.project)) {
			refuse_name(preview, &input, one->project);
			return;
		}
		if (str_eq(one->into, input.into))
			return;
	}
	if (source && source->branch.len > 0)
		input.branch = source->branch;
	if (source)
		input.paths = source->paths;
	preview->inputs = arena_grow(preview->run->arena, preview->inputs, preview->input_count,
	    &preview->input_room, sizeof(*preview->inputs));
	preview->inputs[preview->input_count++] = input;
}

/* Where the leaf names a project, it is the preview's from now on. */
static void
move_leaf(const struct preview *preview, struct node *leaf)
{
	struct node *project = node_field(leaf, "project");

	if (project && project->kind == NODE_STRING)
		project->text = preview->project;
}

/* One input, which reads a branch of a repo. What a trigger lets through is what the copy holds. */
static void
move_pfs(struct preview *preview, const struct spec *spec, struct str base, struct node *leaf)
{
	struct node *trigger = node_field(leaf, "trigger");
	struct str branch = node_text(node_field(leaf, "branch")),
	           project = node_text(node_field(leaf, "project"));
	struct preview_input input = { .repo = node_text(node_field(leaf, "repo")),
		.reader = spec };
	const struct node *repo = node_field(leaf, "repo");

	input.project = project.len > 0 ? project : base;
	input.into = branch.len > 0 ? branch : STR("master");
	input.branch = input.into;
	if (trigger && branch.len == 0 && node_text(node_field(trigger, "branch")).len > 0)
		input.branch = node_text(node_field(trigger, "branch"));
	input.at = repo ? repo->at : leaf->at;
	if (trigger)
		node_drop(leaf, trigger);
	move_leaf(preview, leaf);
	if (input.repo.len > 0 && !is_made_here(preview, &input))
		add_input(preview, input);
}

/* Depth is bounded by MAX_SPEC_DEPTH, so recursion is fine. */
static void
move_inputs(struct preview *preview, const struct spec *spec, struct str base, struct node *input)
{
	for (struct node *n = input->first; n; n = n->next) {
		if (input->kind == NODE_OBJECT && n->kind == NODE_OBJECT && str_is(n->key, "pfs"))
			move_pfs(preview, spec, base, n);
		else if (input->kind == NODE_OBJECT && n->kind == NODE_OBJECT
		         && str_is(n->key, "cron"))
			move_leaf(preview, n);
		else if (n->kind == NODE_ARRAY || n->kind == NODE_OBJECT)
			move_inputs(preview, spec, base, n);
	}
}

/* pachd makes the repo of a cron input where there is none: it begins with production's last tick. */
static void
add_ticks(struct preview *preview, const struct spec *spec, struct str base)
{
	for (size_t i = 0; i < spec->input_count; i++)
		if (spec->inputs[i].tick_repo.len > 0)
			add_input(preview, (struct preview_input){
			                       .project = base,
			                       .repo = spec->inputs[i].tick_repo,
			                       .branch = STR("master"),
			                       .into = STR("master"),
			                       .is_tick = true,
			                       .reader = spec,
			                       .at = spec->inputs[i].at,
			                   });
}

static void
move_spec(struct preview *preview, struct spec *spec, struct str base)
{
	struct node *input;

	refuse_reaching(preview, spec);
	refuse_secrets(preview, spec);
	spec->node = node_copy(preview->run->arena, spec->node);
	input = node_field(spec->node, "input");
	if (input)
		move_inputs(preview, spec, base, input);
	add_ticks(preview, spec, base);
	spec->project = preview->project;
	for (size_t i = 0; i < spec->input_count; i++) {
		spec->inputs[i].project = preview->project;
		spec->inputs[i].has_trigger = false;
	}
}

/* Two pipelines of one name in two projects have one place here. */
static void
refuse_twins(const struct preview *preview)
{
	struct diags *d = &preview->run->diags;

	for (size_t i = 0; i < preview->member_count; i++)
		for (size_t k = 0; k < i; k++) {
			const struct spec *spec = preview->members[i].spec;

			if (!str_eq(spec->name, preview->members[k].spec->name))
				continue;
			diag_hint(d,
			    diags_error(d, CHECK_PREVIEW, spec->file, spec->at,
			        "pipelines '%.*s' of projects '%.*s' and '%.*s' would have one "
			        "name in the preview",
			        STR_FMT(spec->name), STR_FMT(preview->members[k].base_project),
			        STR_FMT(preview->members[i].base_project)),
			    "exclude both, or rename one of them");
		}
}

void
preview_isolate(struct preview *preview, struct work *work)
{
	struct run *run = preview->run;

	preview->members = ARENA_ARRAY(run->arena, work->all_count, struct preview_member);
	preview->member_count = work->all_count;
	for (size_t i = 0; i < work->all_count; i++)
		preview->members[i] = (struct preview_member){ .spec = work->all[i].spec,
			.base_project = work->all[i].spec->project };
	refuse_twins(preview);
	for (size_t i = 0; i < work->all_count; i++)
		move_spec(preview, &work->specs.list[work->all[i].spec - work->specs.list],
		    preview->members[i].base_project);
}
