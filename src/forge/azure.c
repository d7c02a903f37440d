/*
 * Secret variables of Azure DevOps variable groups. REST reference "Variablegroups": a group is replaced as a
 * whole; the secret variables that are sent back without a value keep theirs.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/limits.h"
#include "forge/place.h"
#include "format/doc.h"
#include "secret/secret.h"

#define API_VERSION "api-version=7.1"

/* Marks where the value goes, so that no JSON writer sees the value. */
#define MARK "@pachup-value@"

static bool
is_number(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return false;
	return text.len > 0 && text.len < 12;
}

static int
find_dot(void *ctx, struct str bytes)
{
	(void)ctx;
	return str_find(bytes, '.') < bytes.len ? 1 : 0;
}

/* A personal access token goes as a password; what a job gets is a JWT, with dots. */
static bool
is_personal(const struct secret *token)
{
	return secret_lend(token, find_dot, NULL) != 1;
}

static int
azure_open(struct forge *f, struct str rest, const struct forge_opts *opts, struct rest_opts *out,
    struct err *err)
{
	const char *collection = env_get(opts->env, "SYSTEM_COLLECTIONURI");
	const char *project = env_get(opts->env, "SYSTEM_TEAMPROJECT");
	size_t colon = str_rfind(rest, ':');
	struct str base = str_of(collection);

	err->kind = ERR_NONE; /* the place is wrong, if nothing else is said */
	f->group = str_head(rest, colon);
	f->name = str_tail(rest, colon + 1);
	if (f->group.len == 0 || !forge_is_name(f->name))
		return -1;
	if (!collection || !project) {
		(void)err_set(err, ERR_USAGE,
		    "it is not known which Azure DevOps project the group '%.*s' "
		    "is of",
		    STR_FMT(str_head(f->group, 100)));
		return err_hint(err,
		    "set SYSTEM_COLLECTIONURI (https://dev.azure.com/ORGANIZATION/) and "
		    "SYSTEM_TEAMPROJECT, as a pipeline does");
	}
	if (str_ends(base, "/"))
		base.len--;
	out->base = arena_cstr(f->arena, base);
	out->request_header = "x-vss-e2eid";
	out->is_basic = is_personal(out->token);
	f->owner = str_of(project);
	f->title = arena_fmt(f->arena, "the variable %.*s of group '%.*s' in project '%s'",
	    STR_FMT(f->name), STR_FMT(f->group), project)
	               .ptr;
	return 0;
}

static int
explain(struct forge *f, const struct rest_reply *reply, struct err *err)
{
	struct str message = forge_message(f, reply);

	(void)err_set(err, ERR_REFUSED, "Azure DevOps says no to %s (HTTP status %d)%s%.*s",
	    f->title, reply->status, message.len ? ": " : "", STR_FMT(message));
	if (reply->wait_s > 0)
		return err_hint(err, "the API's limit is reached: try again in %lld minutes",
		    (long long)(reply->wait_s + 59) / 60);
	if (reply->status == 203 || reply->status == 401)
		return err_hint(err,
		    "the token in input 'store-token' is not accepted: give "
		    "$(System.AccessToken) or a personal access token with Variable "
		    "Groups (read, create and manage)");
	if (reply->status == 403)
		return err_hint(err, "make the token's user an administrator of the variable group "
		                     "(Pipelines, Library, the group, Security)");
	return err_hint(err, "check the names of organization, project and group");
}

static int
no_group(struct forge *f, struct err *err)
{
	(void)err_set(err, ERR_REFUSED, "there is no variable group '%.*s' in project '%.*s'",
	    STR_FMT(f->group), STR_FMT(f->owner));
	return err_hint(err,
	    "create it (Pipelines, Library), or check its name, and that the token's user "
	    "sees it");
}

/* The group, by its number or by its name. */
static int
azure_prepare(struct forge *f, struct err *err)
{
	struct str project = rest_escape(f->arena, f->owner),
	           group = rest_escape(f->arena, f->group);
	bool is_id = is_number(f->group);
	struct rest_request request = { .method = "GET" };
	struct rest_reply reply;
	struct node *n, *type;

	request.path =
	    arena_fmt(f->arena, "/%.*s/_apis/distributedtask/variablegroups%s%.*s%c" API_VERSION,
	        STR_FMT(project), is_id ? "/" : "?groupName=", STR_FMT(group), is_id ? '?' : '&')
	        .ptr;
	if (forge_send(f, &request, &reply, err) < 0)
		return -1;
	if (reply.status != 200)
		return explain(f, &reply, err);
	n = forge_json(f, &reply, err);
	if (!n)
		return -1;
	if (!is_id)
		n = node_get(n, "value") ? node_get(n, "value")->first : NULL;
	if (!n || !node_get(n, "id") || !node_get(n, "name"))
		return no_group(f, err);
	type = node_get(n, "type");
	if (type && str_is(type->text, "AzureKeyVault")) {
		(void)err_set(err, ERR_REFUSED,
		    "the variable group '%.*s' is linked to an Azure key vault", STR_FMT(f->group));
		return err_hint(err, "name a group that holds its own variables");
	}
	f->definition = n;
	f->path = arena_fmt(f->arena, "/_apis/distributedtask/variablegroups/%.*s?" API_VERSION,
	    STR_FMT(node_get(n, "id")->text))
	              .ptr;
	return 0;
}

