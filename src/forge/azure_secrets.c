/*
 * Secret variables of Azure DevOps variable groups. REST reference "Variablegroups": a group is replaced as a
 * whole; the secret variables that are sent back without a value keep theirs.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/limits.h"
#include "forge/azure.h"
#include "forge/place.h"
#include "format/doc.h"
#include "secret/secret.h"

static bool
is_number(struct str text)
{
	return text.len < 12 && str_is_of(text, CHARS_DIGIT);
}

static bool
is_group_name(struct str name)
{
	return name.len > 0 && name.len <= 256 && !str_has_control(name) && !str_is(name, ".")
	       && !str_is(name, "..");
}

bool
azure_is_project(struct str name)
{
	return name.len > 0 && name.len <= 64 * 4 && !str_has_control(name)
	       && str_cspan(name, "\\/:*?\"<>;#$*{},+=[]|") == name.len && *name.ptr != '.'
	       && !str_ends(name, ".");
}

static int
find_dot(void *ctx, struct str bytes)
{
	(void)ctx;
	return str_find(bytes, '.') < bytes.len ? 1 : 0;
}

bool
azure_is_personal(const struct secret *token)
{
	return secret_lend(token, find_dot, NULL) != 1;
}

const char *
azure_base(struct arena *a, const struct env *env)
{
	struct str base = str_of(env_get(env, "SYSTEM_COLLECTIONURI"));

	if (str_ends(base, "/"))
		base.len--;
	return arena_cstr(a, base);
}

static int
azure_open(struct forge *f, struct str rest, const struct forge_opts *opts, struct rest_opts *out,
    struct err *err)
{
	const char *collection = env_get(opts->env, "SYSTEM_COLLECTIONURI");
	const char *project = env_get(opts->env, "SYSTEM_TEAMPROJECT");
	size_t colon = str_rfind(rest, ':');

	err->kind = ERR_NONE; /* stays where the place is not written as it must be */
	f->group = str_head(rest, colon);
	f->name = str_tail(rest, colon + 1);
	if (!is_group_name(f->group) || !forge_is_name(f->name))
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
	if (!azure_is_project(str_of(project))) {
		(void)err_set(err, ERR_USAGE,
		    "SYSTEM_TEAMPROJECT is '%.100s', which is not a project's name", project);
		return err_hint(err, "set it to the project's name, as a pipeline does");
	}
	f->base_name = "SYSTEM_COLLECTIONURI";
	out->base = azure_base(f->arena, opts->env);
	out->request_header = "x-vss-e2eid";
	out->is_basic = out->token && azure_is_personal(out->token);
	f->owner = str_of(project);
	f->title = arena_fmt(f->arena, "the variable %.*s of group '%.*s' in project '%s'",
	    STR_FMT(f->name), STR_FMT(f->group), project)
	               .ptr;
	return 0;
}

