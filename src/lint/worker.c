/* The rules of pachd's validatePipelineRequest, validatePipeline and validateSecret. */
#include "lint/worker.h"

#include "base/arena.h"
#include "format/json.h"
#include "format/json_token.h"
#include "format/scan.h"
#include "lint/lint.h"
#include "lint/member.h"
#include "wire/release.h"

static void
report(const struct lint *l, enum check check, const struct node *n, const char *what,
    const char *hint)
{
	diag_hint(l->diags, diags_report(l->diags, check, l->file, n->at, "%s", what), "%s", hint);
}

/* The same at the member's key, where the value is not at fault. */
static void
report_key(const struct lint *l, enum check check, const struct node *n, const char *what,
    const char *hint)
{
	diag_hint(
	    l->diags, diags_report(l->diags, check, l->file, n->key_at, "%s", what), "%s", hint);
}

static void
check_command(const struct lint *l, const struct node *transform)
{
	const struct node *cmd = lint_member(transform, "cmd"),
	                  *input = lint_member(transform, "stdin");

	if (!transform || transform->kind != NODE_OBJECT || lint_member(transform, "build"))
		return;
	if (cmd && (cmd->kind != NODE_ARRAY || cmd->count > 0))
		return;
	if (input && input->kind == NODE_ARRAY && input->count > 0)
		report_key(l, CHECK_COMMAND, input, "stdin is set, but cmd is missing",
		    "add cmd: [\"/bin/sh\"]");
}

static void
check_environment(const struct lint *l, const struct node *env)
{
	if (!env || env->kind != NODE_OBJECT)
		return;
	for (const struct node *n = env->first; n; n = n->next) {
		bool good = n->key.len > 0;

		for (size_t i = 0; i < n->key.len; i++)
			good = good && (unsigned char)n->key.ptr[i] > ' ' && n->key.ptr[i] != '=';
		if (!good)
			diag_hint(l->diags,
			    diags_report(l->diags, CHECK_ENVIRONMENT, l->file, n->key_at,
			        "invalid environment variable name '%.*s'",
			        STR_FMT(str_head(n->key, 100))),
			    "use letters, digits and '_'");
	}
}

static void
check_secret(const struct lint *l, const struct node *secret)
{
	bool has_path = lint_text(secret, "mount_path").len > 0;
	bool has_variable = lint_text(secret, "env_var").len > 0;

	if (secret->kind != NODE_OBJECT)
		return;
	if (lint_is_mistyped(l, secret, "name") || lint_is_mistyped(l, secret, "mount_path")
	    || lint_is_mistyped(l, secret, "env_var") || lint_is_mistyped(l, secret, "key"))
		return;
	if (lint_text(secret, "name").len == 0)
		report(l, CHECK_SECRET, secret, "the secret has no name", "write name");
	else if (!has_path && !has_variable)
		report(l, CHECK_SECRET, secret, "the secret has neither mount_path nor env_var",
		    "add mount_path, or env_var and key");
	else if (has_variable && lint_text(secret, "key").len == 0)
		report(l, CHECK_SECRET, secret, "the secret has env_var, but no key",
		    "add the key whose value the variable gets");
}

static void
check_transform(const struct lint *l)
{
	const struct node *transform = lint_member(l->spec, "transform");
	const struct node *secrets = lint_member(transform, "secrets");

	/* the built-in defaults of 2.8 and later have one; 1.9.4 and earlier crash */
	if (!transform && l->version < RELEASE(2, 8, 0))
		diag_hint(l->diags,
		    diags_error(
		        l->diags, CHECK_COMMAND, l->file, l->spec->at, "the spec has no transform"),
		    "add \"transform\" with \"image\" and \"cmd\"");
	check_command(l, transform);
	check_environment(l, lint_member(transform, "env"));
	if (secrets && secrets->kind == NODE_ARRAY)
		for (const struct node *n = secrets->first; n; n = n->next)
			check_secret(l, n);
}

static void
check_parallelism(const struct lint *l)
{
	const struct node *spec = lint_member(l->spec, "parallelism_spec");
	const struct node *coefficient = lint_member(spec, "coefficient");
	bool is_scaled = coefficient && !str_is(coefficient->text, "0");

	if (!spec)
		return;
	if (is_scaled && lint_number(spec, "constant") != 0)
		report(l, CHECK_PARALLELISM, spec, "constant and coefficient are both set",
		    "keep constant");
	else if ((is_scaled && str_starts(coefficient->text, "-"))
	         || lint_number(spec, "constant") < 0)
		report(l, CHECK_PARALLELISM, spec, "parallelism is negative",
		    "use constant: 1 or more");
}

static void
check_service(const struct lint *l, const struct node *service)
{
	const struct node *parallelism = lint_member(l->spec, "parallelism_spec");
	const struct node *type = lint_member(service, "type");

	if (!service)
		return;
	if (parallelism && lint_number(parallelism, "constant") != 1)
		report(l, CHECK_SERVICE, parallelism, "a service runs exactly one worker",
		    "use constant: 1, or remove parallelism_spec");
	if (type && type->kind == NODE_STRING && type->text.len > 0
	    && l->version >= RELEASE(1, 9, 0) && !str_is(type->text, "ClusterIP")
	    && !str_is(type->text, "LoadBalancer") && !str_is(type->text, "NodePort"))
		report(l, CHECK_SERVICE, type, "unknown service type",
		    "use ClusterIP, LoadBalancer or NodePort");
}

