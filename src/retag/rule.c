#include "retag/rule.h"

#include "base/arena.h"
#include "pipeline/credential.h"
#include "pipeline/image.h"
#include "pipeline/spec.h"

/* Checks the new reference, gives it the tag where it has none, and puts it into the rule. */
static int
set_image(struct rule *rule, struct arena *a, struct str reference, struct str tag, struct err *err)
{
	struct image im = image_split(reference);
	const char *fault;

	if (!im.tag.ptr && !im.digest.ptr)
		im.tag = tag;
	if (str_is(im.tag, "*") && (rule->renames || rule->kind == RULE_PIPELINE)
	    && !im.digest.ptr) {
		rule->keeps = true;
		im.tag.ptr = NULL;
	}
	fault = image_fault(&im);
	if (fault) {
		(void)err_set(err, ERR_USAGE, "image line '%.*s': %s",
		    STR_FMT(credential_hide_users(a, rule->text)), fault);
		if (str_is(im.tag, "*"))
			return err_hint(
			    err, "use REPO=NEWREPO:*, which keeps the old tag and digest");
		return err_hint(err, "use REPO[=NEWREPO][:TAG][@DIGEST] or PIPELINE==IMAGE, for "
		                     "example host:5000/team/edges:1.2");
	}
	rule->image = image_text(a, &im);
	return 0;
}

static bool
same_subject(const struct rule *a, const struct rule *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case RULE_REPO:
		return image_same_repo(a->repo, b->repo);
	case RULE_PIPELINE:
		return str_eq(a->name, b->name) && str_eq(a->project, b->project);
	case RULE_ALL:
		return true;
	}
	return false;
}

static int
add_rule(struct rules *rules, struct arena *a, struct rule rule, struct err *err)
{
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *other = &rules->list[i];

		if (!same_subject(other, &rule))
			continue;
		if (str_eq(other->image, rule.image) && other->keeps == rule.keeps
		    && other->renames == rule.renames)
			return 0;
		(void)err_set(err, ERR_USAGE, "image lines '%.*s' and '%.*s' match the same images",
		    STR_FMT(other->text), STR_FMT(rule.text));
		return err_hint(
		    err, "keep one of them, or pin single pipelines with PIPELINE==IMAGE");
	}
	ARENA_ADD(a, rules, rule);
	return 0;
}

/* [PROJECT/]PIPELINE==IMAGE; `at` is where the "==" is. */
static int
add_pin(struct rules *rules, struct arena *a, struct str line, size_t at, struct str tag,
    struct err *err)
{
	struct str subject = str_head(line, at);
	struct rule rule = { .kind = RULE_PIPELINE, .text = line };
	size_t slash = str_find(subject, '/');

	rule.name = slash < subject.len ? str_tail(subject, slash + 1) : subject;
	rule.project = slash < subject.len ? str_head(subject, slash) : (struct str){ "", 0 };
	if (rule.name.len == 0 || (slash < subject.len && rule.project.len == 0)) {
		(void)err_set(
		    err, ERR_USAGE, "image line '%.*s' has no pipeline before '=='", STR_FMT(line));
		return err_hint(err, "use PIPELINE==IMAGE or PROJECT/PIPELINE==IMAGE");
	}
	if (set_image(&rule, a, str_tail(line, at + 2), tag, err) < 0)
		return -1;
	return add_rule(rules, a, rule, err);
}

/* REPO=NEWREPO[:TAG][@DIGEST], `at` is where the '=' is; or REPO[:TAG][@DIGEST]. */
static int
add_repo(struct rules *rules, struct arena *a, struct str line, size_t at, struct str tag,
    struct err *err)
{
	struct image old = image_split(str_head(line, at));
	struct rule rule = {
		.kind = RULE_REPO, .text = line, .repo = old.repo, .renames = at < line.len
	};
	const char *fault;

