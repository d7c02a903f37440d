#include "token/seal.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/moment.h"
#include "files/read.h"
#include "files/write.h"
#include "net/url.h"
#include "pachd/pachd.h"
#include "secret/secret.h"
#include "session/connect.h"
#include "session/run.h"

static int
add_key(struct run *run, struct recipients *out, size_t *room, struct str text, struct err *err)
{
	struct public_key key;

	if (public_key_read(text, &key, err) < 0)
		return -1;
	for (size_t i = 0; i < out->count; i++)
		if (public_key_eq(&out->list[i], &key))
			return 0;
	out->list = arena_grow(run->arena, out->list, out->count, room, sizeof(key));
	out->list[out->count++] = key;
	return 0;
}

/* Adds the keys of a file with one key in each line, and comments as keygen writes them. */
static int
add_file(struct run *run, struct recipients *out, size_t *room, const char *path, struct err *err)
{
	struct str text, line;
	size_t before = out->count;

	if (file_read_in(run->arena, path, ci_fence(&run->ci), MAX_SECRET_BYTES, &text, err) < 0)
		return -1;
	while (str_split(&text, '\n', &line)) {
		line = str_trim(line);
		if (line.len > 0 && line.ptr[0] != '#' && add_key(run, out, room, line, err) < 0)
			return err_wrap(err, "%s", path);
	}
	if (out->count > before || before > 0)
		return 0;
	return err_set(err, ERR_USAGE, "'%s' holds no public key", path);
}

int
seal_recipients(struct run *run, struct recipients *out, struct err *err)
{
	size_t room = 0;

	*out = (struct recipients){ NULL, 0 };
	for (size_t i = 0; i < run->opt.recipients.count; i++) {
		const char *one = run->opt.recipients.list[i];
		bool is_file = access(one, F_OK) == 0;

		if ((is_file ? add_file(run, out, &room, one, err)
		             : add_key(run, out, &room, str_of(one), err))
		    < 0)
			return -1;
	}
	if (run->opt.recipients.count > 0)
		return 0;
	if (run->sealed)
		return sealed_recipients(
		    run->arena, run->sealed_text, "the sealed token", out, err);
	(void)err_set(err, ERR_USAGE, "no recipient is given for the sealed token");
	return err_hint(err, "give the public key that 'pachup token keygen' printed: --recipient "
	                     "pachup-pub1:...");
}

static void
add_comment(struct buf *text, const char *name, struct str value)
{
	if (value.len > 0)
		buf_fmt(text, "# %s: %.*s\n", name, STR_FMT(value));
}

/* The comments above the seal are for people; no program reads them. */
static void
add_comments(struct arena *a, struct buf *text, const struct sealed_facts *facts,
    const struct recipients *to)
{
	buf_add(text, STR("# A Pachyderm token, sealed by pachup for the keys below. It may be "
	                  "committed.\n"));
	add_comment(text, "cluster", facts->cluster);
	add_comment(text, "target", facts->target);
	add_comment(text, "project", facts->project);
	add_comment(text, "principal", facts->principal);
	add_comment(text, "label", facts->label);
	if (facts->expires_s)
		add_comment(text, "expires", moment_text(a, facts->expires_s));
	for (size_t i = 0; i < to->count; i++)
		add_comment(text, "recipient", public_key_text(a, &to->list[i]));
}

int
seal_write(struct run *run, const char *path, const struct secret *token,
    const struct sealed_facts *facts, const struct recipients *to, struct err *err)
{
	struct buf text = BUF_INIT(MAX_SECRET_BYTES);
	struct str sealed;
	int rc;

	if (sealed_make(run->arena, token, facts, to, &sealed, err) < 0)
		return -1;
	if (!path) {
		ci_out(&run->ci, "%.*s", STR_FMT(sealed));
		return 0;
	}
	add_comments(run->arena, &text, facts, to);
	buf_add(&text, sealed);
	buf_add_char(&text, '\n');
	rc = file_put(run->arena, path, ci_fence(&run->ci), buf_str(&text), err);
	buf_free(&text);
	return rc;
}

static int
has_sealed_line(void *ctx, struct str text)
{
	(void)ctx;
	return sealed_line(text).len > 0;
}

/* Reads the file as a secret, as it may hold a token that is not sealed. */
static bool
is_sealed_file(const char *path)
{
	struct err err;
	struct secret *text = secret_read_bytes(path, "input 'out'", &err);
	bool is_one = text && secret_lend(text, has_sealed_line, NULL) == 1;

	secret_free(text);
	return is_one;
}

int
seal_check_place(struct run *run, struct err *err)
{
	const char *path = run->opt.out;
	struct stat st;

	if (path_fenced_new(run->arena, path, ci_fence(&run->ci), err) < 0)
		return err_wrap(err, "input 'out'");
	/* a device, or what mktemp made */
	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size == 0 || is_sealed_file(path))
		return 0;
	(void)err_set(err, ERR_USAGE, "input 'out': '%s' exists and is not a sealed token", path);
	return err_hint(err, "use a new file name, or remove that file first");
}

