#include "deploy/preview/sets.h"

#include "base/arena.h"
#include "pipeline/spec.h"
#include "session/run.h"

/* The input that copies what `made` names, from another commit than that. */
static const struct preview_input *
other_commit_of(const struct preview *preview, const struct pfs_ref *made)
{
	for (size_t i = 0; i < preview->input_count; i++) {
		const struct preview_input *input = &preview->inputs[i];

		if (input->has_source && !input->is_tick && str_eq(input->repo, made->repo)
		    && str_eq(input->project, made->project)
		    && !str_eq(input->source.at.ref, made->ref))
			return input;
	}
	return NULL;
}

void
sets_note(const struct preview *preview)
{
	struct arena *a = preview->run->arena;

	for (size_t i = 0; i < preview->input_count; i++) {
		const struct preview_input *input = &preview->inputs[i];

		for (size_t k = 0; input->has_source && k < input->source.provenance_count; k++) {
			const struct pfs_ref *made = &input->source.provenance[k];
			const struct preview_input *other = other_commit_of(preview, made);

			if (other)
				ci_note(&preview->run->ci,
				    "the copies are of two moments: %.*s was made of %.*s at %.*s, "
				    "and %.*s is copied",
				    STR_FMT(spec_title(a, input->project, input->repo)),
				    STR_FMT(spec_title(a, other->project, other->repo)),
				    STR_FMT(made->ref), STR_FMT(other->source.at.ref));
		}
	}
}
