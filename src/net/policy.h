/* policy.h: inside net/ only: how every connection is made, that of gRPC and those of REST APIs. */
#ifndef NET_POLICY_H
#define NET_POLICY_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

/* What may differ from one connection to the next. Its pointers are borrowed as long as the handle
 * lives. */
struct policy {
	bool has_tls;           /* https, and nothing else; else http, and nothing else */
	const char *ca_file;    /* PEM roots instead of the system's; NULL */
	struct str ca_pem;      /* PEM roots themselves, which count before ca_file; empty: none */
	const char *ca_default; /* where the system's roots are; NULL: where libcurl looks */
	const char *proxy;      /* with TLS only; NULL: none, whatever the environment says */
	const char *user_agent;
	int64_t connect_ms; /* how long TCP and TLS may take */
};

/* TLS 1.2 or later with full verification, no redirects, no .netrc, no proxy of the environment, none at all
 * over plaintext, no signals. *code as SETOPT() has it. */
void policy_set(CURL *e, const struct policy *p, CURLcode *code);

#endif
