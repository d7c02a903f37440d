#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "pachd/inside.h"
#include "pps.pb-c.h"
#include "pps_v2.pb-c.h"

/* Up to this many pipelines are asked for one by one; more come in one list. A list costs the server
 * all pipelines of the projects, a single question costs a call. */
enum { MAX_SINGLE_QUESTIONS = 16 };

struct pachd *
pachd_open(struct arena *a, const struct channel_opts *opts, struct err *err)
{
	struct pachd *p = ARENA_NEW(a, struct pachd);

	p->arena = a;
	p->opts = *opts;
	p->channel = channel_open(opts, err);
	return p->channel ? p : NULL;
}

void
pachd_close(struct pachd *p)
{
	if (p)
		channel_close(p->channel);
}

const struct pachd_facts *
pachd_facts(const struct pachd *p)
{
	return &p->facts;
}

/* The questions of one flight in one line's words. */
struct asked {
	const struct line *line;
	struct call *version, *who;
	struct call *pipelines; /* one for each target, or one list */
};

static struct str
list_request(
    struct arena *a, const struct line *line, const struct pachd_target *targets, size_t count)
{
	PpsV2__ListPipelineRequest request = PPS_V2__LIST_PIPELINE_REQUEST__INIT;
	PfsV2__Project *projects = ARENA_ARRAY(a, count, PfsV2__Project);
	PfsV2__Project **list = ARENA_ARRAY(a, count, PfsV2__Project *);

	if (line == &line_1)
		return (struct str){ "", 0 };
	for (size_t i = 0; i < count; i++) {
		bool known = i > 0 && str_eq(targets[i].project, targets[i - 1].project);

		for (size_t j = 0; !known && j < request.n_projects; j++)
			known = str_is(targets[i].project, list[j]->name);
		if (known)
			continue;
		pfs_v2__project__init(&projects[i]);
		projects[i].name = arena_cstr(a, targets[i].project);
		list[request.n_projects++] = &projects[i];
	}
	request.projects = list;
	request.has_details = request.details = 1;
	return message_pack(a, &request.base);
}

static struct asked
ask(struct arena *a, struct call *calls, size_t *used, const struct line *line,
    const struct pachd_target *targets, size_t count)
{
	struct asked asked = { .line = line, .version = &calls[*used], .who = &calls[*used + 1] };

	asked.pipelines = &calls[*used + 2];
	asked.version->method = line->get_version;
	asked.who->method = line->who_am_i;
	*used += 2;
	if (count > MAX_SINGLE_QUESTIONS) {
		calls[(*used)++] = (struct call){
			.method = line->list_pipeline,
			.request = list_request(a, line, targets, count),
			.streams = !line->infos,
		};
		return asked;
	}
	for (size_t i = 0; i < count; i++)
		calls[(*used)++] = (struct call){
			.method = line->inspect_pipeline,
			.request = inspect_request(a, line, &targets[i]),
		};
	return asked;
}

/* True when the call brought a version; it then stands in p->facts. */
static bool
learn_version(struct pachd *p, const struct asked *asked)
{
	ProtobufCMessage *m;
	struct str extra;
	uint32_t version;

	if (!asked->version->answered || asked->version->status != GRPC_OK)
		return false;
	m = message_read(p->arena, asked->line->version, asked->version->replies[0]);
	if (!m)
		return false;
	version = VERSION(message_int(m, "major") & 1023, message_int(m, "minor") & 1023,
	    message_int(m, "micro") & 1023);
	extra = message_string(m, "additional");
	p->facts.text = arena_fmt(p->arena, "%.*s%.*s", STR_FMT(version_text(p->arena, version)),
	    STR_FMT(str_head(extra, 100)));
	p->facts.is_newer = version > VERSION_NEWEST;
	/* servers built without a release number say 0.0.0 */
	p->facts.version = version ? version : VERSION_NEWEST;
	return asked->line == &line_2 ? p->facts.version >= VERSION_2 : version < VERSION_2;
}

/* The line whose version call was answered; NULL with *err set when none was. */
static const struct asked *
choose_line(struct pachd *p, const struct asked *one, const struct asked *two, struct err *err)
{
	const struct asked *line = learn_version(p, two) ? two : learn_version(p, one) ? one : NULL;

	if (!line) {
		(void)refused(p, two->version, err);
		(void)err_wrap(err, "asking %s for its version", p->opts.url.text);
		if (two->version->status == GRPC_UNIMPLEMENTED)
			(void)err_mend(err, "this gRPC server is no pachd: check the address");
		return NULL;
	}
	if (p->facts.version < VERSION_OLDEST) {
		(void)err_set(err, ERR_REFUSED, "pachd %s at %s is older than what pachup speaks",
		    p->facts.text.ptr, p->opts.url.text);
		(void)err_mend(err, "upgrade it: pachup speaks 1.7 to 2.11");
		return NULL;
	}
	p->generation = generation_of(p->facts.version);
	p->facts.projects = p->generation->projects;
	p->facts.atom = p->generation->atom;
	p->facts.transactions = p->generation->batch_field != 0;
	return line;
}

