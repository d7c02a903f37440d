/* Mistakes that no server reports: quantities that it drops, limits below requests, labels that Kubernetes refuses. */
#include "lint/resources.h"

#include "base/arena.h"
#include "lint/lint.h"
#include "lint/member.h"
#include "lint/quantity.h"
#include "wire/release.h"

static const char *const amounts[] = { "memory", "cpu", "disk" };

/* The amount as a number; false when it is not there or cannot be read. */
static bool
read_amount(const struct node *resources, const char *name, double *value)
{
	const struct node *n = lint_member(resources, name);

	return n && (n->kind == NODE_STRING || n->kind == NODE_NUMBER) && n->text.len > 0
	       && quantity_read(n->text, value);
}

static void
check_quantity(const struct lint *l, const struct node *n)
{
	double value;

	if (!n || n->kind != NODE_STRING || n->text.len == 0)
		return;
	if (!quantity_read(n->text, &value) || value < 0)
		diag_hint(l->diags,
		    diags_report(l->diags, CHECK_QUANTITY, l->file, n->at,
		        "invalid quantity '%.*s'", STR_FMT(str_head(n->text, 100))),
		    "use for example 500m, 2, 64Mi or 1G");
}

static void
check_gpu(const struct lint *l, const struct node *gpu)
{
	if (!gpu || gpu->kind != NODE_OBJECT)
		return;
	if (lint_is_mistyped(l, gpu, "type") || lint_is_mistyped(l, gpu, "number"))
		return;
	if (lint_text(gpu, "type").len == 0 || lint_number(gpu, "number") <= 0)
		diag_hint(l->diags,
		    diags_report(l->diags, CHECK_GPU, l->file, gpu->at, "the gpu has no %s",
		        lint_text(gpu, "type").len == 0 ? "type" : "number"),
		    "use gpu: {type: nvidia.com/gpu, number: 1}");
}

static void
check_resources(const struct lint *l, const char *field)
{
	const struct node *resources = lint_member(l->spec, field);

	check_quantity(l, lint_member(resources, "memory"));
	check_quantity(l, lint_member(resources, "disk"));
	check_gpu(l, lint_member(resources, "gpu"));
}

static void
compare(const struct lint *l, const char *request_field, const char *limit_field)
{
	const struct node *requests = lint_member(l->spec, request_field);
	const struct node *limits = lint_member(l->spec, limit_field);
	double request, limit;

	for (size_t i = 0; i < COUNT_OF(amounts); i++) {
		const struct node *n = lint_member(limits, amounts[i]);

		if (!read_amount(requests, amounts[i], &request)
		    || !read_amount(limits, amounts[i], &limit) || limit == 0 || limit >= request)
			continue;
		diag_hint(l->diags,
		    diags_report(l->diags, CHECK_LIMIT_BELOW_REQUEST, l->file, n->at,
		        "%s: limit %.*s is below request %.*s", amounts[i], STR_FMT(n->text),
		        STR_FMT(lint_member(requests, amounts[i])->text)),
		    "raise the limit or lower the request");
	}
}

static void
check_datum_sets(const struct lint *l)
{
	static const char *const ways[] = { "number", "size_bytes", "per_worker" };
	const struct node *spec = lint_member(l->spec, "datum_set_spec");
	size_t count = 0;
	bool is_negative = false;

	if (!spec)
		spec = lint_member(l->spec, "chunk_spec");
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		count += lint_number(spec, ways[i]) != 0;
		is_negative = is_negative || lint_number(spec, ways[i]) < 0;
	}
	if (count > 1 || is_negative)
		diag_hint(l->diags,
		    diags_report(l->diags, CHECK_DATUM_SET, l->file, spec->at,
		        is_negative ? "the datum set size is negative"
		                    : "the datum set has more than one size; only one is used"),
		    "keep one of number, size_bytes and per_worker");
}

static bool
is_label_byte(char c, bool is_edge)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
	       || (!is_edge && (c == '-' || c == '_' || c == '.'));
}

/* Kubernetes: at most 63 bytes, letters and digits at both ends. */
static bool
is_label(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_label_byte(s.ptr[i], i == 0 || i + 1 == s.len))
			return false;
	return s.len <= 63;
}

static void
check_labels(const struct lint *l, const struct node *map, bool has_label_values)
{
	if (!map || map->kind != NODE_OBJECT)
		return;
	for (const struct node *n = map->first; n; n = n->next) {
		size_t slash = str_find(n->key, '/');
		struct str name = slash < n->key.len ? str_tail(n->key, slash + 1) : n->key;
		bool good = name.len > 0 && is_label(name) && slash <= 253;

		if (!good || (has_label_values && n->kind == NODE_STRING && !is_label(n->text)))
			diag_hint(l->diags,
			    diags_report(l->diags, CHECK_LABEL, l->file, good ? n->at : n->key_at,
			        "Kubernetes does not allow the label or annotation '%.*s'",
			        STR_FMT(str_head(good ? n->text : n->key, 100))),
			    "use letters, digits, '-', '_' and '.', at most 63");
	}
}

/* ValidateSQLDatabaseEgress of pachd 2.2 and later. */
static void
check_sql_egress(const struct lint *l)
{
	const struct node *sql = lint_member(lint_member(l->spec, "egress"), "sql_database");
	const struct node *secret = lint_member(sql, "secret");

	if (!sql || sql->kind != NODE_OBJECT
	    || (lint_text(secret, "name").len > 0 && lint_text(secret, "key").len > 0))
		return;
	diag_hint(l->diags,
	    diags_error(l->diags, CHECK_EGRESS, l->file, sql->at,
	        "egress to an SQL database needs a secret with name and key"),
	    "add secret: {name: NAME, key: PACHYDERM_SQL_PASSWORD}");
}

/* The URL's scheme: only the worker checks it, when the job ends. */
static void
check_egress(const struct lint *l)
{
	static const char *const schemes[] = { "s3", "gs", "gcs", "wasb", "azblob", "as", "local",
		"file", "minio", "test-minio" };
	const struct node *egress = lint_member(l->spec, "egress");
	const struct node *url = lint_member(egress, "URL");
	struct str scheme;

	if (!url)
		url = lint_member(lint_member(egress, "object_storage"), "url");
	if (!url || url->kind != NODE_STRING || url->text.len == 0)
		return;
	scheme = str_head(url->text, str_find(url->text, ':'));
	for (size_t i = 0; i < COUNT_OF(schemes); i++)
		if (str_is(scheme, schemes[i]) && str_holds(url->text, STR("://")))
			return;
	diag_hint(l->diags,
	    diags_report(l->diags, CHECK_EGRESS, l->file, url->at,
	        "egress URL '%.*s' has no supported scheme", STR_FMT(str_head(url->text, 100))),
	    "use for example s3://bucket/path or gs://bucket/path");
}

void
lint_resources(const struct lint *l)
{
	const struct node *metadata = lint_member(l->spec, "metadata");

	check_resources(l, "resource_requests");
	check_resources(l, "resource_limits");
	check_resources(l, "sidecar_resource_requests");
	check_resources(l, "sidecar_resource_limits");
	compare(l, "resource_requests", "resource_limits");
	compare(l, "sidecar_resource_requests", "sidecar_resource_limits");
	if (l->version < RELEASE_2)
		check_quantity(l, lint_member(l->spec, "cache_size"));
	check_datum_sets(l);
	check_labels(l, lint_member(metadata, "labels"), true);
	check_labels(l, lint_member(metadata, "annotations"), false);
	check_egress(l);
	check_sql_egress(l);
}
