#include <sys/ioctl.h>
#include <unistd.h>

#include "ci/ci.h"
#include "ci/event.h"
#include "ci/system.h"

static bool
terminal_detect(const struct env *env)
{
	(void)env; /* whatever is not a runner is a terminal, or a script on one */
	return true;
}

static int
terminal_event(struct ci *ci, struct arena *a, struct event *out, struct err *err)
{
	(void)ci, (void)a, (void)err; /* nothing but the work tree says which commit is meant */
	*out = (struct event){ 0 };
	return 0;
}

const struct ci_system ci_terminal = {
	.word = "none",
	.detect = terminal_detect,
	.event = terminal_event,
};

enum { USUAL_WIDTH = 80, LEAST_WIDTH = 40, MOST_WIDTH = 120 };

/* A whole number of up to 4 digits, or 0. */
static size_t
small_number(const char *text)
{
	size_t n = 0, i = 0;

	for (; text && i < 4 && text[i] >= '0' && text[i] <= '9'; i++)
		n = n * 10 + (size_t)(text[i] - '0');
	return text && text[i] == '\0' ? n : 0;
}

size_t
ci_width(const struct ci *ci)
{
	size_t width = small_number(env_get(ci->env, "COLUMNS"));
	struct winsize size = { 0 };
	int fd = fileno(ci->out);

	if (width == 0 && fd >= 0 && isatty(fd) && ioctl(fd, TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	if (width == 0)
		width = USUAL_WIDTH;
	if (width < LEAST_WIDTH)
		return LEAST_WIDTH;
	return width < MOST_WIDTH ? width : MOST_WIDTH;
}
