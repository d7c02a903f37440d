/* doctor.h: what the files of the doctor share. */
#ifndef DOCTOR_DOCTOR_H
#define DOCTOR_DOCTOR_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "deploy/plan/requirements.h"
#include "session/run.h"

struct pachd;

enum { MAX_DOCTOR_BYTES = 64 << 20 };

/* FINDING_UNKNOWN: this could not be checked. */
enum finding_level { FINDING_OK, FINDING_WARNING, FINDING_FAILED, FINDING_UNKNOWN };

struct finding {
	enum finding_level level;
	const char *topic;
	struct str text;
	const char *hint; /* NULL: nothing to do */
};

struct doctor {
	struct run *run;
	int64_t now_s;
	struct finding *list;
	size_t count, room, failed;
};

/* Notes a finding; `text` and `hint` (NULL: nothing to do) must live as long as the run. */
void doctor_find(struct doctor *d, enum finding_level level, const char *topic, struct str text,
    const char *hint);

/* Makes all checks and shows the findings. EXIT_DONE; -1: ERR_REFUSED checks failed, ERR_USAGE no cluster is given;
 * failures as subject_read(). */
int doctor_run(struct run *run, struct err *err) NODISCARD;

/* The pipelines whose rights are asked for. */
struct subject {
	struct work work;
	struct requirements needs;
	struct pachd_target *targets;
	struct deployed *live;
};

/* permissions.c: reads the specs, if any are given. Failures as gather_specs() and gather_show_diags(). */
int subject_read(struct run *run, struct subject *out, struct err *err) NODISCARD;

/* Notes for each pipeline which roles it needs, and which of them the user lacks. */
void doctor_rights(
    struct doctor *d, const struct pachd_facts *facts, const struct subject *subject);

/* preview_rights.c: notes for a target that is a preview whether projects can be created and the inputs read. -1: the
 * channel's failures. */
int doctor_preview(struct doctor *d, struct pachd *cluster, const struct subject *subject,
    struct err *err) NODISCARD;

#endif
