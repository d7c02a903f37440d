/* libgit2 for pachup: reads a repository on disk and speaks to nobody. */
#ifndef INCLUDE_features_h__
#define INCLUDE_features_h__

#define GIT_ARCH_64 1
#define GIT_USE_NSEC 1
#define GIT_USE_STAT_MTIM 1
#define GIT_USE_FUTIMENS 1
#define GIT_REGEX_REGCOMP 1
#define GIT_QSORT_R_GNU 1
#define GIT_SHA1_COLLISIONDETECT 1
#define GIT_SHA256_BUILTIN 1
#define GIT_RAND_GETENTROPY 1
#define GIT_RAND_GETLOADAVG 1

/* Neither a home directory nor a host is looked up: glibc would load NSS modules of whatever machine
 * the static binary runs on. */
#include <errno.h>
#include <netdb.h>
#include <pwd.h>
#define getpwuid_r(uid, entry, buffer, len, result) (*(result) = NULL, ENOSYS)
#define getaddrinfo(host, port, hints, result) (*(result) = NULL, EAI_FAIL)
#define freeaddrinfo(list) ((void)(list))
#define gai_strerror(code) "no network in here"

#endif
