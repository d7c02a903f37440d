/* summary_fields.h: what updates change, field by field, as Markdown; inside report/ only. */
#ifndef DEPLOY_REPORT_SUMMARY_FIELDS_H
#define DEPLOY_REPORT_SUMMARY_FIELDS_H

struct arena;
struct buf;
struct outcome;

/* What many pipelines share once, then the fields of each update, folded. */
void summary_add_fields(struct buf *out, struct arena *a, const struct outcome *o);

#endif
