#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "pachd/inspect.h"
#include "pachd/unnumbered.h"

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

bool
pachd_is_1x(const struct pachd_facts *facts)
{
	return facts->release < (uint32_t)RELEASE_2;
}

bool
is_1x(const struct pachd *p)
{
	return pachd_is_1x(&p->facts);
}

const struct url *
pachd_url(const struct pachd *p)
{
	return &p->opts.url;
}

/* The calls of one flight that belong to one interface. */
struct asked {
	enum api api;
	struct call *version, *who;
	struct inspect pipelines;
};

static struct asked
ask_interface(struct arena *a, struct call *calls, size_t *used, enum api api,
    const struct pachd_target *targets, size_t count)
{
	struct asked asked = { .api = api, .version = &calls[*used], .who = &calls[*used + 1] };

	asked.version->method = method_of(api, METHOD_GET_VERSION)->path;
	asked.who->method = method_of(api, METHOD_WHO_AM_I)->path;
	asked.who->lane = api_lane(api);
	asked.pipelines = (struct inspect){
		.api = api, .targets = targets, .count = count, .calls = &calls[*used + 2]
	};
	*used += 2 + inspect_ask(&asked.pipelines, a);
	return asked;
}

/* The answer of one interface to GetVersion. */
struct got {
	const struct asked *asked;
	uint32_t version; /* 0: a server built without a release number */
	struct str text;  /* empty: no answer, or a malformed one */
};

static struct got
read_version(struct arena *a, const struct asked *asked)
{
	struct got got = { .asked = asked, .text = { "", 0 } };
	ProtobufCMessage *m;

	if (!asked->version->answered || asked->version->status != GRPC_OK)
		return got;
	m = message_read(
	    a, method_of(asked->api, METHOD_GET_VERSION)->reply, asked->version->replies[0]);
	if (!m)
		return got;
	got.version = RELEASE(message_int(m, "major") & 1023, message_int(m, "minor") & 1023,
	    message_int(m, "micro") & 1023);
	got.text = arena_fmt(a, "%.*s%.*s", STR_FMT(release_text(a, got.version)),
	    STR_FMT(str_head(message_string(m, "additional"), 100)));
	return got;
}

/* Whether the version belongs to the interface that answered. */
static bool
fits_api(const struct got *got)
{
	bool is_2 = got->version == 0 || got->version >= RELEASE_2;

	return got->text.len > 0 && is_2 == (got->asked->api == API_2);
}

/* Why no API fits. Always -1. */
static int
explain_no_api(struct pachd *p, const struct got *one, const struct got *two, struct err *err)
{
	const struct call *call = two->asked->version;
	const struct got *other = two->text.len > 0 ? two : one;

	if (other->text.len > 0) {
		(void)err_set(err, ERR_REFUSED,
		    "the server reports pachd %s but serves the API of pachd %s", other->text.ptr,
		    other == two ? "2.x" : "1.x");
		(void)err_wrap(err, "cannot get the version of %s", p->opts.url.text);
		return err_hint(err, "check that no proxy in between mixes two clusters");
	}
	if (call->status == GRPC_OK)
		(void)err_set(err, ERR_NETWORK, "cannot parse its response");
	else
		(void)rpc_error(p, call, err);
	(void)err_wrap(err, "cannot get the version of %s", p->opts.url.text);
	if (call->status == GRPC_UNIMPLEMENTED)
		(void)err_hint(err, "check the address: this gRPC server is not a pachd");
	return -1;
}

/* Fills in the facts that follow from the release. */
static void
learn_facts(struct pachd *p, uint32_t version)
{
	p->generation = generation_of(version);
	p->facts.release = version;
	p->facts.is_newer = version > RELEASE_KNOWN;
	p->facts.projects = p->generation->projects;
	p->facts.atom = p->generation->atom;
	p->facts.defaults = p->generation->v2;
	p->facts.annotations = version >= RELEASE(1, 10, 0);
	p->facts.repo_metadata = version >= RELEASE(2, 10, 0);
	p->facts.metadata = version >= RELEASE(2, 11, 0);
	p->facts.transactions = p->generation->batch_field != 0;
	p->facts.versions = version >= RELEASE(1, 8, 0);
	p->facts.counts_workers = version >= RELEASE(1, 11, 0);
}

/* The interface that answered GetVersion, with p->facts and p->generation filled in. NULL with *err, and of the
 * facts at most `text`: none did, or the release is too old. */
