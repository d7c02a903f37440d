/* manifest.h: what a registry sends as an image: which one is it? (OCI image specification 1.1, Docker's schema 2.) */
#ifndef REGISTRY_MANIFEST_H
#define REGISTRY_MANIFEST_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;

/* The header line that asks for each form of a manifest that is an image. */
extern const char manifest_accept[];

/*
 * The digest of a manifest, "sha256:…" in `a`: the SHA-256 of its very bytes. -1 with ERR_REFUSED: it is of a `type`
 * (Content-Type) that is not an image's, not a JSON object of schema 2, or `said`, the digest that was asked for or that the
 * registry names (empty: none), is another one.
 */
int manifest_digest(struct arena *a, struct str bytes, struct str type, struct str said,
    struct str *out, struct err *err) NODISCARD;

#endif