/* Authentication may be off, which is no failure. */
static int
learn_user(struct pachd *p, const struct asked *asked, struct err *err)
{
	const struct call *who = asked->who;
	ProtobufCMessage *m;

	p->facts.user = (struct str){ "", 0 };
	if (who->status == GRPC_UNIMPLEMENTED)
		return 0;
	if (who->status != GRPC_OK) {
		(void)refused(p, who, err);
		return err_wrap(err, "cannot log in to %s", p->opts.url.text);
	}
	m = message_read(p->arena, asked->line->who, who->replies[0]);
	p->facts.user = m ? message_string(m, "username") : p->facts.user;
	return 0;
}

static int
learn_single(struct pachd *p, const struct asked *asked, const struct pachd_target *target,
    size_t i, struct live *out, struct err *err)
{
	const struct call *call = &asked->pipelines[i];
	ProtobufCMessage *info;

	*out = (struct live){ 0 };
	if (call->status != GRPC_OK) {
		if (is_not_found(call))
			return 0;
		(void)refused(p, call, err);
		return err_wrap(err, "cannot read pipeline '%.*s'", STR_FMT(target->name));
	}
	info = message_read(p->arena, asked->line->info, call->replies[0]);
	if (!info) {
		(void)err_set(err, ERR_NETWORK, "the answer about pipeline '%.*s' cannot be read",
		    STR_FMT(target->name));
		return err_mend(err,
		    "check that %s is a pachd and that nothing changes its answers",
		    p->opts.url.text);
	}
	live_read(p->arena, asked->line, info, out);
	return 0;
}

/* A target's place in the caller's list, for searching. */
struct wanted {
	struct str project, name;
	size_t index;
};

static int
by_title(const void *left, const void *right)
{
	const struct wanted *a = left, *b = right;
	int order = str_cmp(a->name, b->name);

	return order ? order : str_cmp(a->project, b->project);
}

static void
sort_in(struct pachd *p, const struct line *line, const ProtobufCMessage *info,
    const struct wanted *sorted, size_t count, struct live *out)
{
	const ProtobufCMessage *pipeline = message_message(info, "pipeline");
	struct wanted key = {
		.project = message_string(message_message(pipeline, "project"), "name"),
		.name = message_string(pipeline, "name"),
	};
	const struct wanted *found;

	if (key.project.len == 0)
		key.project = STR("default");
	found = bsearch(&key, sorted, count, sizeof(key), by_title);
	if (found)
		live_read(p->arena, line, info, &out[found->index]);
}

static int
learn_list(struct pachd *p, const struct asked *asked, const struct pachd_target *targets,
    size_t count, struct live *out, struct err *err)
{
	const struct call *call = asked->pipelines;
	struct wanted *sorted = ARENA_ARRAY(p->arena, count, struct wanted);

	for (size_t i = 0; i < count; i++) {
		sorted[i] = (struct wanted){ targets[i].project, targets[i].name, i };
		out[i] = (struct live){ 0 };
	}
	qsort(sorted, count, sizeof(*sorted), by_title);
	if (call->status != GRPC_OK) {
		(void)refused(p, call, err);
		return err_wrap(err, "cannot list the pipelines");
	}
	for (size_t i = 0; i < call->reply_count; i++) {
		const ProtobufCMessageDescriptor *type = asked->line->infos;
		ProtobufCMessage *m =
		    message_read(p->arena, type ? type : asked->line->info, call->replies[i]);

		if (!m) {
			(void)err_set(err, ERR_NETWORK, "the list of pipelines cannot be read");
			return err_mend(err,
			    "check that %s is a pachd and that nothing changes its answers",
			    p->opts.url.text);
		}
		if (!type) {
			sort_in(p, asked->line, m, sorted, count, out);
			continue;
		}
		for (size_t j = 0; j < ((Pps__PipelineInfos *)m)->n_pipeline_info; j++)
			sort_in(p, asked->line, &((Pps__PipelineInfos *)m)->pipeline_info[j]->base,
			    sorted, count, out);
	}
	return 0;
}

/* Without a token every read is refused, and its text says nothing of projects. */
static int
check_projects(
    const struct pachd *p, const struct pachd_target *targets, size_t count, struct err *err)
{
	for (size_t i = 0; i < count && !p->facts.projects; i++) {
		if (str_is(targets[i].project, "default"))
			continue;
		(void)err_set(err, ERR_SPEC,
		    "pipeline '%.*s' is meant for project '%.*s', but pachd %s has no projects",
		    STR_FMT(targets[i].name), STR_FMT(targets[i].project), p->facts.text.ptr);
		return err_mend(err, "leave the project out; projects came with 2.5.0");
	}
	return 0;
}

int
pachd_look(struct pachd *p, const struct pachd_target *targets, size_t count, struct live *out,
    struct err *err)
{
	size_t room = 2 * (2 + (count > MAX_SINGLE_QUESTIONS ? 1 : count)), used = 0;
	struct call *calls = ARENA_ARRAY(p->arena, room, struct call);
	struct asked two = ask(p->arena, calls, &used, &line_2, targets, count);
	struct asked one = ask(p->arena, calls, &used, &line_1, targets, count);
	const struct asked *asked;

	if (channel_run(p->channel, calls, used, p->arena, err) < 0)
		return -1;
	asked = choose_line(p, &one, &two, err);
	if (!asked || learn_user(p, asked, err) < 0 || check_projects(p, targets, count, err) < 0)
		return -1;
	if (count > MAX_SINGLE_QUESTIONS)
		return learn_list(p, asked, targets, count, out, err);
	for (size_t i = 0; i < count; i++)
		if (learn_single(p, asked, &targets[i], i, &out[i], err) < 0)
			return -1;
	return 0;
}
