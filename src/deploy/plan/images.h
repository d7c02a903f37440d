/* images.h: the images of a plan in their registries: are they there, and which ones are they? */
#ifndef DEPLOY_PLAN_IMAGES_H
#define DEPLOY_PLAN_IMAGES_H

#include "base/base.h"
#include "base/err.h"

struct plan;
struct run;
struct work;

/*
 * Asks for the images that input `check-images` names, once for each, and notes what is wrong in run->diags, each with its
 * place. What nobody could check is a note, and with `strict` an error. Nobody is asked on events that strangers can
 * cause. Takes at most CHECK_IMAGES_MS. -1: ERR_INTERRUPTED, ERR_SYSTEM.
 */
int images_check(struct run *run, const struct plan *plan, struct err *err) NODISCARD;

enum { CHECK_IMAGES_MS = 20000 };

/* With input `pin`: gives each candidate's image the digest of its tag, before anything is rendered; on events that
 * strangers can cause a note. -1: ERR_SPEC images
 * that have none, or another one, which are shown; the failures of registries_pin(). */
int images_pin(struct run *run, struct work *work, struct err *err) NODISCARD;

#endif
