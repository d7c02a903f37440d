/* manifest.h: the manifest that a registry sends for an image, and its digest (OCI image specification 1.1, Docker's
 * schema 2). */
#ifndef REGISTRY_MANIFEST_H
#define REGISTRY_MANIFEST_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct arena;

/* The header line that accepts each kind of manifest that is an image. */
extern const char manifest_accept[];

/*
 * The digest of a manifest, "sha256:…" in `a`: the SHA-256 of its bytes. -1 with ERR_REFUSED: its `type`
 * (Content-Type) is not an image's, it is not a JSON object of schema 2, or its digest is not `said`, which was
 * asked for or comes from the registry (empty: none).
 */
int manifest_digest(struct arena *a, struct str bytes, struct str type, struct str said,
    struct str *out, struct err *err) NODISCARD;

#endif
