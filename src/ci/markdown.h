/*
 * markdown.h: untrusted text in GitHub-flavoured Markdown, HTML and Mermaid, so that it is read as text and nothing else:
 * no table, comment, code block or diagram can be broken out of, nobody is mentioned, nothing becomes a link.
 * Controls are made visible first, as in say.h.
 */
#ifndef CI_MARKDOWN_H
#define CI_MARKDOWN_H

#include "base/base.h"
#include "base/buf.h"
#include "base/str.h"

/* Running text, also in a table's cell and in an HTML element: what Markdown or HTML could take for syntax becomes an
 * entity. One line. */
void md_text(struct buf *out, struct str text);

/* `text` as code, also in a table's cell; as running text where it holds what code cannot. Empty: nothing. */
void md_code(struct buf *out, struct str text);

/* Running text that people copy from, not in an HTML element: each word that GitHub would make a mention, reference or
 * link of is code. */
void md_prose(struct buf *out, struct str text);

/* Lines in a fenced block: a fence that nothing in them can end, and `kind` behind it ("diff"). `lines` ends each line
 * with '\n'; the lines themselves must be cleaned (ci_clean). */
void md_fence(struct buf *out, const char *kind, struct str lines);

/* A label of a Mermaid flowchart, between its quotes. */
void md_mermaid(struct buf *out, struct str text);

/* The text with its controls made visible, on one line. */
void md_clean(struct buf *out, struct str text);

#endif
