#include "forge/forge.h"

#include <stdlib.h>

#include "diag/diag.h"
#include "forge/hosts.h"
#include "forge/place.h"
#include "format/doc.h"
#include "process/stop_wait.h"
#include "secret/audience.h"

bool
forge_is_name(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';

		if (!is_letter && (i == 0 || c < '0' || c > '9'))
			return false;
	}
	return name.len > 0 && name.len <= 200;
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
	if (rest_check_base(rest.base, f->base_name, err) < 0)
		return NULL;
	if (opts->find_proxy(opts->ctx, rest.base, &rest.proxy, err) < 0) {
		(void)err_wrap(err, "%s", f->base_name);
		return NULL;
	}
	f->rest_opts = rest;
	f->rest = rest_open(&rest, err);
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

/* It is not known whether the secret was written, and there is no time for another attempt. */
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

int
forge_send(
    struct forge *f, const struct rest_request *request, struct rest_reply *out, struct err *err)
{
	return rest_send(f->rest, request, out, err);
}

enum write_end
forge_lost(struct forge *f, int rc, const struct rest_reply *reply,
    int (*explain)(struct forge *f, const struct rest_reply *reply, struct err *err),
    struct err *err)
{
	if (rc < 0)
		return rest_may_be_done(f->rest) ? WRITE_LOST : WRITE_REFUSED;
	(void)explain(f, reply, err);
	if (reply->status < 500) /* a no; but an attempt before it may have been done */
		return reply->is_unknown ? WRITE_UNSURE : WRITE_REFUSED;
	(void)err_set(err, ERR_NETWORK, "it is not known whether %s was written (HTTP status %d)",
	    f->title, reply->status);
	(void)err_hint(err, "run this again when the host works");
	return WRITE_LOST;
}

static struct node *
read_object(struct forge *f, const struct rest_reply *reply)
{
	struct diags d = diags_in(f->arena);
	struct doc *doc =
	    doc_parse_any(f->arena, "answer.json", arena_str(f->arena, reply->body), &d);

	return d.errors == 0 && doc->count == 1 && doc->first->kind == NODE_OBJECT ? doc->first
	                                                                           : NULL;
}

struct node *
forge_json(struct forge *f, const struct rest_reply *reply, struct err *err)
{
	struct node *n = read_object(f, reply);

	if (!n) {
		(void)err_set(err, ERR_NETWORK, "%s: the API's answer cannot be read", f->title);
		(void)err_hint(err, "check that its address leads to the API");
	}
	return n;
}

struct str
forge_message(struct forge *f, const struct rest_reply *reply)
{
	struct node *n = reply->body.len > 0 ? read_object(f, reply) : NULL;
	struct node *message = node_get(n, "message");

	if (!message || message->kind != NODE_STRING)
		return STR("");
	return str_head(message->text, 200);
}
