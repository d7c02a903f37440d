#include "retag/values.h"

#include "base/arena.h"
#include "pipeline/image.h"
#include "pipeline/spec.h"

/* The parts, each a scalar of its own; NULL: not there. */
struct parts {
	const struct node *registry, *repository, *tag, *digest;
	struct image now, then; /* what they say, and what they are to say */
};

static bool
fail(struct retag *out, const char *fault, const char *hint)
{
	out->fault = fault;
	out->hint = hint;
	return true;
}

/* Text, or what YAML takes for a number; empty text counts, too. */
static const struct node *
part_of(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);

	return n && n->style != STYLE_OTHER ? n : NULL;
}

static struct parts
read_parts(struct arena *a, const struct image_place *place)
{
	struct parts p = {
		.registry = part_of(place->values, "registry"),
		.repository = place->image,
		.tag = part_of(place->values, "tag"),
		.digest = part_of(place->values, "digest"),
	};

	if (p.registry && p.registry->text.len == 0)
		p.registry = NULL;
	p.now.repo = p.repository->text;
	if (p.registry)
		p.now.repo = arena_fmt(
		    a, "%.*s/%.*s", STR_FMT(p.registry->text), STR_FMT(p.repository->text));
	if (p.tag && p.tag->text.len > 0)
		p.now.tag = p.tag->text;
	if (p.digest && p.digest->text.len > 0)
		p.now.digest = p.digest->text;
	return p;
}

static bool
set(struct retag *out, struct arena *a, struct str source, const struct node *n, struct str text)
{
	if (str_eq(n->text, text))
		return true;
	if (!splice_scalar(a, source, n, text, &out->edits[out->edit_count]))
		return false;
	out->edit_count++;
	return true;
}

/* The repository, in the parts that are there: a registry of its own stays apart. */
static bool
set_repository(struct retag *out, struct arena *a, struct str source, const struct parts *p)
{
	struct str repo = p->then.repo;
	size_t slash = str_find(repo, '/');

	if (!p->registry)
		return set(out, a, source, p->repository, repo);
	return slash < repo.len && set(out, a, source, p->registry, str_head(repo, slash))
	       && set(out, a, source, p->repository, str_tail(repo, slash + 1));
}

static bool
set_parts(struct retag *out, struct arena *a, struct str source, const struct parts *p)
{
	struct str none = { "", 0 };
	struct str tag = p->then.tag.ptr ? p->then.tag : none;
	struct str digest = p->then.digest.ptr ? p->then.digest : none;

	if (p->then.tag.ptr && !p->tag)
		return fail(out, "it has no 'tag' beside 'repository'", "add tag: \"\"");
	if (p->then.digest.ptr && !p->digest)
		return fail(out, "it has no 'digest' beside 'repository'", "add digest: \"\"");
	/* what the image line does not have becomes empty: an old tag or digest never survives */
	if (!set_repository(out, a, source, p) || (p->tag && !set(out, a, source, p->tag, tag))
	    || (p->digest && !set(out, a, source, p->digest, digest)))
		return fail(out, "it is written in a way that cannot be edited safely",
		    "write each part on one line, in quotes");
	return true;
}

struct str
retag_values_text(struct arena *a, const struct image_place *place)
{
	struct parts p = read_parts(a, place);

	return image_text(a, &p.now);
}

bool
retag_values(struct retag *out, struct arena *a, struct rules *rules, struct str source,
    const struct image_place *place)
{
	struct parts p = read_parts(a, place);
	struct node whole = { .kind = NODE_STRING, .text = p.now.repo };
	struct spec spec = { .project = { "", 0 }, .name = { "", 0 }, .image = &whole };
	const struct rule *rule = rules_match(rules, &spec);

	if (!rule)
		return false;
	p.then = rule_result(rule, &p.now);
	out->at = (p.tag ? p.tag : p.repository)->at;
	out->old = image_text(a, &p.now);
	out->new = image_text(a, &p.then);
	return !str_eq(out->old, out->new) && set_parts(out, a, source, &p);
}
