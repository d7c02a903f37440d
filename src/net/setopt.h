/* setopt.h: inside net/ only: options of libcurl's handles. A handle is used only if all were set:
 * without memory a proxy might stay on, or a certificate unchecked. */
#ifndef NET_SETOPT_H
#define NET_SETOPT_H

#include <curl/curl.h>

/* Sets one option unless one before it failed; `*code` keeps the first failure. A macro, for the option
 * decides the value's type. */
#define SETOPT(code, easy, option, value)                                      \
	do {                                                                   \
		if (*(code) == CURLE_OK)                                       \
			*(code) = curl_easy_setopt((easy), (option), (value)); \
	} while (0)

/* The same for switching off what libcurl may have been built without: an option that it does not know then is
 * off. */
#define SETOPT_OFF(code, easy, option, value)                               \
	do {                                                                \
		CURLcode off = curl_easy_setopt((easy), (option), (value)); \
		if (*(code) == CURLE_OK && off != CURLE_UNKNOWN_OPTION      \
		    && off != CURLE_NOT_BUILT_IN)                           \
			*(code) = off;                                      \
	} while (0)

#endif