static int
check_inputs(struct run *run, struct err *err)
{
	bool offline = run->opt.offline;

	if (!run->token) {
		(void)err_set(err, ERR_USAGE, "no token is given");
		return err_hint(err, "pipe it in with --token-stdin, or use --token-file or "
		                     "PACHYDERM_TOKEN");
	}
	if (run->opt.target.count > 1) {
		(void)err_set(err, ERR_USAGE,
		    "a token is sealed for one target, but input "
		    "'target' names %zu",
		    run->opt.target.count);
		return err_hint(err, "seal one token for each target");
	}
	if (!offline && (run->opt.principal || run->opt.expires)) {
		(void)err_set(err, ERR_USAGE,
		    "--principal and --expires are of no use where the cluster is asked");
		return err_hint(err, "leave them out, or add --offline");
	}
	if (run->opt.cluster)
		return run->opt.out ? seal_check_place(run, err) : 0;
	(void)err_set(err, ERR_USAGE, "a sealed token needs the cluster that it is for");
	return err_hint(err, "write --cluster grpcs://HOST:PORT");
}

static int
facts_offline(struct run *run, struct sealed_facts *facts, struct err *err)
{
	const char *principal = run->opt.principal, *expires = run->opt.expires;

	if (principal)
		facts->principal = str_of(principal);
	if (!expires)
		return 0;
	if (!moment_read(str_of(expires), &facts->expires_s)) {
		(void)err_set(err, ERR_USAGE, "--expires '%.100s' is not a date", expires);
		return err_hint(err, "write for example 2026-12-31 or 2026-12-31T10:00Z");
	}
	if (facts->expires_s > (int64_t)time(NULL))
		return 0;
	(void)err_set(err, ERR_USAGE, "--expires '%.100s' is in the past", expires);
	return err_hint(err, "seal a token that still lives, or check this machine's clock");
}

static int
facts_of_cluster(struct run *run, struct sealed_facts *facts, struct err *err)
{
	struct pachd *cluster = connect_open(run, err);
	const struct pachd_facts *found;
	int rc;

	if (!cluster)
		return -1;
	rc = pachd_probe(cluster, NULL, 0, NULL, err);
	found = pachd_facts(cluster);
	if (rc < 0) {
		(void)err_wrap(err, "the token was not sealed");
	} else if (!found->has_login) {
		rc = err_set(err, ERR_REFUSED, "authentication is off at %s: it needs no token",
		    run->opt.cluster);
		(void)err_hint(err, "seal it with --offline if that will change");
	} else {
		connect_log_cluster(run, found);
		facts->principal = found->user;
		facts->expires_s = found->expires_s;
	}
	pachd_close(cluster);
	return rc;
}

/* What the seal is bound to besides the cluster: as inputs say, else as the old seal. */
static void
bind_facts(const struct run *run, struct sealed_facts *facts)
{
	const struct items *target = &run->opt.target;

	if (run->opt.label)
		facts->label = str_of(run->opt.label);
	if (target->count > 0)
		facts->target = str_of(target->list[0]);
	if (run->opt.project)
		facts->project = str_of(run->opt.project);
}

/* ", target 'prod' and project 'etl'"; empty where it is bound to neither. */
static struct str
bounds_text(struct arena *a, const struct sealed_facts *facts)
{
	const char *both = facts->target.len > 0 && facts->project.len > 0 ? " and " : "";
	struct str target = facts->target.len > 0
	                        ? arena_fmt(a, "target '%.*s'", STR_FMT(facts->target))
	                        : STR(""),
	           project = facts->project.len > 0
	                         ? arena_fmt(a, "project '%.*s'", STR_FMT(facts->project))
	                         : STR("");

	if (target.len + project.len == 0)
		return STR("");
	return arena_fmt(a, ", %.*s%s%.*s", STR_FMT(target), both, STR_FMT(project));
}

int
token_seal(struct run *run, struct err *err)
{
	struct sealed_facts facts = { .expires_s = 0 };
	struct recipients to;
	struct url url;

	if (check_inputs(run, err) < 0 || seal_recipients(run, &to, err) < 0
	    || url_parse(run->arena, str_of(run->opt.cluster), &url, err) < 0)
		return -1;
	if (run->sealed)
		facts = *run->sealed;
	facts.cluster = str_of(url.text);
	bind_facts(run, &facts);
	if ((run->opt.offline ? facts_offline(run, &facts, err)
	                      : facts_of_cluster(run, &facts, err))
	        < 0
	    || seal_write(run, run->opt.out, run->token, &facts, &to, err) < 0)
		return -1;
	ci_log(&run->ci, "sealed for %zu key%s, and for %s%.*s only%s%.*s", to.count,
	    to.count == 1 ? "" : "s", url.text, STR_FMT(bounds_text(run->arena, &facts)),
	    facts.expires_s ? "; it expires on " : "",
	    STR_FMT(facts.expires_s ? moment_text(run->arena, facts.expires_s) : STR("")));
	return 0;
}
