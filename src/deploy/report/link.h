/* link.h: where a browser shows the files and commits that a report names. */
#ifndef DEPLOY_REPORT_LINK_H
#define DEPLOY_REPORT_LINK_H

#include "base/base.h"
#include "base/str.h"

struct buf;
struct run;
struct spec;

/* Appends a path, or a file's name as a relative reference, percent-encoded: '/' and RFC 3986's unreserved characters stay. */
void link_add_path(struct buf *out, struct str path);

/* The page of a file of the workspace at the commit, at a line (0: none); `file` as the run names it. Empty where the code
 * host is not known (GitHub is), or the file lies elsewhere. In the run's arena. */
struct str link_file(struct run *run, struct str sha, const char *file, unsigned line);

/* The same of the file that the spec is written in; at its line, unless that is a template. */
struct str link_spec(struct run *run, struct str sha, const struct spec *spec);

/* Appends the text as code; where `url` is not empty as a link to it. */
void link_markdown(struct buf *out, struct str text, struct str url);

/* The page of a commit of the run's repository; empty where the code host is not known. In the run's arena. */
struct str link_commit(struct run *run, struct str sha);

#endif
