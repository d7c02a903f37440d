/* health.h: how the cluster is, beside what it runs. */
#ifndef PACHD_HEALTH_H
#define PACHD_HEALTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct pachd;

/* What doctor and status ask. */
struct pachd_health {
	bool has_login;    /* authentication is on; pachd_facts() has the user's name */
	bool is_admin;     /* 1.x: of the whole cluster */
	int64_t expires_s; /* when the token lapses, in seconds since 1970; 0: never, or not said */
	bool is_paused;    /* 2.8+ */
	struct str id;     /* the cluster's; 2.x */
	struct str *warnings; /* the server's own words on versions that do not fit */
	size_t warning_count;
};

/* `now_s`: our clock, in seconds since 1970. What this release cannot say, or refuses to say, stays empty. In the
 * cluster's arena. -1: the channel's failures. */
int pachd_health(
    struct pachd *p, int64_t now_s, struct pachd_health *out, struct err *err) NODISCARD;

#endif
