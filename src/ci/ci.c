/* for realpath(), which POSIX.1-2008 has in its XSI part */
#define _XOPEN_SOURCE 700

#include "ci/ci.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "ci/fit.h"
#include "ci/result.h"
#include "ci/say.h"
#include "ci/system.h"

static bool
fits(const struct ci_system *system, const struct env *env)
{
	const struct ci_variables *v = system->variables;
	const char *value = v && v->detect ? env_get(env, v->detect) : NULL;

	if (system->detect)
		return system->detect(env);
	return value && (!v->value || strcmp(value, v->value) == 0);
}

static const struct ci_system *
detect(const struct ci_system *const *systems, const struct env *env)
{
	while (!fits(*systems, env))
		systems++;
	return *systems;
}

static const struct ci_system *
by_word(const struct ci_system *const *systems, const char *word, struct err *err)
{
	struct buf words = BUF_INIT(400);

	for (size_t i = 0; systems[i]; i++)
		if (strcmp(systems[i]->word, word) == 0)
			return systems[i];
	(void)err_set(err, ERR_USAGE, "unknown CI system '%s' in --ci", word);
	for (size_t i = 0; systems[i]; i++)
		buf_fmt(&words, "%s, ", systems[i]->word);
	(void)err_hint(err, "use one of: %.*sor leave it out", STR_FMT(buf_str(&words)));
	buf_free(&words);
	return NULL;
}

static bool
is_forced(const struct env *env, const char *variable)
{
	const char *value = env_get(env, variable);

	return value && strcmp(value, "0") != 0;
}

/* NO_COLOR as on no-color.org; the two variables that force colours as most programs read them. Runners show colours in
 * their log though they read it from a pipe. */
static void
choose_color(struct ci *ci)
{
	bool forced = is_forced(ci->env, "FORCE_COLOR") || is_forced(ci->env, "CLICOLOR_FORCE");

	if (env_get(ci->env, "NO_COLOR"))
		return;
	ci->color = forced || (ci->system->is_runner && !ci->system->no_color)
	            || fit_takes_escapes(ci->env, ci->log);
	ci->color_out = forced || fit_takes_escapes(ci->env, ci->out);
}

/* The path of the working directory, in `a`; NULL when the directory is gone or cannot be reached. */
static const char *
start_directory(struct arena *a)
{
	char *path = realpath(".", NULL);
	const char *copy = path ? arena_cstr(a, str_of(path)) : NULL;

	free(path);
	return copy;
}

int
ci_open(struct ci *out, struct arena *a, const struct ci_system *const *systems,
    const struct env *env, const char *wanted, FILE *results, FILE *log, struct err *err)
{
	const struct ci_system *system =
	    wanted ? by_word(systems, wanted, err) : detect(systems, env);

	if (!system)
		return -1;
	*out = (struct ci){ .system = system,
		.env = env,
		.arena = a,
		.out = results,
		.log = log,
		.reported = diags_in(a) };
	choose_color(out);
	if (!system->is_runner) {
		out->columns = fit_columns(results);
		return 0;
	}
	out->start = start_directory(a);
	return out->start ? 0 : err_set(err, ERR_SYSTEM, "cannot find the working directory");
}

