/* connect.h: the way to the cluster, as all commands that ask one take it, and whether they may change it. */
#ifndef SESSION_CONNECT_H
#define SESSION_CONNECT_H

#include <stdbool.h>

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

/*
 * connect_open() opens the one of input `cluster`; NULL with
 * ERR_USAGE where none is given, for an invalid address, for a token that would go unencrypted, or what
 * pachd_open() says. The caller ends it with pachd_close().
 */
struct pachd *connect_open(struct run *run, struct err *err) NODISCARD;
/* The same with another token than the run's; borrowed until pachd_close(), NULL: none. */
struct pachd *connect_open_as(struct run *run, struct secret *token, struct err *err) NODISCARD;
/* Logs which cluster answers, and what is special about it. */
void connect_log_server(struct run *run, const struct pachd_facts *facts);
/* The same, and warns when the run's token expires soon. */
void connect_log_cluster(struct run *run, const struct pachd_facts *facts);
/* A notice where a failure can leave some of the plan's pipelines changed and others not (before 1.12). */
void connect_log_sequence(
    struct run *run, const struct pachd_facts *facts, const struct plan *plan);
/* Where the machine's root certificates are: SSL_CERT_FILE; in CI only when it lies in the workspace, as
 * input 'ca-file' must, or where a machine has its own. NULL: libcurl's place. */
const char *connect_roots(struct run *run);
/* The proxy on the way to `to` by the environment, in *out, which the log names; NULL: none. -1 as
 * proxy_choose(). */
int connect_proxy(
    struct run *run, const struct url *to, const char **out, struct err *err) NODISCARD;
/* Where each call is reported with input `verbose`: as ci_debug() lines; else nowhere. */
struct trace connect_trace(struct run *run);
/* What only reads goes without the token on such an event, with a notice. */
void connect_drop_token(struct run *run);
/* Whether this run must not change the cluster, in *planning: as a plan, with `dry-run`, and on a pull
 * request unless asked otherwise. ERR_REFUSED on an event that strangers can cause (promise 8), unless
 * that is allowed. */
int connect_decide(struct run *run, bool *planning, struct err *err) NODISCARD;

#endif
