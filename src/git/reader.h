/*
 * reader.h: inside git/ only: a repository, read with libgit2 in this very process: the one that
 * git/child.h makes for it. The contracts are those of repo.h and since.h, word for word.
 */
#ifndef GIT_READER_H
#define GIT_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "git/repo.h"

struct arena;
struct reader;
struct reader_since;

/* reader.c */
struct reader *reader_open(const char *path, bool trusted, struct err *err) NODISCARD;
int reader_head(
    struct reader *r, struct arena *a, struct repo_head *out, struct err *err) NODISCARD;
int reader_peel(
    struct reader *r, struct arena *a, struct str rev, struct str *sha, struct err *err) NODISCARD;
/* the message of a commit, or its first line */
struct str reader_message(struct reader *r, struct arena *a, struct str sha, bool is_whole);
bool reader_blob(struct reader *r, struct arena *a, struct str sha, size_t max, struct str *bytes);

/* reader_since.c */
bool reader_has_commit(struct reader *r, struct str sha);
bool reader_is_shallow(struct reader *r);
int reader_merge_base(struct reader *r, struct arena *a, struct str one, struct str other,
    struct str *base, struct err *err) NODISCARD;
int reader_parents(struct reader *r, struct arena *a, struct str sha, struct str parents[2],
    size_t *count, struct err *err) NODISCARD;
int reader_tag_before(struct reader *r, struct arena *a, struct str tag, struct str *name,
    struct str *sha, struct err *err) NODISCARD;
int reader_distance(
    struct reader *r, struct str sha, struct repo_distance *out, struct err *err) NODISCARD;
struct reader_since *reader_since_open(struct reader *r, struct str sha, struct err *err) NODISCARD;
void reader_since_close(struct reader_since *s);
int reader_since_changed(
    struct reader_since *s, const char *path, bool *changed, struct err *err) NODISCARD;

/* reader_gone.c */
bool reader_since_name(
    const struct reader_since *s, struct arena *a, const char *path, struct str *name);
int reader_since_read(struct reader_since *s, struct arena *a, const char *name, size_t max,
    struct str *text, bool *is_held, struct err *err) NODISCARD;
int reader_since_gone(struct reader_since *s, struct arena *a, size_t max, struct str *names,
    struct err *err) NODISCARD;

/* reader_files.c: one part of the answer of since_files(): "ID NAME" of *count files behind the first `skip` ones,
 * each followed by a NUL, in at most `max` bytes. */
int reader_since_files(struct reader_since *s, struct arena *a, struct str path, size_t skip,
    size_t max, struct str *files, size_t *count, struct err *err) NODISCARD;
int reader_since_blob(struct reader_since *s, struct arena *a, struct str id, size_t max,
    struct str *text, bool *is_held, struct err *err) NODISCARD;

#endif
