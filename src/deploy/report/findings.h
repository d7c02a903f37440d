/* findings.h: mistakes for other programs. */
#ifndef DEPLOY_REPORT_FINDINGS_H
#define DEPLOY_REPORT_FINDINGS_H

#include "base/base.h"
#include "diag/diag.h"

struct buf;

/* {"error_count": n, "warning_count": n, "findings": [{code, level, file, line, col, length, title, what, hint}]}:
 * columns and lengths in bytes from 1; line 0 means the whole file. */
void findings_json(struct buf *out, const struct diags *d);

/* A log of SARIF 2.1.0 (OASIS), columns in code points, with all checks as rules. */
void findings_sarif(struct buf *out, const struct diags *d);

#endif
