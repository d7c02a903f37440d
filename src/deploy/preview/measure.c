#include "deploy/preview/gates.h"
#include "deploy/preview/preview.h"
#include "pachd/pachd.h"
#include "pachd/pps/pps.h"
#include "pipeline/spec.h"
#include "session/run.h"

void
preview_measure(struct preview *preview, struct pachd *cluster)
{
	for (size_t i = 0; i < preview->member_count; i++) {
		struct preview_member *m = &preview->members[i];
		const struct pachd_target target = { preview->project, m->spec->name };
		struct err ignored;

		m->has_job = false;
		if (pps_last_job(
		        cluster, preview->run->arena, &target, &m->has_job, &m->job, &ignored)
		    < 0)
			m->has_job = false;
	}
	gates_judge(preview, cluster);
}