static int
azure_hint(const struct forge *f, const struct rest_reply *reply, struct err *err)
{
	(void)f;
	if (reply->status == 203 || reply->status == 401)
		return err_hint(err,
		    "the token for Azure DevOps is not accepted: give "
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

/* The number of the group, which may be given by its name. */
static int
find_group(struct forge *f, struct str project, struct str *id, struct err *err)
{
	struct rest_reply reply;
	struct node *n, *number;
	const char *path;

	*id = f->group;
	if (is_number(f->group))
		return 0;
	path = arena_fmt(f->arena,
	    "/%.*s/_apis/distributedtask/variablegroups?groupName=%s&" AZURE_VERSION,
	    STR_FMT(project), rest_escape(f->arena, f->group).ptr)
	           .ptr;
	if (forge_get(f, path, &reply, &n, err) < 0)
		return -1;
	number = node_get(first_at(n, "value"), "id");
	if (!number || !is_number(number->text))
		return no_group(f, err);
	*id = number->text;
	return 0;
}

static int
azure_prepare(struct forge *f, struct err *err)
{
	struct str project = rest_escape(f->arena, f->owner), id;
	struct rest_reply reply;
	struct node *n;

	if (find_group(f, project, &id, err) < 0)
		return -1;
	f->read_path =
	    arena_fmt(f->arena, "/%.*s/_apis/distributedtask/variablegroups/%.*s?" AZURE_VERSION,
	        STR_FMT(project), STR_FMT(id))
	        .ptr;
	f->path = arena_fmt(
	    f->arena, "/_apis/distributedtask/variablegroups/%.*s?" AZURE_VERSION, STR_FMT(id))
	              .ptr;
	if (forge_get(f, f->read_path, &reply, &n, err) < 0)
		return -1;
	if (!node_get(n, "id") || !node_get(n, "name"))
		return no_group(f, err);
	if (str_is(text_at(n, "type"), "AzureKeyVault")) {
		(void)err_set(err, ERR_REFUSED,
		    "the variable group '%.*s' is linked to an Azure key vault", STR_FMT(f->group));
		return err_hint(err, "name a group that holds its own variables");
	}
	f->definition = n;
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

/* Our variable of the group, whatever the case of its name; NULL: there is none yet. */
static struct node *
our_variable(const struct forge *f, const struct node *group)
{
	const struct node *variables = node_get(group, "variables");
	const char *name = arena_cstr(f->arena, f->name);

	for (struct node *one = variables ? variables->first : NULL; one; one = one->next)
		if (str_is_like(one->key, name))
			return one;
	return NULL;
}

/* A member without a value is null or left out. */
static bool
is_nothing(const struct node *n)
{
	return !n || n->kind == NODE_NULL;
}

static bool same(const struct node *left, const struct node *right);

/* Whether each member of `left` is in `right`, with the same value. */
static bool
holds_members(const struct node *right, const struct node *left)
{
	for (const struct node *one = left->first; one; one = one->next) {
		const struct node *other = right->first;

		while (other && !str_eq(other->key, one->key))
			other = other->next;
		if (!same(one, other))
			return false;
	}
	return true;
}

/* Whether both values are the same, whatever the order of members. */
static bool
same(const struct node *left, const struct node *right)
{
	const struct node *l, *r;

	if (is_nothing(left) || is_nothing(right))
		return is_nothing(left) && is_nothing(right);
	if (left->kind != right->kind)
		return false;
	if (left->kind == NODE_OBJECT)
		return holds_members(right, left) && holds_members(left, right);
	if (left->kind != NODE_ARRAY)
		return str_eq(left->text, right->text);
	l = left->first;
	r = right->first;
	while (l && r && same(l, r)) {
		l = l->next;
		r = r->next;
	}
	return !l && !r;
}

/* The group without what our own writing changes. */
static struct node *
without_ours(struct forge *f, const struct node *group)
{
	struct node *copy = node_copy(f->arena, group), *ours = our_variable(f, copy);

	node_drop(copy, node_get(copy, "modifiedOn"));
	node_drop(copy, node_get(copy, "modifiedBy"));
	if (ours)
		node_drop(node_get(copy, "variables"), ours);
	return copy;
}

/* Whether the group is as it was. After an attempt whose answer was lost, our variable may differ. */
static bool
is_unchanged(struct forge *f, const struct node *now, bool may_be_ours)
{
	if (!may_be_ours)
		return same(f->definition, now);
	return same(without_ours(f, f->definition), without_ours(f, now));
}

/* The group as it is sent: only the members that the API takes back, and our variable, whose value node *value gets. Our
 * variable replaces one whose name differs in case only. */
static struct node *
new_definition(struct forge *f, struct node **value)
{
	static const char members[] =
	    "id|name|description|type|providerData|variableGroupProjectReferences|variables";
	struct node *group = node_copy(f->arena, f->definition), *variables, *ours;

	for (struct node *one = group->first, *next; one; one = next) {
		next = one->next;
		if (!str_is_one_of(one->key, members))
			node_drop(group, one);
	}
	variables = node_put(f->arena, group, "variables");
	variables->kind = NODE_OBJECT;
	ours = our_variable(f, group);
	if (!ours)
		ours = node_put(f->arena, variables, arena_cstr(f->arena, f->name));
	ours->kind = NODE_OBJECT;
	ours->first = NULL;
	ours->count = 0;
	put_text(f->arena, ours, "value", NODE_STRING, STR(""));
	put_text(f->arena, ours, "isSecret", NODE_BOOL, STR("true"));
	*value = node_get(ours, "value");
	return group;
}

struct sending {
	struct forge *forge;
	struct node *group, *value;
	struct rest_reply reply;
	bool is_sent;
	struct err *err;
};

/* The value is in the tree only as long as it is lent; the buffer has its full size from the start, as growing would
 * leave copies behind. */
static int
send_value(void *ctx, struct str value)
{
	struct sending *s = ctx;
	struct rest_request request = { .method = "PUT", .path = s->forge->path };
	struct buf json = BUF_INIT(MAX_REST_BYTES);
	size_t room;
	int rc;

	json_write(&json, s->group);
	room = json.len + 6 * value.len + 64; /* "\u0000" for each byte at most */
	buf_free(&json);
	json = BUF_INIT(room);
	json.ptr = malloc(room);
	if (!json.ptr)
		return err_set(s->err, ERR_SYSTEM, "no memory for the variable group");
	json.room = room;
	s->value->text = value;
	json_write(&json, s->group);
	s->value->text = STR("");
	request.body = buf_str(&json);
	s->is_sent = !buf_is_full(&json);
	rc = !s->is_sent
	         ? err_set(s->err, ERR_NETWORK, "%s: the group is too large", s->forge->title)
	         : rest_send(s->forge->rest, &request, &s->reply, s->err);
	secret_wipe(json.ptr, room);
	buf_free(&json);
	return rc;
}

static int
has_moved(struct forge *f, enum err_kind kind, const char *when, struct err *err)
{
	(void)err_set(err, kind, "the variable group '%.*s' was changed by somebody else %s",
	    STR_FMT(f->group), when);
	return err_hint(err, "look at the group (Pipelines, Library), and run this again");
}

/* Reads the group after it was written: our variable must be secret, and nothing else may have changed. */
static enum write_end
read_back(struct forge *f, struct err *err)
{
	struct rest_reply reply;
	struct node *now, *ours, *secret;

	if (forge_get(f, f->read_path, &reply, &now, err) < 0)
		return err->kind == ERR_REFUSED ? WRITE_UNSURE : WRITE_LOST;
	ours = our_variable(f, now);
	secret = node_get(ours, "isSecret");
	if (!secret || !str_is(secret->text, "true")) {
		(void)err_set(
		    err, ERR_FAILED, "%s was written, and is not there as a secret", f->title);
		(void)err_hint(err, "look at the group (Pipelines, Library)");
		return WRITE_UNSURE;
	}
	if (is_unchanged(f, now, true))
		return WRITE_DONE;
	(void)has_moved(f, ERR_FAILED, "while it was written", err);
	return WRITE_UNSURE;
}

/* A group has no revision, so it is read again directly before it is replaced. */
static enum write_end
azure_write(struct forge *f, const struct secret *value, struct err *err)
{
	struct sending s = { .forge = f, .err = err };
	struct node *now;
	int rc;

	if (forge_get(f, f->read_path, &s.reply, &now, err) < 0)
		return f->is_lost && err->kind != ERR_REFUSED ? WRITE_LOST : WRITE_REFUSED;
	if (!is_unchanged(f, now, f->is_lost)) {
		(void)has_moved(f, ERR_REFUSED, "meanwhile; it was not written", err);
		return WRITE_REFUSED;
	}
	s.group = new_definition(f, &s.value);
	rc = secret_lend(value, send_value, &s);
	if (rc == 0 && s.reply.status == 200)
		return read_back(f, err);
	return s.is_sent ? forge_lost(f, rc, &s.reply, err) : WRITE_REFUSED;
}

const struct forge_host forge_azure = {
	.title = "Azure DevOps",
	.open = azure_open,
	.prepare = azure_prepare,
	.write = azure_write,
	.hint = azure_hint,
};