	if (at < line.len) {
		fault =
		    old.tag.ptr || old.digest.ptr ? "tag or digest before '='" : image_fault(&old);
		if (fault) {
			(void)err_set(
			    err, ERR_USAGE, "image line '%.*s': %s", STR_FMT(line), fault);
			return err_hint(
			    err, "use REPO=NEWREPO[:TAG][@DIGEST]; every tag of REPO is replaced");
		}
	}
	if (set_image(&rule, a, at < line.len ? str_tail(line, at + 1) : line, tag, err) < 0)
		return -1;
	return add_rule(rules, a, rule, err);
}

bool
rule_needs_tag(struct str line)
{
	size_t equals = str_rfind(line, '=');
	struct image im =
	    image_split(str_trim(equals < line.len ? str_tail(line, equals + 1) : line));

	return !im.tag.ptr && !im.digest.ptr;
}

int
rules_add(struct rules *rules, struct arena *a, struct str line, struct str tag, struct err *err)
{
	struct str text = arena_str(a, str_trim(line));
	size_t equals = str_find(text, '=');

	if (equals + 1 < text.len && text.ptr[equals + 1] == '=')
		return add_pin(rules, a, text, equals, tag, err);
	return add_repo(rules, a, text, equals, tag, err);
}

int
rules_add_all(
    struct rules *rules, struct arena *a, struct str repo, struct str tag, struct err *err)
{
	struct rule rule = { .kind = RULE_ALL, .text = arena_str(a, str_trim(repo)) };

	if (set_image(&rule, a, rule.text, tag, err) < 0)
		return -1;
	return add_rule(rules, a, rule, err);
}

static bool
is_about(const struct rule *rule, const struct spec *spec)
{
	switch (rule->kind) {
	case RULE_REPO:
		return spec->image
		       && image_same_repo(rule->repo, image_split(spec->image->text).repo);
	case RULE_PIPELINE:
		return str_eq(rule->name, spec->name)
		       && (rule->project.len == 0 || str_eq(rule->project, spec->project));
	case RULE_ALL:
		return spec->image != NULL;
	}
	return false;
}

/* How narrow a rule is: the narrowest one that matches a spec wins. */
static int
narrowness(const struct rule *rule)
{
	switch (rule->kind) {
	case RULE_PIPELINE:
		return rule->project.len ? 3 : 2;
	case RULE_REPO:
		return 1;
	case RULE_ALL:
		return 0;
	}
	return 0;
}

const struct rule *
rules_match(struct rules *rules, const struct spec *spec)
{
	struct rule *best = NULL;

	for (size_t i = 0; i < rules->count; i++) {
		struct rule *rule = &rules->list[i];

		if (!is_about(rule, spec))
			continue;
		rule->used++; /* a pinned pipeline's repository is matched all the same */
		if (!best || narrowness(rule) > narrowness(best))
			best = rule;
	}
	return best;
}

struct image
rule_result(const struct rule *rule, const struct image *now)
{
	struct image then = image_split(rule->image);

	if (rule->kind == RULE_REPO && !rule->renames)
		then.repo = now->repo;
	if (rule->keeps) {
		then.tag = now->tag;
		then.digest = now->digest;
	}
	return then;
}

struct str
rule_result_text(struct arena *a, const struct rule *rule, struct str now)
{
	struct image old = image_split(now), then = rule_result(rule, &old);

	return image_text(a, &then);
}

struct str
rule_short_name(const struct rule *rule)
{
	struct str name = rule->kind == RULE_PIPELINE ? rule->name : rule->repo;

	(void)str_take(&name, "docker.io/");
	(void)str_take(&name, "library/");
	return name;
}

struct str
rules_find(const struct rules *rules, struct str text)
{
	for (size_t i = 0; i < rules->count; i++) {
		struct str name = rule_short_name(&rules->list[i]);

		if (name.len > 0 && str_holds(text, name))
			return name;
	}
	return (struct str){ "", 0 };
}

bool
rules_concern(const struct rules *rules, struct str text)
{
	if (!rules || rules_find(rules, text).len > 0)
		return true;
	for (size_t i = 0; i < rules->count; i++)
		if (str_holds(text, image_split(rules->list[i].image).repo))
			return true;
	return false;
}

const struct rule *
rules_unused(const struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		if (rules->list[i].used == 0)
			return &rules->list[i];
	return NULL;
}
