#include "pipeline/kube_name.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum { MAX_SUBDOMAIN = 253, MAX_LABEL = 63, MAX_CRON_JOB = 52 };

/* Kinds whose names are more than names. */
static const struct kind {
	const char *name;
	size_t max;
	bool begins_with_letter; /* a name of a service: RFC 1035 */
} kinds[] = {
	{ "Namespace", MAX_LABEL, false },
	{ "Service", MAX_LABEL, true },
	{ "Job", MAX_LABEL, false },        /* pods carry it as a label */
	{ "CronJob", MAX_CRON_JOB, false }, /* 11 more are for the jobs' own names */
	/* Kubeflow makes services of the names */
	{ "TFJob", MAX_LABEL, true },
	{ "PyTorchJob", MAX_LABEL, true },
	{ "MPIJob", MAX_LABEL, true },
	{ "MXJob", MAX_LABEL, true },
	{ "XGBoostJob", MAX_LABEL, true },
	{ "PaddleJob", MAX_LABEL, true },
	{ "JAXJob", MAX_LABEL, true },
};

static const struct kind other = { "", MAX_SUBDOMAIN, false };

static const struct kind *
find(struct str kind)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (str_is(kind, kinds[i].name))
			return &kinds[i];
	return &other;
}

size_t
kube_name_max(struct str kind)
{
	return find(kind)->max;
}

static bool
is_alnum(char c)
{
	return str_is_of((struct str){ &c, 1 }, CHARS_LOWER CHARS_DIGIT);
}

/* Each label of a subdomain begins and ends with a letter or digit. */
static bool
has_bad_end(struct str name)
{
	struct str rest = name, label;

	while (str_split(&rest, '.', &label))
		if (label.len == 0 || !is_alnum(label.ptr[0])
		    || !is_alnum(label.ptr[label.len - 1]))
			return true;
	return name.len == 0;
}

struct str
kube_name_fault(struct arena *a, struct str kind, struct str name)
{
	const struct kind *k = find(kind);

	if (k == &other && str_span(name, CHARS_LOWER CHARS_DIGIT "-.") < name.len)
		return STR("a name has only a-z, 0-9, '-' and '.'");
	if (k != &other && str_span(name, CHARS_LOWER CHARS_DIGIT "-") < name.len)
		return STR("this name has only a-z, 0-9 and '-'");
	if (name.len > k->max)
		return arena_fmt(
		    a, "it has %zu characters; at most %zu are allowed", name.len, k->max);
	if (has_bad_end(name))
		return STR("a name begins and ends with a letter or digit");
	if (k->begins_with_letter && str_span(name, CHARS_LOWER) == 0)
		return STR("this name begins with a letter");
	return STR("");
}