static bool
is_kept_in_a_file(FILE *file)
{
	struct stat st;
	int fd = fileno(file);

	return fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

void
ci_set_channel(struct ci *ci, bool is_own_step, bool is_text)
{
	ci->is_channel = ci->system->is_runner && is_own_step;
	if (!ci->system->is_runner || !is_text || (!is_own_step && is_kept_in_a_file(ci->out)))
		return;
	ci->log = ci->out;
	ci->color_out = ci->color;
}

bool
ci_is_runner(const struct ci *ci)
{
	return ci->system->is_runner;
}

static const char *
named_workspace(const struct ci *ci)
{
	return ci->system->workspace ? env_get(ci->env, ci->system->workspace) : NULL;
}

const char *
ci_workspace(const struct ci *ci)
{
	const char *named = named_workspace(ci);

	return named || !ci->system->is_runner ? named : ".";
}

const char *
ci_fence(const struct ci *ci)
{
	const char *named = named_workspace(ci);

	if (!ci_is_runner(ci))
		return NULL;
	return named ? named : ci->start;
}

const char *
ci_temp(const struct ci *ci)
{
	const char *temp = env_get(ci->env, "RUNNER_TEMP");

	if (!ci_is_runner(ci))
		return NULL;
	return temp ? temp : env_get(ci->env, "AGENT_TEMPDIRECTORY");
}

void
ci_out(struct ci *ci, const char *fmt, ...)
{
	struct buf text = BUF_INIT(SAY_LINE_MAX), line = BUF_INIT(SAY_LINE_MAX);
	va_list args;

	ci->has_results = true;
	va_start(args, fmt);
	say_vfmt(&text, SAY_START, fmt, args);
	va_end(args);
	fit_line(&line, buf_str(&text), ci->columns);
	buf_free(&text);
	say_line(ci, ci->out, &line);
}

void
ci_log(struct ci *ci, const char *fmt, ...)
{
	struct buf line = BUF_INIT(SAY_LINE_MAX);
	va_list args;

	if (ci->quiet)
		return;
	va_start(args, fmt);
	say_vfmt(&line, SAY_START, fmt, args);
	va_end(args);
	say_line(ci, ci->log, &line);
}

void
ci_detail(struct ci *ci, const char *fmt, ...)
{
	struct buf line = BUF_INIT(SAY_LINE_MAX);
	va_list args;

	va_start(args, fmt);
	say_vfmt(&line, SAY_START, fmt, args);
	va_end(args);
	say_line(ci, ci->log, &line);
}

/* Green for what is added, red for what is taken away, yellow for what becomes another; else none. */
static const char *
color_of(const struct ci *ci, char sign)
{
	if (!ci->color_out)
		return NULL;
	return sign == '+' ? "32" : sign == '-' ? "31" : sign == '~' ? "33" : NULL;
}

static void PRINTF_LIKE(3, 0)
    say_result(struct ci *ci, struct buf *line, const char *fmt, va_list args, struct str end)
{
	say_vfmt(line, SAY_INSIDE, fmt, args);
	buf_add(line, end);
	ci->has_results = true;
	say_line(ci, ci->out, line);
}

void
ci_change(struct ci *ci, char sign, const char *fmt, ...)
{
	struct buf line = BUF_INIT(SAY_LINE_MAX);
	const char *color = color_of(ci, sign);
	va_list args;

	if (color)
		buf_fmt(&line, "    \x1b[%sm%c ", color, sign);
	else
		buf_fmt(&line, "    %c ", sign);
	va_start(args, fmt);
	say_result(ci, &line, fmt, args, color ? STR("\x1b[0m") : STR(""));
	va_end(args);
}

void
ci_action(struct ci *ci, char sign, const char *word, const char *fmt, ...)
{
	struct buf line = BUF_INIT(SAY_LINE_MAX);
	const char *color = color_of(ci, sign);
	va_list args;

	if (color)
		buf_fmt(&line, "\x1b[%sm%s\x1b[0m", color, word);
	else
		buf_add(&line, str_of(word));
	va_start(args, fmt);
	say_result(ci, &line, fmt, args, STR(""));
	va_end(args);
}

void
ci_raw(struct ci *ci, struct str text)
{
	struct str line;

	ci->has_results = true;
	if (!ci->system->is_runner) {
		redraw_erase(ci);
		if (text.len > 0)
			(void)fwrite(text.ptr, 1, text.len, ci->out);
		return;
	}
	if (text.len == 0)
		return;
	if (str_ends(text, "\n"))
		text.len--;
	while (str_split(&text, '\n', &line)) {
		struct buf clean = BUF_INIT(SAY_LINE_MAX);

		say_clean(&clean, line, ci->is_json ? SAY_JSON : SAY_START);
		say_line(ci, ci->out, &clean);
	}
}

void
ci_group(struct ci *ci, const char *title)
{
	if (ci->system->group && !ci->quiet && !ci->is_document)
		ci->system->group(ci, str_of(title));
}

bool
ci_has_groups(const struct ci *ci)
{
	return ci->system->group != NULL;
}

void
ci_group_end(struct ci *ci)
{
	if (ci->system->group_end && !ci->quiet && !ci->is_document)
		ci->system->group_end(ci);
}

void
ci_heading(struct ci *ci, const char *title)
{
	if (ci->system->heading && !ci->quiet && !ci->is_document)
		ci->system->heading(ci, str_of(title));
	else
		ci_log(ci, "%s", title);
}

void
ci_progress(struct ci *ci, size_t done, size_t total, const char *what)
{
	if (ci->system->progress && total > 0 && !ci->is_document)
		ci->system->progress(ci, (unsigned)(done * 100 / total), str_of(what));
}

/* Names that runners take without quotes and that can be written in their expressions. */
static bool
is_output_name(const char *name)
{
	static const char usual[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
	                            "0123456789-";

	return *name && !strchr("0123456789-", *name) && name[strspn(name, usual)] == '\0';
}

void
ci_set_writer(struct ci *ci)
{
	const struct ci_system *system = ci->system;
	struct err err;

	if (!ci->is_writer && !ci->lost_outputs && system->try_output
	    && system->try_output(ci, &err) < 0) {
		ci->lost_outputs = true;
		ci_warn(ci, "%s", err.text);
	}
	if (!ci->is_writer && system->try_summary && system->try_summary(ci, &err) < 0) {
		ci->lost_summary = true;
		ci_warn(ci, "%s", err.text);
	}
	ci->is_writer = true;
}

static int
forgive(struct ci *ci, const struct err *err)
{
	if (!ci->is_writer)
		return -1;
	ci_warn(ci, "%s", err->text);
	return 0;
}

int
ci_output(struct ci *ci, const char *name, struct str value, struct err *err)
{
	if (!is_output_name(name))
		return err_set(err, ERR_SYSTEM, "'%s' cannot be the name of an output", name);
	if (!ci->system->output)
		return 0;
	if (value.len > ci->system->output_max) {
		ci_note(ci, "output '%s' is empty: its value has %zu bytes, the limit is %zu", name,
		    value.len, ci->system->output_max);
		value = STR("");
	}
	if (ci->lost_outputs)
		return 0;
	ci->lost_outputs = ci->system->output(ci, name, value, err) < 0;
	return ci->lost_outputs ? forgive(ci, err) : 0;
}

int
ci_output_number(struct ci *ci, const char *name, size_t value, struct err *err)
{
	return ci_output(ci, name, arena_fmt(ci->arena, "%zu", value), err);
}

int
ci_summary(struct ci *ci, struct str markdown, struct err *err)
{
	if (!ci->system->summary || ci->lost_summary || ci->system->summary(ci, markdown, err) == 0)
		return 0;
	return forgive(ci, err);
}

bool
ci_expands_macros(const struct ci *ci)
{
	return ci->system->expands_macros;
}

bool
ci_has_camel_inputs(const struct ci *ci)
{
	return ci->system->has_camel_inputs;
}

bool
ci_has_summary(const struct ci *ci)
{
	return ci->system->summary != NULL;
}

bool
ci_draws_mermaid(const struct ci *ci)
{
	return ci->system->draws_mermaid;
}

void
ci_flush(struct ci *ci)
{
	(void)fflush(ci->log);
	(void)fflush(ci->out); /* ci_close() reports what could not be written */
}

/* True where the program that reads `file` has ended, as `head` does; false where a device is full. */
static bool
has_lost_reader(FILE *file)
{
	struct pollfd at = { .fd = fileno(file), .events = POLLOUT };

	return at.fd >= 0 && poll(&at, 1, 0) > 0 && (at.revents & (POLLERR | POLLHUP)) != 0;
}

int
ci_close(struct ci *ci, struct err *err)
{
	int rc = 0;

	result_print(ci);
	if (ci->system->close)
		ci->system->close(ci);
	if (fflush(ci->log) != 0 || ferror(ci->log))
		rc = err_set(err, ERR_SYSTEM, "cannot write to standard error");
	if (fflush(ci->out) == 0 && !ferror(ci->out))
		return rc;
	ci->lost_reader = !ci->system->is_runner && has_lost_reader(ci->out);
	if (!ci->lost_reader) {
		rc = err_set(err, ERR_SYSTEM, "cannot write to standard output");
		(void)err_hint(err, "check free disk space, and that the program that reads the "
		                    "pipe is still running");
	}
	return rc;
}

bool
ci_id_token(const struct ci *ci, const char **url, const char **secret)
{
	*url = ci->system->id_token_url;
	*secret = ci->system->id_token_secret;
	return *url != NULL;
}
