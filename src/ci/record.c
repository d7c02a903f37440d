#include "ci/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ci/ci.h"

int
record_id(char id[RECORD_ID_LEN + 1], struct err *err)
{
	unsigned char bits[16];
	size_t at = 0;

	/* up to 256 bytes come whole or not at all (getrandom(2)) */
	if (getrandom(bits, sizeof(bits), 0) != (ssize_t)sizeof(bits))
		return err_set(err, ERR_SYSTEM, "cannot get random numbers: %s", strerror(errno));
	for (size_t i = 0; i < sizeof(bits); i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			id[at++] = '-';
		(void)snprintf(id + at, 3, "%02x", bits[i]);
		at += 2;
	}
	return 0;
}

static int
append(int fd, const char *path, struct str bytes, size_t max, struct err *err)
{
	struct stat st;
	ssize_t n;

	if (fstat(fd, &st) < 0)
		return err_set(err, ERR_SYSTEM, "cannot stat '%s': %s", path, strerror(errno));
	if (bytes.len > max || (size_t)st.st_size > max - bytes.len)
		return 0;
	do
		n = write(fd, bytes.ptr, bytes.len);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_set(err, ERR_SYSTEM, "cannot write '%s': %s", path, strerror(errno));
	if ((size_t)n < bytes.len)
		return err_set(err, ERR_SYSTEM,
		    "cannot write '%s': only %zd of %zu bytes were written", path, n, bytes.len);
	return 1;
}

int
record_append(const char *path, struct str bytes, size_t max, bool make, struct err *err)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | (make ? O_CREAT : 0), 0644);
	int rc;

	if (fd < 0)
		return err_set(err, ERR_SYSTEM, "cannot open '%s': %s", path, strerror(errno));
	rc = append(fd, path, bytes, max, err);
	if (close(fd) < 0 && rc > 0)
		rc = err_set(err, ERR_SYSTEM, "cannot write '%s': %s", path, strerror(errno));
	return rc;
}

int
record_summary(struct ci *ci, const char *path, struct str markdown, bool make, struct err *err)
{
	int rc = record_append(path, markdown, RECORD_SUMMARY_MAX, make, err);

	if (rc == 0)
		ci_note(
		    ci, "the job summary is cut by %zu bytes: the limit is 1 MiB", markdown.len);
	return rc < 0 ? err_wrap(err, "cannot write the job summary") : 0;
}
