/* systems.h: the CI systems that pachup knows. */
#ifndef CI_SYSTEMS_SYSTEMS_H
#define CI_SYSTEMS_SYSTEMS_H

struct ci_system;

/* In the order of detection, ended by NULL. The one before it, a terminal, fits always. */
extern const struct ci_system *const ci_systems[];

#endif
