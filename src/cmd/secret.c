/* secret set, secret ls: Kubernetes secrets through pachd. */
#include "secret/secret.h"
#include "base/arena.h"
#include "base/buf.h"
#include "cmd/command_table.h"
#include "data/arguments.h"
#include "data/kube_secret.h"
#include "data/show.h"
#include "format/json_builder.h"
#include "pachd/pachd.h"
#include "pachd/pps/pps.h"
#include "session/connect.h"
#include "session/run.h"

enum { MAX_JSON = 4 << 20 };

/* *ours: pachd has made a secret of that name. -1 also with ERR_REFUSED: another program has. */
static int
check_owner(struct run *run, struct pachd *cluster, const struct kube_secret *s, bool *ours,
    struct err *err)
{
	struct pps_secret *list;
	bool there;
	size_t count;

	*ours = false;
	if (pps_secrets(cluster, run->arena, &list, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count && !*ours; i++)
		*ours = str_eq(list[i].name, s->name);
	if (*ours)
		return 0;
	if (pps_has_secret(cluster, s->name, &there, err) < 0)
		return -1;
	if (!there)
		return 0;
	(void)err_set(err, ERR_REFUSED, "secret '%.*s' exists and was not created by pachd",
	    STR_FMT(s->name));
	return err_hint(err,
	    "it may belong to the cluster itself: choose another name, or change it with kubectl");
}

struct creating {
	struct pachd *cluster;
	struct err *err;
};

static int
send_request(void *ctx, struct str request)
{
	struct creating *c = ctx;

	return pps_create_secret(c->cluster, request, c->err);
}

/* Deletes the old secret first, as pachd can only create secrets. */
static int
write_secret(struct run *run, struct pachd *cluster, const struct kube_secret *s, bool replaces,
    struct err *err)
{
	struct creating c = { cluster, err };
	struct secret *request = kube_secret_request(run, s, err);
	int rc;

	if (!request)
		return -1;
	if (replaces && pps_delete_secret(cluster, s->name, err) < 0) {
		secret_free(request);
		return err_wrap(err, "cannot replace secret '%.*s'", STR_FMT(s->name));
	}
	rc = secret_lend(request, send_request, &c);
	secret_free(request);
	if (rc == 0)
		return 0;
	if (err->kind == ERR_NONE)
		(void)err_set(err, ERR_SYSTEM, "the memory of the secret cannot be read");
	if (!replaces)
		return err_wrap(err, "cannot create secret '%.*s'", STR_FMT(s->name));
	(void)err_wrap(err, "secret '%.*s' was deleted and not created again", STR_FMT(s->name));
	return err_hint(
	    err, "run this again at once: pipelines that read it cannot start without it");
}

static int
print_change(
    struct run *run, const struct kube_secret *s, bool replaces, bool planning, struct err *err)
{
	const char *what = replaces ? "replace" : "create";
	struct buf text = BUF_INIT(MAX_JSON);
	struct json j = JSON_TO(&text);

	if (output_is_json(&run->in)) {
		json_open(&j, NULL, JSON_OBJECT);
		json_string(&j, "name", s->name);
		json_text(&j, "action", what);
		json_open(&j, "keys", JSON_ARRAY);
		for (size_t i = 0; i < s->count; i++)
			json_string(&j, NULL, s->values[i].key);
		json_close(&j);
		json_close(&j);
		if (ci_raw_json(&run->ci, &j, "the result", err) < 0)
			return -1;
	} else {
		for (size_t i = 0; i < s->count; i++)
			buf_fmt(&text, "%s%.*s", i ? ", " : "", STR_FMT(s->values[i].key));
		ci_out(&run->ci, "%s%-*s secret %.*s  (%.*s)", planning ? "would " : "",
		    planning ? 0 : 8, what, STR_FMT(s->name), STR_FMT(buf_str(&text)));
	}
	buf_free(&text);
	return ci_output_number(&run->ci, "changed", 1, err);
}

static int
set_secret(struct run *run, struct kube_secret *s, bool planning, struct err *err)
{
	struct pachd *cluster = connect_open(run, err);
	bool replaces;
	int rc;

	if (!cluster)
		return -1;
	rc = pachd_probe(cluster, NULL, 0, NULL, err);
	if (rc == 0) {
		connect_log_cluster(run, pachd_facts(cluster));
		rc = check_owner(run, cluster, s, &replaces, err);
	}
	if (rc == 0 && !planning)
		rc = write_secret(run, cluster, s, replaces, err);
	if (rc == 0)
		rc = print_change(run, s, replaces, planning, err);
	pachd_close(cluster);
	return rc;
}

int
cmd_secret_set(struct run *run, struct err *err)
{
	const char *const *words;
	size_t count = words_of(run, &words);
	struct kube_secret s = { .count = 0 };
	bool planning;
	int rc = connect_decide(run, &planning, err);

	if (rc == 0)
		rc = kube_secret_read(run, words, count, &s, err);
	if (rc == 0)
		rc = set_secret(run, &s, planning, err);
	kube_secret_wipe(&s);
	return rc;
}

static int
print_list(struct run *run, const struct pps_secret *list, size_t count, struct err *err)
{
	struct buf text = BUF_INIT(MAX_JSON);
	struct json j = JSON_TO(&text);

	json_open(&j, NULL, JSON_ARRAY);
	for (size_t i = 0; i < count; i++) {
		struct str created = time_text(run->arena, list[i].created_s);

		if (!output_is_json(&run->in)) {
			ci_out(&run->ci, "%.*s  %.*s  %.*s", STR_FMT(list[i].name),
			    STR_FMT(list[i].type), STR_FMT(created));
			continue;
		}
		json_open(&j, NULL, JSON_OBJECT);
		json_string(&j, "name", list[i].name);
		json_string(&j, "type", list[i].type);
		json_string(&j, "created", created);
		json_close(&j);
	}
	json_close(&j);
	if (output_is_json(&run->in))
		return ci_raw_json(&run->ci, &j, "the list of secrets", err);
	if (count == 0)
		ci_out(&run->ci, "no secrets");
	buf_free(&text);
	return 0;
}

int
cmd_secret_ls(struct run *run, struct err *err)
{
	const char *const *words;
	struct pps_secret *list;
	struct pachd *cluster;
	size_t count;
	int rc;

	if (words_of(run, &words) > 0)
		return usage_error(err, "secret ls takes no words", "secret ls");
	cluster = open_reader(run, err);
	if (!cluster)
		return -1;
	rc = pps_secrets(cluster, run->arena, &list, &count, err);
	if (rc == 0)
		rc = print_list(run, list, count, err);
	pachd_close(cluster);
	return rc;
}
