#include "session/secret_file.h"

#include <unistd.h>

#include "files/read.h"
#include "secret/secret.h"
#include "session/run.h"

const char *
secret_file_fence(const struct run *run, const char *path)
{
	const char *fence = ci_fence(&run->ci), *temp = ci_temp(&run->ci);
	struct err unheard;

	return fence && temp && path_fenced_new(run->arena, path, temp, &unheard) == 0 ? temp
	                                                                               : fence;
}

struct secret *
secret_file_read(const struct run *run, const char *path, const char *what, struct err *err)
{
	const char *fence = secret_file_fence(run, path);
	struct secret *secret;
	int fd;

	if (!fence)
		return secret_read_bytes(path, what, err);
	fd = file_open_in(path, fence, err);
	if (fd < 0) {
		(void)err_wrap(err, "%s", what);
		return NULL;
	}
	secret = secret_read_fd_bytes(fd, what, err);
	(void)close(fd); /* only read from */
	return secret;
}
