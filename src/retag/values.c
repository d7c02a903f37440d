#include "retag/values.h"

#include "base/arena.h"
#include "pipeline/image.h"
#include "pipeline/spec.h"
#include "retag/member.h"

/* The parts, each a scalar of its own; NULL: not there. */
struct parts {
	const struct node *registry, *repository, *tag, *digest;
	const struct node *map; /* NULL: nothing can be added */
	struct image now, then; /* what they say, and what they are to say */
	size_t repo_len; /* of the repository's text; behind it is the name of what holds the tag */
	bool tag_holds_digest;
};

/* The tag may have the digest behind it, as Renovate writes them: "1.1@sha256:…". */
static void
read_tag(struct parts *p)
{
	size_t at = str_find(p->tag->text, '@');

	p->tag_holds_digest = at < p->tag->text.len || p->repo_len < p->repository->text.len;
	if (at > 0)
		p->now.tag = str_head(p->tag->text, at);
	if (at < p->tag->text.len)
		p->now.digest = str_tail(p->tag->text, at + 1);
}

static bool
is_null(const struct node *n)
{
	return n && n->kind == NODE_NULL;
}

static struct parts
read_parts(struct arena *a, const struct image_place *place)
{
	struct parts p = {
		.map = place->values,
		.registry = place->registry,
		.repository = place->image,
		.tag = place->tag,
		.digest = is_null(place->digest) ? NULL : place->digest,
	};

	if (p.registry && p.registry->text.len == 0)
		p.registry = NULL;
	p.repo_len = place->repo_len > 0 ? place->repo_len : p.repository->text.len;
	p.now.repo = str_head(p.repository->text, p.repo_len);
	if (p.registry)
		p.now.repo = arena_fmt(
		    a, "%.*s/%.*s", STR_FMT(p.registry->text), STR_FMT(p.repository->text));
	if (p.tag && p.tag->text.len > 0 && !is_null(p.tag))
		read_tag(&p);
	if (p.digest && p.digest->text.len > 0 && !p.tag_holds_digest)
		p.now.digest = p.digest->text;
	return p;
}

static bool
set_scalar(
    struct retag *out, struct arena *a, struct str source, const struct node *n, struct str text)
{
	if (str_eq(n->text, text))
		return true;
	if (!splice_scalar(a, source, n, text, &out->edits[out->edit_count]))
		return false;
	out->edit_count++;
	return true;
}

/* Sets the repository, in the parts that there are: a registry of its own stays apart. */
static bool
set_repository(struct retag *out, struct arena *a, struct str source, const struct parts *p)
{
	struct str repo = p->then.repo;
	struct str behind = str_tail(p->repository->text, p->repo_len);
	size_t slash = str_find(repo, '/');

	if (!p->registry)
		return set_scalar(out, a, source, p->repository,
		    arena_fmt(a, "%.*s%.*s", STR_FMT(repo), STR_FMT(behind)));
	return slash < repo.len && set_scalar(out, a, source, p->registry, str_head(repo, slash))
	       && set_scalar(out, a, source, p->repository, str_tail(repo, slash + 1));
}

static const char form_fault[] = "it is written in a way that cannot be edited safely";
static const char form_hint[] = "write each part on one line, in quotes";

/* Writes a tag where it is null, or where only a digest is there. */
static bool
make_tag(struct retag *out, struct arena *a, struct str source, const struct parts *p)
{
	struct edit *next = &out->edits[out->edit_count];
	struct node as_json;

	*next = (struct edit){ .text = STR("") };
	if (p->tag && p->tag->at.len > 0) {
		as_json = *p->tag;
		as_json.style = STYLE_JSON;
		return splice_scalar(a, source, &as_json, p->then.tag, next) && ++out->edit_count;
	}
	if (p->tag)
		return member_fill(a, source, p->tag, p->then.tag, next) && ++out->edit_count;
	return p->map && member_add(a, source, p->map, p->repository, "tag", p->then.tag, next)
	       && ++out->edit_count;
}

/* The tag, with the digest where it holds one now and the image line gives one. */
static bool
set_tag(struct retag *out, struct arena *a, struct str source, const struct parts *p)
{
	struct str tag = p->then.tag.ptr ? p->then.tag : STR("");

	if (p->then.tag.ptr && (!p->tag || is_null(p->tag)))
		return make_tag(out, a, source, p);
	if (!p->tag || is_null(p->tag))
		return true;
	if (p->tag_holds_digest && p->then.digest.ptr)
		tag = arena_fmt(a, "%.*s@%.*s", STR_FMT(tag), STR_FMT(p->then.digest));
	return set_scalar(out, a, source, p->tag, tag);
}

static bool
set_parts(struct retag *out, struct arena *a, struct str source, const struct parts *p)
{
	bool apart = !p->tag_holds_digest;
	struct str digest = p->then.digest.ptr && apart ? p->then.digest : STR("");

	if (!apart && p->then.digest.ptr && !p->then.tag.ptr)
		return retag_fail(out,
		    "its tag and digest are one value, but the image line has no tag",
		    "give the tag, too: REPO:TAG@DIGEST");
	if (p->then.digest.ptr && apart && !p->digest)
		return retag_fail(
		    out, "it has no 'digest' beside 'repository'", "add digest: \"\"");
	/* what the image line does not have becomes empty: an old tag or digest never survives */
	if (!set_repository(out, a, source, p) || !set_tag(out, a, source, p)
	    || (p->digest && !set_scalar(out, a, source, p->digest, digest)))
		return retag_fail(out, form_fault, form_hint);
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
	out->at = (p.tag && p.tag->at.len > 0 ? p.tag : p.repository)->at;
	if (place->repo_len > 0 && !str_eq(p.then.repo, p.now.repo))
		out->at = p.repository->at;
	out->old = image_text(a, &p.now);
	out->new = image_text(a, &p.then);
	out->is_template = image_is_filled_in(&p.now);
	if (out->is_template)
		return false;
	return !str_eq(out->old, out->new) && set_parts(out, a, source, &p);
}
