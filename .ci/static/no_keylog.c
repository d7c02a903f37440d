/* In place of libcurl's vtls/keylog.c, which writes the secrets of every TLS session into the file
 * that the variable SSLKEYLOGFILE names. pachup has no use for that and gives nobody the key. */
#include "curl_setup.h"

#include "vtls/keylog.h"

void
Curl_tls_keylog_open(void)
{
}

void
Curl_tls_keylog_close(void)
{
}

bool
Curl_tls_keylog_enabled(void)
{
	return FALSE;
}

bool
Curl_tls_keylog_write(const char *label, const unsigned char random[32],
    const unsigned char *secret, size_t len)
{
	(void)label, (void)random, (void)secret, (void)len;
	return FALSE;
}

bool
Curl_tls_keylog_write_line(const char *line)
{
	(void)line;
	return FALSE;
}
