#include "deploy/plan/images.h"

#include "base/arena.h"
#include "deploy/gather/gather.h"
#include "pipeline/step.h"
#include "registry/registry.h"
#include "session/registries.h"
#include "session/run.h"

/* The distinct images of a run, and the first step of each. */
struct checking {
	struct run *run;
	const struct plan *plan;
	struct registry_question *questions;
	struct str *images;
	size_t *question_of; /* of each step; SIZE_MAX: none */
	size_t count, room, image_room;
};

static struct span
place_of(const struct spec *spec)
{
	return spec->image ? spec->image->at : spec->at;
}

/* With input pin its manifest has just been read. */
static bool
is_pinned(const struct run *run, struct str image)
{
	struct image im = image_split(image);

	return run->opt.pin && im.tag.ptr && im.digest.ptr;
}

/* Whether the push brings the image to the pipeline. */
static bool
is_new(const struct step *step)
{
	if (step->action == ACTION_KEEP || !step->live)
		return false;
	return !step->live->exists || !str_eq(step->live->image, step->new_image);
}

static size_t
question_for(struct checking *c, const struct step *step)
{
	struct str image = step->new_image;

	if (image.len == 0 || is_pinned(c->run, image)
	    || (c->run->opt.check_images == CHECK_IMAGES_NEW && !is_new(step)))
		return SIZE_MAX;
	for (size_t i = 0; i < c->count; i++)
		if (str_eq(c->images[i], image))
			return i;
	c->questions =
	    arena_grow(c->run->arena, c->questions, c->count, &c->room, sizeof(*c->questions));
	c->images =
	    arena_grow(c->run->arena, c->images, c->count, &c->image_room, sizeof(*c->images));
	if (!registries_question(c->run, image, false, &c->questions[c->count]))
		return SIZE_MAX;
	c->images[c->count] = image;
	return c->count++;
}

static void
report_image(struct checking *c, const struct step *step, const struct registry_question *q,
    enum check check, const char *what)
{
	struct diags *d = &c->run->diags;
	struct diag *one = diags_report(d, check, step->spec->file, place_of(step->spec),
	    "%s: %.*s", what, STR_FMT(step->new_image));

	diag_hint(d, one, "%s", q->why.hint[0] ? q->why.hint : checks[check].hint);
	diag_cause(d, one, step->new_image, step_title(c->run->arena, step));
}

/* Reports what the registry says for certain. */
static void
judge_answer(struct checking *c, struct step *step, const struct registry_question *q)
{
	switch (q->answer) {
	case REGISTRY_FOUND:
		step->image_digest = q->found;
		return;
	case REGISTRY_NOT_FOUND:
		report_image(c, step, q, CHECK_IMAGE_NOT_FOUND, "image not found");
		return;
	case REGISTRY_DENIED:
		if (q->has_login)
			report_image(c, step, q, CHECK_IMAGE_DENIED,
			    "image not found, or this login has no right to see it");
		return;
	case REGISTRY_STRANGE:
		report_image(c, step, q, CHECK_IMAGE_DIGEST,
		    arena_fmt(c->run->arena, "image with another digest (%s)", q->why.text).ptr);
		return;
	case REGISTRY_SKIPPED:
	case REGISTRY_LIMITED:
	case REGISTRY_UNREACHABLE:
		return;
	}
}

static bool
is_unchecked(const struct registry_question *q)
{
	return q->answer == REGISTRY_LIMITED || q->answer == REGISTRY_UNREACHABLE
	       || (q->answer == REGISTRY_DENIED && !q->has_login);
}

/* What nobody could check: one note; with `strict` an error for each image. */
static void
tell_unchecked(struct checking *c)
{
	struct run *run = c->run;
	const struct registry_question *first = NULL;
	size_t count = 0;

	for (size_t i = 0; i < c->count; i++) {
		if (!is_unchecked(&c->questions[i]))
			continue;
		count++;
		if (!first)
			first = &c->questions[i];
	}
	if (count == 0)
		return;
	if (!run->opt.strict) {
		ci_note(&run->ci, "%zu image%s not checked: %s%s%s", count,
		    count == 1 ? " was" : "s were", first->why.text,
		    first->why.hint[0] && first->answer != REGISTRY_UNREACHABLE ? "; " : "",
		    first->answer != REGISTRY_UNREACHABLE ? first->why.hint : "");
		return;
	}
	for (size_t i = 0; i < c->plan->count; i++) {
		size_t at = c->question_of[i];

		if (at != SIZE_MAX && is_unchecked(&c->questions[at]))
			report_image(c, &c->plan->steps[i], &c->questions[at],
			    CHECK_IMAGE_UNCHECKED,
			    arena_fmt(
			        run->arena, "image not checked (%s)", c->questions[at].why.text)
			        .ptr);
	}
}

int
images_check(struct run *run, const struct plan *plan, struct err *err)
{
	struct checking c = { .run = run, .plan = plan };

	if (run->opt.check_images == CHECK_IMAGES_OFF || !registries_are_allowed(run))
		return 0;
	c.question_of = ARENA_ARRAY(run->arena, plan->count, size_t);
	for (size_t i = 0; i < plan->count; i++)
		c.question_of[i] = question_for(&c, &plan->steps[i]);
	if (registries_ask(run, CHECK_IMAGES_MS, c.questions, c.count, err) < 0)
		return -1;
	for (size_t i = 0; i < plan->count; i++)
		if (c.question_of[i] != SIZE_MAX)
			judge_answer(&c, &plan->steps[i], &c.questions[c.question_of[i]]);
	tell_unchecked(&c);
	return 0;
}

static void
complain_of_pin(struct run *run, const struct spec *spec, struct str image, const struct err *why)
{
	struct diags *d = &run->diags;
	struct diag *one = diags_error(d, CHECK_IMAGE_DIGEST, spec->file, place_of(spec),
	    "cannot pin image '%.*s': %s", STR_FMT(image), why->text);

	diag_hint(d, one, "%s", why->hint[0] ? why->hint : checks[CHECK_IMAGE_DIGEST].hint);
	diag_cause(d, one, image, spec_title(run->arena, spec->project, spec->name));
}

int
images_pin(struct run *run, struct work *work, struct err *err)
{
	struct str *images = ARENA_ARRAY(run->arena, work->all_count, struct str);
	const struct err **faults = ARENA_ARRAY(run->arena, work->all_count, const struct err *);

	if (!run->opt.pin)
		return 0;
	if (!registries_are_allowed(run)) {
		ci_note(&run->ci, "images are not pinned on this event: %s", run->event.untrusted);
		return 0;
	}
	for (size_t i = 0; i < work->all_count; i++) {
		const struct candidate *one = &work->all[i];

		images[i] = one->new_image;
		if (images[i].len == 0 && one->spec->image)
			images[i] = one->spec->image->text;
	}
	if (registries_pin(run, images, faults, work->all_count, err) < 0)
		return -1;
	for (size_t i = 0; i < work->all_count; i++)
		if (faults[i])
			complain_of_pin(run, work->all[i].spec, images[i], faults[i]);
	if (gather_show_diags(run, err) < 0)
		return -1;
	for (size_t i = 0; i < work->all_count; i++)
		if (!faults[i])
			work->all[i].new_image = images[i];
	gather_choose(run, work, NULL);
	gather_render(run, work, NULL);
	return 0;
}
