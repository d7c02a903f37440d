/* connect.h: how commands connect to the cluster, and whether this run may change it. */
#ifndef SESSION_CONNECT_H
#define SESSION_CONNECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"
#include "base/err.h"
#include "net/trace.h"

struct pachd;
struct pachd_facts;
struct plan;
struct run;
struct secret;
struct url;

/* -1 with ERR_USAGE and the ways to give one: no cluster is given. */
int connect_check_cluster(const struct run *run, struct err *err) NODISCARD;

/* Opens the cluster of input `cluster`; the caller ends it with pachd_close(). NULL: ERR_USAGE none is given, the address
 * is not valid, or the token would go unencrypted; the failures of connect_proxy() and pachd_open(). */
struct pachd *connect_open(struct run *run, struct err *err) NODISCARD;
/* The same with another token than the run's; borrowed until pachd_close(), NULL: none. */
struct pachd *connect_open_as(struct run *run, struct secret *token, struct err *err) NODISCARD;
/* Logs the cluster's address, release and user, with a notice for an unknown or a newer release. */
void connect_log_server(struct run *run, const struct pachd_facts *facts);
/* The same, and warns when the run's token expires soon. */
void connect_log_cluster(struct run *run, const struct pachd_facts *facts);
/* Warns where the run's token expires within input `warn`; `left_s` is how many seconds it is still valid. Whether it did. */
bool connect_warn_expiry(struct run *run, const struct pachd_facts *facts, int64_t left_s);
/* A notice where a failure can leave some of the plan's pipelines changed and others not (pachd before 1.12). */
void connect_log_sequence(
    struct run *run, const struct pachd_facts *facts, const struct plan *plan);
/* The file of the root certificates: SSL_CERT_FILE, in CI only where it lies in the workspace, as input 'ca-file' must, or
 * in a directory of the machine's own certificates. NULL: libcurl's default. */
const char *connect_roots(struct run *run);
/* *out gets the proxy on the way to `to` that the environment names, which is logged; NULL: none. -1 as proxy_choose(). */
int connect_proxy(
    struct run *run, const struct url *to, const char **out, struct err *err) NODISCARD;
/* With input `verbose` a trace that writes each call as a line of ci_debug(); else an empty one. */
struct trace connect_trace(struct run *run);
/* For commands that only read: on an untrusted event forgets the token, with a notice. */
void connect_drop_token(struct run *run);
/* Decides whether this run may change the cluster. *planning: it must not, as it is a plan, has `dry-run`, or is on a pull
 * request without `on-pull-request: push`. -1 with ERR_REFUSED: strangers can cause the event, or nothing shows who
 * caused it, unless inputs `allow-untrusted-event` or `event` say otherwise. */
int connect_decide(struct run *run, bool *planning, struct err *err) NODISCARD;

#endif
