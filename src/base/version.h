/* version.h: this program's own version; the Makefile and the release read it from here. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define PACHUP_VERSION "1.0.0"

/* The day of that version, or of the last change to the manual pages, as mdoc(7) writes it. */
#define PACHUP_DATE "November 26, 2026"

#endif
