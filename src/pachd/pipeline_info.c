#include <string.h>

#include "base/arena.h"
#include "pachd/pachd_private.h"
#include "pipeline/note.h"
#include "wire/build.h"
#include "wire/encode.h"

struct str
state_name(struct arena *a, const ProtobufCMessage *info, const char *member, const char *prefix)
{
	const ProtobufCFieldDescriptor *field =
	    protobuf_c_message_descriptor_get_field_by_name(info->descriptor, member);
	const ProtobufCEnumValue *value =
	    protobuf_c_enum_descriptor_get_value(field->descriptor, (int)message_int(info, member));

	if (!value)
		return (struct str){ "", 0 };
	return arena_lower(a, str_tail(str_of(value->name), strlen(prefix)));
}

/* Empty where the pipeline never had a job. */
static struct str
last_job(struct arena *a, const ProtobufCMessage *info)
{
	static const char member[] = "last_job_state";

	if (!message_has(
	        info, protobuf_c_message_descriptor_get_field_by_name(info->descriptor, member)))
		return (struct str){ "", 0 };
	return state_name(a, info, member, "JOB_");
}

struct mark
mark_read(struct arena *a, const ProtobufCMessage *message, const char *member)
{
	ProtobufCMessage **entries = message_list(message, member);

	for (size_t i = 0; entries && i < message_count(message, member); i++)
		if (str_is(message_string(entries[i], "key"), MARK_KEY))
			return mark_parse(a, message_string(entries[i], "value"));
	return (struct mark){ .version = 0 };
}

/* The pipeline's own mark. An update removes the metadata (createPipelineInfo of pachd 2.11.6,
 * src/server/pps/server/api_server.go:2445), so a mark there is of this version; annotations are part of the spec,
 * and may be older than the rest of it. */
static struct mark
own_mark(struct arena *a, const ProtobufCMessage *info, const ProtobufCMessage *request)
{
	struct mark mark = mark_read(a, info, "metadata");

	if (mark_is_set(&mark) && mark.version == (uint64_t)message_int(info, "version"))
		return mark;
	return mark_read(a, message_message(request, "metadata"), "annotations");
}

/* Copies each member of `from` that the request has under the same name and type. */
static void
take_members(ProtobufCMessage *request, const ProtobufCMessage *from)
{
	const ProtobufCMessageDescriptor *type = request->descriptor;

	for (unsigned i = 0; i < type->n_fields; i++) {
		const ProtobufCFieldDescriptor *to = &type->fields[i];
		const ProtobufCFieldDescriptor *field =
		    protobuf_c_message_descriptor_get_field_by_name(from->descriptor, to->name);

		if (!field || field->type != to->type || field->label != to->label
		    || field->descriptor != to->descriptor || !message_has(from, field))
			continue;
		if (field->label == PROTOBUF_C_LABEL_REPEATED)
			message_set_list(request, to, *(void **)message_at(from, field->offset),
			    *(size_t *)message_at(from, field->quantifier_offset));
		else
			message_set(request, to, message_at(from, field->offset));
	}
}

void
deployed_read(struct arena *a, enum api api, const ProtobufCMessage *info, struct deployed *out)
{
	const ProtobufCMessage *details = message_message(info, "details");
	ProtobufCMessage *request = message_new(a, method_of(api, METHOD_CREATE_PIPELINE)->request);

	*out = (struct deployed){
		.exists = true,
		.version = (uint64_t)message_int(info, "version"),
		.state = state_name(a, info, "state", "PIPELINE_"),
		.last_job = last_job(a, info),
		.stopped = message_flag(info, "stopped"),
		.reason = message_string(info, "reason"),
		.workers_wanted = message_int(details ? details : info, "workers_requested"),
		.workers_up = message_int(details ? details : info, "workers_available"),
		.spec_commit = message_string(message_message(info, "spec_commit"), "id"),
		.user_json = message_string(info, "user_spec_json"),
		.created_by = message_string(details, "created_by"),
	};
	take_members(request, info);
	if (details)
		take_members(request, details);
	out->mark = own_mark(a, info, request);
	if (out->mark.version == out->version)
		out->commit = out->mark.commit;
	out->image = message_string(message_message(request, "transform"), "image");
	if (out->commit.len == 0)
		out->commit = note_commit(message_string(request, "description"));
	out->endless = message_message(request, "spout") || message_message(request, "service");
	if (out->reason.len == 0)
		out->reason = message_string(details ? details : info, "recent_error");
	out->spec = message_pack(a, request);
}

struct str
inspect_request(struct arena *a, enum api api, const struct pachd_target *target)
{
	ProtobufCMessage *m = message_new(a, method_of(api, METHOD_INSPECT_PIPELINE)->request);
	ProtobufCMessage *pipeline = build_message(a, m, "pipeline");

	build_string(a, pipeline, "name", target->name);
	if (api == API_2) { /* before 2.5 the project is an unknown field, which servers ignore */
		build_string(a, build_message(a, pipeline, "project"), "name", target->project);
		build_flag(m, "details");
	}
	return message_pack(a, m);
}

struct pachd_target
target_read(const ProtobufCMessage *named)
{
	struct str project = message_string(message_message(named, "project"), "name");

	return (struct pachd_target){ project.len > 0 ? project : STR("default"),
		message_string(named, "name") };
}

ProtobufCMessage *
request_encode(const struct pachd *p, struct arena *a, const struct node *tree, const char *file,
    bool zeros, struct diags *d)
{
	struct encode f = {
		.arena = a,
		.diags = d,
		.file = file,
		.version = p->facts.release,
		.keep_zero = zeros,
	};

	return encode_message(
	    &f, method_of(p->generation->api, METHOD_CREATE_PIPELINE)->request, tree);
}
