/* github_event.h: GitHub's environment and payload; inside ci/systems/ only. */
#ifndef CI_SYSTEMS_GITHUB_EVENT_H
#define CI_SYSTEMS_GITHUB_EVENT_H

#include "base/base.h"
#include "base/err.h"

struct arena;
struct ci;
struct event;

/* As event_read(). */
int github_event(struct ci *ci, struct arena *a, struct event *out, struct err *err) NODISCARD;

#endif
