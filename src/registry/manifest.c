#include "registry/manifest.h"

#include "base/arena.h"
#include "format/doc.h"
#include "secret/digest.h"

#define OCI    "application/vnd.oci.image."
#define DOCKER "application/vnd.docker.distribution.manifest."

const char manifest_accept[] = "Accept: " OCI "index.v1+json, " OCI "manifest.v1+json, " DOCKER
                               "list.v2+json, " DOCKER "v2+json, " DOCKER "v1+prettyjws";

static bool
is_type_of_image(struct str type)
{
	static const char *const types[] = { OCI "index.v1+json", OCI "manifest.v1+json",
		DOCKER "list.v2+json", DOCKER "v2+json" };

	type = str_trim(str_head(type, str_find(type, ';')));
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (str_is_like(type, types[i]))
			return true;
	return false;
}

static bool
is_schema_2(struct arena *a, struct str bytes)
{
	struct diags d = diags_in(a);
	const struct node *root = doc_parse_value(a, arena_str(a, bytes), &d);
	const struct node *version;

	if (!root || d.errors > 0 || root->kind != NODE_OBJECT)
		return false;
	version = node_get(root, "schemaVersion");
	return version && version->kind == NODE_NUMBER && str_is(version->text, "2");
}

int
manifest_digest(struct arena *a, struct str bytes, struct str type, struct str said,
    struct str *out, struct err *err)
{
	struct str own;

	if (!is_type_of_image(type))
		return err_set(err, ERR_REFUSED,
		    "its manifest is of type '%.*s', which is not an image",
		    STR_FMT(str_head(type, 100)));
	if (!is_schema_2(a, bytes))
		return err_set(err, ERR_REFUSED, "its manifest is not JSON of schema version 2");
	own = arena_fmt(a, "sha256:%.*s", STR_FMT(digest_hex(a, bytes)));
	/* another algorithm cannot be compared, and is not what we write */
	if (said.len > 0 && str_starts(said, "sha256:") && !str_eq(said, own))
		return err_set(err, ERR_REFUSED,
		    "the registry calls it %.*s, but the bytes of its manifest are %.*s",
		    STR_FMT(str_head(said, 80)), STR_FMT(own));
	*out = own;
	return 0;
}