static const struct asked *
choose_interface(struct pachd *p, const struct asked *one, const struct asked *two, struct err *err)
{
	struct got old = read_version(p->arena, one), new = read_version(p->arena, two);
	const struct got *got = fits_api(&new) ? &new : fits_api(&old) ? &old : NULL;

	if (!got) {
		p->facts.text = new.text.len > 0 ? new.text : old.text;
		(void)explain_no_api(p, &old, &new, err);
		return NULL;
	}
	p->facts.text = got->text;
	if (got->version != 0 && got->version < RELEASE_OLDEST) {
		(void)err_set(
		    err, ERR_REFUSED, "pachd %s at %s is too old", got->text.ptr, p->opts.url.text);
		(void)err_hint(err, "upgrade pachd; pachup supports 1.7 to 2.11");
		return NULL;
	}
	/* servers built without a release number say 0.0.0 */
	p->facts.is_unnumbered = got->version == 0;
	learn_facts(p, got->version ? got->version : (uint32_t)RELEASE_NEWEST);
	return got->asked;
}

/* The login; that authentication is off is not a failure. */
static int
learn_user(struct pachd *p, const struct asked *asked, struct err *err)
{
	const struct call *who = asked->who;
	ProtobufCMessage *m;

	p->facts.user = (struct str){ "", 0 };
	p->facts.has_login = false;
	p->facts.expires_s = 0;
	if (who->status == GRPC_UNIMPLEMENTED)
		return 0;
	if (who->status != GRPC_OK) {
		p->facts.login_failed = true;
		(void)rpc_error(p, who, err);
		if (!p->opts.token && p->opts.no_token_hint
		    && str_holds(who->message, STR("no authentication token")))
			(void)err_hint_text(err, p->opts.no_token_hint);
		return err_wrap(err, "cannot log in to %s", p->opts.url.text);
	}
	m = message_read(p->arena, method_of(asked->api, METHOD_WHO_AM_I)->reply, who->replies[0]);
	if (!m)
		return 0;
	p->facts.user = message_string(m, "username");
	p->facts.has_login = true;
	p->facts.says_expiry = p->facts.release >= RELEASE(1, 7, 5);
	p->facts.expires_s = token_expiry(m, (int64_t)time(NULL));
	return 0;
}

/* Comes before the answers about pipelines: without a project in the release they would be about others. */
static int
check_projects(
    const struct pachd *p, const struct pachd_target *targets, size_t count, struct err *err)
{
	for (size_t i = 0; i < count && !p->facts.projects; i++) {
		if (str_is(targets[i].project, "default"))
			continue;
		(void)err_set(err, ERR_SPEC,
		    "pipeline '%.*s' names project '%.*s', but pachd %s has no projects",
		    STR_FMT(targets[i].name), STR_FMT(targets[i].project), p->facts.text.ptr);
		return err_hint(err, "remove the project; projects need pachd 2.5.0 or later");
	}
	return 0;
}

int
pachd_probe(struct pachd *p, const struct pachd_target *targets, size_t count, struct deployed *out,
    struct err *err)
{
	size_t room = 2 * (2 + inspect_calls(count)), used = 0;
	struct call *calls = ARENA_ARRAY(p->arena, room, struct call);
	const struct asked *asked;
	struct asked one, two;
	struct inspect pipelines;
	uint32_t release;

	two = ask_interface(p->arena, calls, &used, API_2, targets, count);
	one = ask_interface(p->arena, calls, &used, API_1, targets, count);
	if (channel_ask(p->channel, calls, used, p->arena, err) < 0)
		return -1;
	asked = choose_interface(p, &one, &two, err);
	if (!asked)
		return -1;
	if (p->facts.is_unnumbered) {
		if (unnumbered_find(p, &release, err) < 0)
			return -1;
		learn_facts(p, release);
	}
	if (learn_user(p, asked, err) < 0 || check_projects(p, targets, count, err) < 0)
		return -1;
	pipelines = asked->pipelines;
	pipelines.names = &p->listed;
	return inspect_read(&pipelines, p, p->arena, out, err);
}

bool
pachd_is_listed(const struct pachd *p, struct str project, struct str name)
{
	struct pachd_target key = { p->facts.projects ? project : STR("default"), name };

	return p->listed.count > 0
	       && bsearch(&key, p->listed.list, p->listed.count, sizeof(key), target_order) != NULL;
}
