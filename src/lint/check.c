#include "lint/check.h"

#include "base/arena.h"
#include "base/limits.h"
#include "lint/lint.h"
#include "wire/encode.h"
#include "wire/field_name.h"
#include "wire/field_releases.h"
#include "wire/generation.h"
#include "wire/release.h"

/* An interface, and the release that the tree is for; 0: any of that interface. */
struct line {
	enum api api;
	uint32_t version;
};

/* The tree as a spec of that interface, in `a`; its mistakes are added to `d`. */
static ProtobufCMessage *
encode(
    struct arena *a, struct line line, const struct node *tree, const char *file, struct diags *d)
{
	struct encode f = { .arena = a,
		.diags = d,
		.file = file,
		.version = line.version,
		.keep_zero = line.version != 0 && generation_of(line.version)->v2 };

	return encode_message(&f, method_of(line.api, METHOD_CREATE_PIPELINE)->request, tree);
}

/* Only the mistakes, in `a`. */
static struct diags
try_line(struct arena *a, struct line line, const struct node *tree, const char *file)
{
	struct arena *scratch = arena_like(a);
	struct diags d = diags_in(a);

	(void)encode(scratch, line, tree, file, &d);
	arena_free(scratch);
	return d;
}

/* Dates without quotes: pachctl before 2.0 reads them as text. */
static void
check_dates(const struct lint *l, const struct node *n)
{
	static const char hint[] = "put it in quotes";

	if (n->is_date && l->version >= RELEASE_2)
		diag_hint(l->diags,
		    diags_error(l->diags, CHECK_YAML, l->file, n->at,
		        "a date without quotes, which pachctl 2.0 and later refuse"),
		    hint);
	else if (n->is_date)
		diag_hint(l->diags,
		    diags_warn(l->diags, CHECK_YAML, l->file, n->at,
		        "a date without quotes: pachctl 1.13 reads the text '%.*s', pachctl 2.0 "
		        "and later refuse it",
		        STR_FMT(n->text)),
		    hint);
	for (n = n->first; n; n = n->next)
		check_dates(l, n);
}

/* How badly the tree fits an interface: unknown fields count more than wrong values. */
static size_t
misfit(const struct diags *d)
{
	size_t unknown = 0;

	for (size_t i = 0; i < d->count; i++)
		unknown += d->list[i].check == CHECK_UNKNOWN_FIELD
		           || d->list[i].check == CHECK_OTHER_RELEASE;
	return unknown * (MAX_DIAGS + 1) + d->count;
}

/* Only 2.5 and later have projects. */
static bool
has_project(const struct node *tree)
{
	return node_field(node_field(tree, "pipeline"), "project") != NULL;
}

/* The mistakes for the interface that fits better; *version becomes its last release. */
static struct diags
try_lines(struct arena *a, const struct node *tree, const char *file, uint32_t *version)
{
	/* one name has changed its type: resource_limits.gpu was a number up to 1.8.1 */
	static const struct line any[] = { { API_2, 0 }, { API_1, 0 },
		{ API_1, RELEASE(1, 8, 1) } };
	size_t lines = has_project(tree) ? 1 : COUNT_OF(any);
	struct diags best = try_line(a, any[0], tree, file);

	*version = RELEASE_NEWEST;
	for (size_t i = 1; i < lines && best.count > 0; i++) {
		struct diags one = try_line(a, any[i], tree, file);

		if (misfit(&one) >= misfit(&best))
			continue;
		best = one;
		*version = RELEASE_2 - 1; /* the last of 1.x */
	}
	return best;
}

static struct line
line_of(uint32_t version)
{
	return (struct line){ generation_of(version)->api, version };
}

/* Adds the mistakes that the encoding and the rules find. */
static void
check_release(const struct lint *l, const struct diags *found)
{
	diags_add(l->diags, found);
	check_dates(l, l->spec);
	lint_spec(l);
}

ProtobufCMessage *
lint_request(
    struct arena *a, const struct node *tree, const char *file, uint32_t version, struct diags *d)
{
	struct lint l = { a, d, file, tree, version };
	struct diags found = diags_in(a);
	ProtobufCMessage *request = encode(a, line_of(version), tree, file, &found);

	check_release(&l, &found);
	return request;
}

void
lint_check(
    struct arena *a, const struct node *tree, const char *file, uint32_t version, struct diags *d)
{
	struct lint l = { a, d, file, tree, version };
	struct diags found;

	if (version != 0) {
		found = try_line(a, line_of(version), tree, file);
		check_release(&l, &found);
		return;
	}
	check_dates(&l, tree);
	found = try_lines(a, tree, file, &l.version);
	diags_add(d, &found);
	lint_spec(&l);
}

void
lint_check_commands(struct arena *a, const struct node *document, const char *file,
    uint32_t version, struct diags *d)
{
	static const char *const commands[] = { "update", "reprocess", "dry_run", "spec_commit" };
	const struct encode f = { .arena = a, .diags = d, .file = file, .version = version };
	const ProtobufCMessageDescriptor *type =
	    method_of(generation_of(version)->api, METHOD_CREATE_PIPELINE)->request;
	struct field_rows rows = field_rows_of(type->name);

	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		const struct node *n = node_field(document, commands[i]);

		if (n)
			(void)field_name_find(&f, type, &rows, n);
	}
}
