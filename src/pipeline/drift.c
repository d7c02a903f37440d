#include "pipeline/drift.h"

enum drift
drift_judge(const struct drift_facts *f)
{
	bool cluster_moved = f->live_version != f->pushed_version;

	if (!f->in_cluster)
		return DRIFT_MISSING;
	if (!f->in_git)
		return f->is_retired ? DRIFT_STOPPED : DRIFT_LEFT;
	if (f->is_marked && !f->is_ours)
		return DRIFT_NOT_OURS;
	if (f->is_same)
		return f->awaits_start ? DRIFT_NOT_PUSHED : DRIFT_SAME;
	if (!f->is_marked || (!cluster_moved && f->is_as_pushed))
		return DRIFT_DIFFERS;
	if (!cluster_moved)
		return DRIFT_NOT_PUSHED;
	return f->is_as_pushed ? DRIFT_EDITED : DRIFT_BOTH;
}

bool
drift_is_change(enum drift drift)
{
	return drift != DRIFT_SAME && drift != DRIFT_STOPPED;
}

static const struct {
	const char *text, *word;
} names[DRIFT_COUNT] = {
	[DRIFT_SAME] = { "in sync", "in_sync" },
	[DRIFT_NOT_PUSHED] = { "not pushed yet", "not_pushed" },
	[DRIFT_EDITED] = { "edited in the cluster", "edited" },
	[DRIFT_BOTH] = { "both changed", "both" },
	[DRIFT_DIFFERS] = { "different", "differs" },
	[DRIFT_NOT_OURS] = { "not ours", "not_ours" },
	[DRIFT_MISSING] = { "missing in the cluster", "missing" },
	[DRIFT_LEFT] = { "left git", "left_git" },
	[DRIFT_STOPPED] = { "left git, stopped", "stopped" },
};

const char *
drift_text(enum drift drift)
{
	return names[drift].text;
}

const char *
drift_word(enum drift drift)
{
	return names[drift].word;
}
