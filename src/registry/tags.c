#include "registry/tags.h"

#include "base/arena.h"
#include "format/doc.h"
#include "registry/semver.h"

int
tags_read(struct arena *a, struct str page, struct registry_tags *out, struct err *err)
{
	struct diags d = diags_in(a);
	const struct node *root = doc_parse_value(a, page, &d);
	const struct node *tags = d.errors == 0 ? node_get(root, "tags") : NULL;

	/* a repository without tags has null there */
	if (!tags || (tags->kind != NODE_ARRAY && tags->kind != NODE_NULL))
		return err_set(err, ERR_NETWORK, "the registry's answer is not a list of tags");
	for (const struct node *n = tags->first; n; n = n->next) {
		if (n->kind != NODE_STRING || image_tag_fault(n->text))
			continue;
		if (out->count == MAX_REGISTRY_TAGS)
			return err_set(err, ERR_NETWORK, "the repository has more than %d tags",
			    MAX_REGISTRY_TAGS);
		out->list = arena_grow(a, out->list, out->count, &out->room, sizeof(*out->list));
		out->list[out->count++] = n->text;
	}
	return 0;
}

struct str
tags_newest(const struct registry_tags *tags, struct str range)
{
	struct semver best, one;
	struct str found = STR("");

	for (size_t i = 0; i < tags->count; i++) {
		if (!semver_read(tags->list[i], &one) || !semver_matches(&one, range))
			continue;
		if (found.len > 0 && semver_cmp(&one, &best) <= 0)
			continue;
		best = one;
		found = tags->list[i];
	}
	return found;
}
