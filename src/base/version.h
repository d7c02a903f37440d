/* version.h: this program's own version; the Makefile and the release read it from here. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define PACHUP_VERSION "0.1.0"

#endif
