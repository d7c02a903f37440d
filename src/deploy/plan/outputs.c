#include "deploy/plan/outputs.h"

#include "base/arena.h"
#include "pachd/pps/output_branch.h"
#include "session/run.h"

int
outputs_check(struct run *run, struct pachd *cluster, struct work *work, struct err *err)
{
	struct pachd_output *list = ARENA_ARRAY(run->arena, work->count, struct pachd_output);
	struct candidate **same = ARENA_ARRAY(run->arena, work->count, struct candidate *);
	size_t count = 0;

	for (size_t i = 0; i < work->count; i++) {
		struct candidate *one = &work->list[i];

		if (!one->comparison.same)
			continue;
		same[count] = one;
		list[count++] = (struct pachd_output){
			.target = { one->spec->project, one->spec->name },
			.live = one->live,
		};
	}
	if (pachd_check_outputs(cluster, list, count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (list[i].is_cut) {
			same[i]->comparison.same = false;
			same[i]->comparison.why = STR(OUTPUT_IS_CUT);
		}
	return 0;
}