static void
check_spout(const struct lint *l, const struct node *spout)
{
	const struct node *autoscaling = lint_member(l->spec, "autoscaling");
	const struct node *stats = lint_member(l->spec, "enable_stats");

	if (!spout)
		return;
	if (lint_is_true(l->spec, "autoscaling") && l->version >= RELEASE_2)
		report_key(l, CHECK_SPOUT, autoscaling, "a spout cannot use autoscaling",
		    "remove autoscaling");
	if (lint_is_true(l->spec, "enable_stats") && l->version < RELEASE_2)
		report_key(
		    l, CHECK_SPOUT, stats, "a spout cannot have stats", "remove enable_stats");
}

static void
check_s3_out(const struct lint *l)
{
	const struct node *out = lint_member(l->spec, "s3_out");

	if (!lint_is_true(l->spec, "s3_out") || l->version < RELEASE(1, 10, 0))
		return;
	if (lint_member(l->spec, "service") || lint_member(l->spec, "spout"))
		report_key(l, CHECK_S3_OUT, out, "s3_out cannot be used with a service or a spout",
		    "remove one of the two");
	else if (lint_is_true(l->spec, "enable_stats") && l->version < RELEASE_2)
		report_key(l, CHECK_S3_OUT, out, "s3_out cannot be used with enable_stats",
		    "remove one of the two");
}

static void
check_reprocess(const struct lint *l)
{
	const struct node *spec = lint_member(l->spec, "reprocess_spec");

	if (spec && spec->kind == NODE_STRING && spec->text.len > 0
	    && l->version >= RELEASE(1, 13, 0) && !str_is(spec->text, "until_success")
	    && !str_is(spec->text, "every_job"))
		report(l, CHECK_REPROCESS_SPEC, spec,
		    "reprocess_spec must be until_success or every_job",
		    "use one of the two, or remove it");
}

/* Whether the text is JSON; *first becomes its first character. Else *inside may get the reason. */
static bool
is_json(const struct lint *l, struct str text, int *first, struct diags *inside)
{
	struct scan s = {
		.arena = l->arena, .diags = inside, .file = "x.json", .text = text, .line = 1
	};
	bool good;

	json_blanks(&s);
	*first = scan_peek(&s);
	good = json_read(&s) != NULL;
	json_blanks(&s);
	return good && inside->errors == 0 && scan_peek(&s) < 0;
}

/* pod_spec and pod_patch: JSON within a string. */
static void
check_pod_json(const struct lint *l, const char *field)
{
	const struct node *text = lint_member(l->spec, field);
	struct diags inside = diags_in(l->arena);
	struct str why = { "", 0 };
	int first;

	if (!text || text->kind != NODE_STRING || text->text.len == 0)
		return;
	if (is_json(l, text->text, &first, &inside)) {
		if (first != '{' && first != '[')
			diag_hint(l->diags,
			    diags_warn(l->diags, CHECK_POD_PATCH, l->file, text->at,
			        "%s is neither an object nor a list", field),
			    "write the JSON as an object");
		return;
	}
	if (inside.count > 0)
		why = inside.list[0].what;
	diag_hint(l->diags,
	    diags_report(l->diags, CHECK_POD_PATCH, l->file, text->at, "%s is not valid JSON%s%.*s",
	        field, inside.count ? ": " : "", STR_FMT(why)),
	    "correct the JSON, or write it as an object");
}

static void
check_tolerations(const struct lint *l)
{
	const struct node *list = lint_member(l->spec, "tolerations");

	if (!list || list->kind != NODE_ARRAY || l->version < RELEASE(2, 5, 0))
		return;
	for (const struct node *n = list->first; n; n = n->next) {
		const struct node *how = lint_member(n, "operator");
		bool good = how
		            && (str_is(how->text, "EXISTS") || str_is(how->text, "EQUAL")
		                || str_is(how->text, "1") || str_is(how->text, "2"));

		if (n->kind == NODE_OBJECT && !good)
			report(l, CHECK_TOLERATION, how ? how : n,
			    "the toleration operator must be EXISTS or EQUAL",
			    "use one of the two");
	}
}

static void
check_times(const struct lint *l)
{
	static const char *const times[] = { "datum_timeout", "job_timeout", "datum_tries",
		"max_queue_size" };

	for (size_t i = 0; i < COUNT_OF(times); i++) {
		const struct node *n = lint_member(l->spec, times[i]);

		if (n && (n->kind == NODE_STRING || n->kind == NODE_NUMBER)
		    && str_starts(n->text, "-"))
			diag_hint(l->diags,
			    diags_report(l->diags, CHECK_NEGATIVE, l->file, n->at, "%s is negative",
			        times[i]),
			    "use a positive value, or remove it");
	}
}

void
lint_worker(const struct lint *l)
{
	const struct node *spout = lint_member(l->spec, "spout");
	const struct node *service = lint_member(l->spec, "service");
	const struct node *tf_job = lint_member(l->spec, "tf_job");

	check_transform(l);
	check_parallelism(l);
	check_service(l, service ? service : lint_member(spout, "service"));
	check_spout(l, spout);
	check_s3_out(l);
	check_reprocess(l);
	check_pod_json(l, "pod_spec");
	check_pod_json(l, "pod_patch");
	check_tolerations(l);
	check_times(l);
	if (tf_job && l->version >= RELEASE(1, 9, 8))
		report_key(l, CHECK_TF_JOB, tf_job, "tf_job is not supported since pachd 1.9.8",
		    "start the job from the pipeline's own code");
}
