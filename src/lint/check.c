#include "lint/check.h"

#include "base/arena.h"
#include "base/limits.h"
#include "lint/lint.h"
#include "wire/encode.h"
#include "wire/field_name.h"
#include "wire/generation.h"
#include "wire/release.h"

/* The tree as a spec of one line; *d becomes its mistakes. */
static ProtobufCMessage *
try_line(struct arena *a, enum api api, const struct node *tree, const char *file, uint32_t version,
    struct diags *d)
{
	struct encode f = { .arena = a,
		.diags = d,
		.file = file,
		.version = version,
		.keep_zero = version != 0 && generation_of(version)->v2 };

	*d = diags_in(a);
	return encode_message(&f, method_of(api, METHOD_CREATE_PIPELINE)->request, tree);
}

/* Dates without quotes: before 2.0 pachctl takes them for text. */
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

/* How badly a line's messages fit: fields that it does not have count before values that it does not take. */
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

ProtobufCMessage *
lint_check(
    struct arena *a, const struct node *tree, const char *file, uint32_t version, struct diags *d)
{
	/* one name has changed its type: resource_limits.gpu was a number up to 1.8.1 */
	const struct {
		enum api api;
		uint32_t version;
	} any[] = { { API_2, 0 }, { API_1, 0 }, { API_1, RELEASE(1, 8, 1) } };
	size_t lines = has_project(tree) ? 1 : COUNT_OF(any);
	struct lint l = { a, d, file, tree, version };
	struct diags best, one;
	ProtobufCMessage *request;

	if (version != 0) {
		request = try_line(a, generation_of(version)->api, tree, file, version, &best);
		diags_add(d, &best);
		check_dates(&l, tree);
		lint_spec(&l);
		return request;
	}
	(void)try_line(a, any[0].api, tree, file, any[0].version, &best);
	check_dates(&l, tree);
	l.version = RELEASE_NEWEST;
	for (size_t i = 1; i < lines && best.count > 0; i++) {
		(void)try_line(a, any[i].api, tree, file, any[i].version, &one);
		if (misfit(&one) >= misfit(&best))
			continue;
		best = one;
		l.version = RELEASE_2 - 1; /* the last of 1.x */
	}
	diags_add(d, &best);
	lint_spec(&l);
	return NULL;
}

void
lint_check_commands(struct arena *a, const struct node *document, const char *file,
    uint32_t version, struct diags *d)
{
	static const char *const commands[] = { "update", "reprocess", "dry_run", "spec_commit" };
	const struct encode f = { .arena = a, .diags = d, .file = file, .version = version };

	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		const struct node *n = node_field(document, commands[i]);

		if (n)
			(void)field_name_find(&f,
			    method_of(generation_of(version)->api, METHOD_CREATE_PIPELINE)->request,
			    n);
	}
}
