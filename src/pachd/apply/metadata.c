#include "pachd/apply/metadata.h"

#include "base/arena.h"
#include "metadata.pb-c.h"
#include "pachd/rpc.h"
#include "pipeline/plan.h"

enum { METADATA_MS = 10000 }; /* at most: a remark must not hold up what it is about */

struct marking {
	struct arena *arena;
	Metadata__Edit **edits;
	size_t count, room;
};

static void
add(struct marking *m, const struct spec *spec, const struct pachd_metadata *mark)
{
	Metadata__Edit *edit = ARENA_NEW(m->arena, Metadata__Edit);
	Metadata__Edit__EditKey *key = ARENA_NEW(m->arena, Metadata__Edit__EditKey);
	PpsV2__PipelinePicker *picker = ARENA_NEW(m->arena, PpsV2__PipelinePicker);
	PpsV2__PipelinePicker__PipelineName *name =
	    ARENA_NEW(m->arena, PpsV2__PipelinePicker__PipelineName);
	PfsV2__ProjectPicker *project = ARENA_NEW(m->arena, PfsV2__ProjectPicker);

	metadata__edit__init(edit);
	metadata__edit__edit_key__init(key);
	pps_v2__pipeline_picker__init(picker);
	pps_v2__pipeline_picker__pipeline_name__init(name);
	pfs_v2__project_picker__init(project);
	project->name = arena_cstr(m->arena, spec->project);
	name->project = project;
	name->name = arena_cstr(m->arena, spec->name);
	picker->name = name;
	key->key = arena_cstr(m->arena, str_of(mark->key));
	key->value = arena_cstr(m->arena, mark->value);
	edit->pipeline = picker;
	edit->edit_key = key;
	m->edits = arena_grow(m->arena, m->edits, m->count, &m->room, sizeof(Metadata__Edit *));
	m->edits[m->count++] = edit;
}

static void
add_all(
    struct marking *m, const struct step *step, const struct pachd_metadata *marks, size_t count)
{
	struct str number = arena_fmt(m->arena, "%llu", (unsigned long long)step->new_version);
	const struct pachd_metadata version = { METADATA_VERSION, number };

	for (size_t i = 0; i < count; i++)
		if (marks[i].value.len > 0)
			add(m, step->spec, &marks[i]);
	add(m, step->spec, &version);
}

int
pachd_put_metadata(struct pachd *p, const struct plan *plan, const struct pachd_metadata *marks,
    size_t count, struct err *err)
{
	Metadata__EditMetadataRequest request = METADATA__EDIT_METADATA_REQUEST__INIT;
	struct marking m = { .arena = p->arena };
	struct call call;

	for (size_t i = 0; p->facts.metadata && i < plan->count; i++)
		if (plan->steps[i].action != ACTION_KEEP)
			add_all(&m, &plan->steps[i], marks, count);
	if (m.count == 0)
		return 0;
	request.edits = m.edits;
	request.n_edits = m.count;
	call = rpc_call(p, METHOD_EDIT_METADATA);
	call.timeout_ms = share_ms(p, 4, METADATA_MS);
	call.request = message_pack(p->arena, &request.base);
	return rpc_send(p, p->arena, &call, err);
}
