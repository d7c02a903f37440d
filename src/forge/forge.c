#include "forge/forge.h"

#include <stdlib.h>

#include "forge/api.h"
#include "forge/hosts.h"
#include "forge/place.h"
#include "format/doc.h"
#include "process/stop_wait.h"
#include "secret/audience.h"

bool
forge_is_name(struct str name)
{
	return name.len <= 200 && str_is_of(name, CHARS_ALNUM "_") && str_digits(name) == 0;
}

static int
unknown_place(const char *place, struct err *err)
{
	(void)err_set(err, ERR_USAGE, "input 'store': '%.200s' is not a place for a secret", place);
	return err_hint(err, "write github:NAME, github:OWNER/REPO:NAME, "
	                     "github:OWNER/REPO:ENVIRONMENT:NAME, github:ORGANIZATION:NAME or "
	                     "azure:GROUP:NAME");
}

struct forge *
forge_open(struct arena *a, const char *place, const struct forge_opts *opts, struct err *err)
{
	struct str text = str_of(place), word = str_head(text, str_find(text, ':'));
	struct forge *f = ARENA_NEW(a, struct forge);
	struct rest_opts rest = opts->rest;

	f->arena = a;
	for (size_t i = 0; i < CODE_HOSTS; i++)
		if (str_is(word, code_hosts[i].word))
			f->host = code_hosts[i].secrets;
	if (!f->host || word.len == text.len) {
		(void)unknown_place(place, err);
		return NULL;
	}
	if (f->host->open(f, str_tail(text, word.len + 1), opts, &rest, err) < 0) {
		if (err->kind == ERR_NONE)
			(void)unknown_place(place, err);
		return NULL;
	}
	rest.audience = audience_of_place(word);
	if (!opts->rest.token) {
		(void)err_set(
		    err, ERR_USAGE, "'%.200s' needs a token for the API, and none is given", place);
		(void)err_hint(err, "give one that may write secrets in %s",
		    audiences[rest.audience].variable);
		return NULL;
	}
	f->rest_opts = rest;
	f->rest = api_open(opts, &rest, rest.base, f->base_name, err);
	return f->rest ? f : NULL;
}

void
forge_close(struct forge *f)
{
	if (f)
		rest_close(f->rest);
}

const char *
forge_title(const struct forge *f)
{
	return f->title;
}

int
forge_prepare(struct forge *f, struct err *err)
{
	return f->host->prepare(f, err);
}

/* The failure where no answer says whether the secret was written, and the time is too short for another attempt. */
static int
give_up(const struct forge *f, struct err *err)
{
	struct err last = *err;

	if (stop_is_set(f->rest_opts.stop_fd))
		return err_set(err, ERR_INTERRUPTED,
		    "interrupted before it was known whether %s was written", f->title);
	(void)err_set(err, ERR_TIMEOUT, "timed out before it was known whether it was written: %s",
	    last.text);
	return err_hint(err, "run this again when the host works");
}

int
forge_write(struct forge *f, const struct secret *value, bool *may_be_done, struct err *err)
{
	static const int pauses_ms[] = { 1000, 2000, 5000, 10000 };
	const struct rest_opts *o = &f->rest_opts;

	*may_be_done = false;
	for (size_t attempt = 0;; attempt++) {
		int ms =
		    pauses_ms[attempt < COUNT_OF(pauses_ms) ? attempt : COUNT_OF(pauses_ms) - 1];
		enum write_end end = f->host->write(f, value, err);

		if (end == WRITE_DONE)
			return 0;
		*may_be_done = *may_be_done || end != WRITE_REFUSED;
		if (end != WRITE_LOST)
			return -1;
		if (!stop_pause(o->stop_fd, ms, o->deadline_ms))
			return give_up(f, err);
		f->is_lost = true;
		if (o->on_retry)
			o->on_retry(o->retry_ctx, err, (int)attempt + 1, ms);
	}
}

/* An answer that says no, with the text of its member "message". */
static int
refuse(struct forge *f, const struct rest_reply *reply, struct err *err)
{
	struct node *n = reply->body.len > 0 ? api_parse(f->arena, reply->body) : NULL;
	struct str message = str_head(text_at(n, "message"), 200);

	if (str_ends(message, "."))
		message.len--;
	(void)err_set(err, reply->status >= 500 ? ERR_NETWORK : ERR_REFUSED,
	    "%s says no to %s (HTTP status %d)%s%.*s%s%s", f->host->title, f->title, reply->status,
	    message.len ? ": " : "", STR_FMT(message), *reply->request ? ", request " : "",
	    reply->request);
	return reply->wait_s > 0 ? api_hint_limit(reply, err) : f->host->hint(f, reply, err);
}

enum write_end
forge_lost(struct forge *f, int rc, const struct rest_reply *reply, struct err *err)
{
	if (rc < 0)
		return rest_may_be_done(f->rest) ? WRITE_LOST : WRITE_REFUSED;
	(void)refuse(f, reply, err);
	if (reply->status < 500) /* a no; but an attempt before it may have been done */
		return reply->is_unknown ? WRITE_UNSURE : WRITE_REFUSED;
	(void)err_set(err, ERR_NETWORK, "it is not known whether %s was written (HTTP status %d)",
	    f->title, reply->status);
	(void)err_hint(err, "run this again when the host works");
	return WRITE_LOST;
}

int
forge_get(
    struct forge *f, const char *path, struct rest_reply *reply, struct node **out, struct err *err)
{
	struct rest_request request = { .method = "GET", .path = path };

	*reply = (struct rest_reply){ 0 };
	if (rest_send(f->rest, &request, reply, err) < 0)
		return -1;
	if (reply->status != 200)
		return refuse(f, reply, err);
	*out = api_parse(f->arena, reply->body);
	if (*out && (*out)->kind == NODE_OBJECT)
		return 0;
	(void)err_set(err, ERR_NETWORK, "%s: the API's answer cannot be read", f->title);
	return err_hint(err, "check that its address leads to the API");
}
