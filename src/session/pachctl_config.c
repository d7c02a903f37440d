#include "session/pachctl_config.h"

#include <string.h>

#include "base/arena.h"
#include "diag/diag.h"
#include "format/doc.h"
#include "secret/secret.h"

struct reading {
	struct arena *arena;
	const char *path;
	const char *name; /* NULL: the active one */
	struct err *err;
};

int
pachctl_config_broken(const char *path, const char *why, struct err *err)
{
	(void)err_set(err, ERR_SPEC, "pachctl's config '%s' %s", path, why);
	return err_hint(err,
	    "repair it with pachctl (pachctl config list context), or give --cluster "
	    "and a token");
}

/* A copy in which each session token is crossed out, byte by byte: no reader of JSON sees one. */
static char *
crossed_out(struct arena *a, struct str text)
{
	static const char member[] = "\"session_token\"";
	char *copy = arena_cstr(a, text);
	char *at = copy;

	while ((at = strstr(at, member)) != NULL) {
		at += sizeof(member) - 1;
		at += strspn(at, " \t\r\n:");
		if (*at != '"')
			continue;
		for (at++; *at && *at != '"'; at++)
			*at = 'x';
	}
	return copy;
}

static int
no_such_context(const struct reading *r, const struct node *contexts)
{
	struct str names = STR("");

	for (const struct node *one = contexts ? contexts->first : NULL; one; one = one->next)
		names = arena_listed(r->arena, names, one->key);
	(void)err_set(
	    r->err, ERR_USAGE, "pachctl's config '%s' has no context '%.100s'", r->path, r->name);
	return err_hint(
	    r->err, "it has: %.*s", STR_FMT(str_head(names.len ? names : STR("none"), 300)));
}

/* The context's node: of 1.9 and later by its name, of 1.7 and 1.8 the only one. */
static int
find_context(struct reading *r, const struct node *config, const struct node **out)
{
	const struct node *two = node_get(config, "v2"), *one = node_get(config, "v1");
	const struct node *contexts = node_get(two, "contexts");

	*out = one;
	if (!two && !one && !node_get(config, "user_id") && config->first)
		return pachctl_config_broken(
		    r->path, "has a layout that this pachup does not know", r->err);
	if (!two) {
		if (r->name && strcmp(r->name, "v1") != 0)
			return no_such_context(r, NULL);
		r->name = "v1";
		return 0;
	}
	if (!r->name)
		r->name = arena_cstr(r->arena, node_text(node_get(two, "active_context")));
	*out = node_get(contexts, r->name);
	return *out || *r->name == '\0' ? 0 : no_such_context(r, contexts);
}

/* The token itself is in `text`; the tree has a crossed-out copy. */
static int
take_token(const struct reading *r, struct str text, const struct node *context,
    struct pachctl_context *out)
{
	const struct node *token = node_get(context, "session_token");

	if (!token || token->kind != NODE_STRING || token->text.len == 0)
		return 0;
	out->token = secret_new((struct str){ text.ptr + token->at.offset + 1, token->text.len },
	    "the session token in pachctl's config", r->err);
	return out->token ? 0 : -1;
}

int
pachctl_config_read(struct arena *a, struct str text, const char *path, const char *name,
    struct pachctl_context *out, struct err *err)
{
	struct reading r = { a, path, name, err };
	struct diags d = diags_in(a);
	struct doc *doc;
	const struct node *context;

	*out = (struct pachctl_context){ .name = "" };
	doc = doc_parse_any(a, "config.json", str_of(crossed_out(a, text)), &d);
	if (d.errors > 0 || doc->count != 1 || doc->first->kind != NODE_OBJECT)
		return pachctl_config_broken(path, "is not valid JSON", err);
	if (find_context(&r, doc->first, &context) < 0)
		return -1;
	out->name = r.name;
	out->is_there = context != NULL;
	out->address = node_text(node_get(context, "pachd_address"));
	out->project = node_text(node_get(context, "project"));
	out->cas = node_text(node_get(context, "server_cas"));
	return take_token(&r, text, context, out);
}
