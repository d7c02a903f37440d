/*
 * image.h: references to container images, "host:5000/team/edges:1.2@sha256:…".
 * Rules: the OCI distribution specification and Docker's normalisation of short names.
 */
#ifndef PIPELINE_IMAGE_H
#define PIPELINE_IMAGE_H

#include <stdbool.h>

#include "base/base.h"
#include "base/str.h"

struct arena;

struct image {
	struct str repo;   /* "host:5000/team/edges", as written */
	struct str tag;    /* without ':'; ptr NULL when there is none */
	struct str digest; /* "sha256:…", without '@'; ptr NULL when there is none */
};

/* Splits a reference into views of `text`. Takes anything: what is before the tag and the digest is
 * the repository. A ':' opens a tag only when no '/' follows it, so a registry's port is not taken for a tag. */
struct image image_split(struct str text);

/* What is wrong with the reference, in one clause; NULL: it is valid. */
const char *image_fault(const struct image *im);

/* What is wrong with a tag alone; NULL: it is valid. */
const char *image_tag_fault(struct str tag);

/* True when both name the same repository after Docker's normalisation: "b" is
 * "docker.io/library/b", "a/b" is "docker.io/a/b", "index.docker.io" is "docker.io". Case counts. */
bool image_same_repo(struct str a, struct str b);

/* Where a repository is: the registry's host, Docker Hub being "docker.io", and the path there with the "library/"
 * that Docker adds. Both are NUL-ended, in `a`; the host is in lower case. */
struct image_home {
	struct str host, path;
};

struct image_home image_home(struct arena *a, struct str repo);

/* REPO[:TAG][@DIGEST] in `a`; a tag or digest with a NULL ptr is left out. */
struct str image_text(struct arena *a, const struct image *im);

/* Whether another program fills in a part of the reference: its tag or digest holds "{{", "$(", "<" or the like. */
bool image_is_filled_in(const struct image *im);

#endif
