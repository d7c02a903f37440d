#include "session/secret_file.h"

#include <unistd.h>

#include "files/read.h"
#include "secret/secret.h"
#include "session/run.h"

struct secret *
secret_file_read(const struct run *run, const char *path, const char *what, struct err *err)
{
	const char *fence = ci_fence(&run->ci), *temp = ci_temp(&run->ci);
	struct secret *secret;
	struct err unheard;
	int fd;

	if (!fence)
		return secret_read_bytes(path, what, err);
	if (temp && path_fenced(path, temp, &unheard) == 0)
		fence = temp;
	fd = file_open_in(path, fence, err);
	if (fd < 0) {
		(void)err_wrap(err, "%s", what);
		return NULL;
	}
	secret = secret_read_fd_bytes(fd, what, err);
	(void)close(fd); /* only read from */
	return secret;
}
