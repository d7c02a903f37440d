/* template.h: Jsonnet templates, which the cluster renders (pachd 2.1 and later). */
#ifndef PACHD_TEMPLATE_H
#define PACHD_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "format/jsonnet.h"
#include "pachd/pachd.h"

/* One rendering: the caller fills the upper half, pachd_render() the lower. */
struct pachd_template {
	struct str text; /* the template; valid UTF-8, no NUL */
	const struct jsonnet_argument *arguments;
	size_t count;

	bool is_rendered;
	struct str json;  /* the document, not checked */
	struct str fault; /* where it was not rendered: the server's words; never trusted */
};

/* Whether the cluster's release renders templates. */
bool pachd_can_render(const struct pachd *p);

/* Renders all of them in one flight, where pachd_can_render(); a mistake in a template is in its `fault`. Texts
 * live in the cluster's arena. -1: the channel's failures, those of rpc_error(); ERR_NETWORK, an answer is
 * malformed. */
int pachd_render(
    struct pachd *p, struct pachd_template *list, size_t count, struct err *err) NODISCARD;

#endif