static void
put_text(
    struct arena *a, struct node *object, const char *key, enum node_kind kind, struct str text)
{
	struct node *n = node_put(a, object, key);

	n->kind = kind;
	n->text = text;
}

/* The variable takes the place of one that differs in case only: the names there do not know case. */
static void
put_variable(struct forge *f, struct node *group)
{
	struct node *variables = node_put(f->arena, group, "variables"), *one;
	const char *name = arena_cstr(f->arena, f->name);

	variables->kind = NODE_OBJECT;
	for (one = variables->first; one; one = one->next)
		if (one->key.len == f->name.len
		    && strncasecmp(one->key.ptr, name, f->name.len) == 0) {
			name = arena_cstr(f->arena, one->key);
			node_drop(variables, one);
			break;
		}
	one = node_put(f->arena, variables, name);
	one->kind = NODE_OBJECT;
	put_text(f->arena, one, "value", NODE_STRING, STR(MARK));
	put_text(f->arena, one, "isSecret", NODE_BOOL, STR("true"));
}

/* Only the members that the API takes back. */
static struct node *
new_definition(struct forge *f)
{
	static const char *const members[] = { "id", "name", "description", "type", "providerData",
		"variableGroupProjectReferences", "variables" };
	struct node *group = node_copy(f->arena, f->definition);

	for (struct node *one = group->first, *next; one; one = next) {
		bool is_kept = false;

		next = one->next;
		for (size_t i = 0; i < COUNT_OF(members); i++)
			is_kept |= str_is(one->key, members[i]);
		if (!is_kept)
			node_drop(group, one);
	}
	put_variable(f, group);
	return group;
}

struct sending {
	struct forge *forge;
	struct str before, behind; /* of the value */
	struct rest_reply reply;
	struct err *err;
};

/* The value as a JSON string has it; it is printable ASCII (secret_new). */
static size_t
add_escaped(char *out, struct str value)
{
	size_t len = 0;

	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] == '"' || value.ptr[i] == '\\')
			out[len++] = '\\';
		out[len++] = value.ptr[i];
	}
	return len;
}

static int
send_value(void *ctx, struct str value)
{
	struct sending *s = ctx;
	size_t room = s->before.len + 2 * value.len + s->behind.len, len = s->before.len;
	struct rest_request request = { .method = "PUT", .path = s->forge->path };
	char *body = malloc(room);
	int rc;

	if (!body)
		return err_set(s->err, ERR_SYSTEM, "no memory for the variable group");
	memcpy(body, s->before.ptr, s->before.len);
	len += add_escaped(body + len, value);
	memcpy(body + len, s->behind.ptr, s->behind.len);
	request.body = (struct str){ body, len + s->behind.len };
	rc = forge_send(s->forge, &request, &s->reply, s->err);
	secret_wipe(body, room);
	free(body);
	return rc;
}

static int
azure_write(struct forge *f, const struct secret *value, bool *may_be_done, struct err *err)
{
	struct sending s = { .forge = f, .err = err };
	struct buf json = BUF_INIT(MAX_REST_BYTES);
	struct str text, rest;
	size_t at = 0;

	json_write(&json, new_definition(f));
	text = buf_str(&json);
	rest = text; /* the variable is the last of all, so its mark is the last */
	while (str_holds(rest, STR(MARK))) {
		size_t step = 0;

		while (!str_starts(str_tail(rest, step), MARK))
			step++;
		at += step + strlen(MARK);
		rest = str_tail(text, at);
	}
	s.before = str_head(text, at - strlen(MARK));
	s.behind = rest;
	if (secret_lend(value, send_value, &s) < 0) {
		*may_be_done = rest_may_be_done(f->rest);
		buf_free(&json);
		return -1;
	}
	buf_free(&json);
	return s.reply.status == 200 ? 0 : explain(f, &s.reply, err);
}

const struct forge_host forge_azure = {
	.word = "azure", .open = azure_open, .prepare = azure_prepare, .write = azure_write
};
