/* Folds in the log, as systems other than GitHub and Azure mark them. A title is cleaned as any text is. */
#include "ci/systems/other.h"

#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "ci/ci.h"
#include "ci/say.h"

/* GitLab: "Custom collapsible sections" of its documentation. */
static void
gitlab_mark(struct ci *ci, const char *what, const char *more, struct str title)
{
	struct buf line = BUF_INIT(SAY_LINE_MAX);

	buf_fmt(&line, "\x1b[0Ksection_%s:%lld:pachup_%zu%s\r\x1b[0K", what, (long long)time(NULL),
	    ci->groups, more);
	say_clean(&line, title, SAY_INSIDE);
	say_line(ci, ci->log, &line);
}

void
gitlab_group(struct ci *ci, struct str title)
{
	ci->groups++;
	gitlab_mark(ci, "start", "[collapsed=true]", title);
}

void
gitlab_group_end(struct ci *ci)
{
	gitlab_mark(ci, "end", "", STR(""));
}

/* Buildkite: "Managing log output": the next fold ends this one. */
void
buildkite_group(struct ci *ci, struct str title)
{
	say_command(ci, ci->log, "--- ", title, NULL);
}

void
buildkite_heading(struct ci *ci, struct str title)
{
	say_command(ci, ci->log, "+++ ", title, NULL);
}

/* TeamCity: "Service Messages". */
static const struct say_escape teamcity_escapes[] = { { '|', "||" }, { '\'', "|'" }, { '[', "|[" },
	{ ']', "|]" }, { '\n', "|n" }, { '\r', "|r" }, { 0 } };

static void
teamcity_block(struct ci *ci, const char *what)
{
	struct buf line = BUF_INIT(SAY_LINE_MAX);

	buf_fmt(&line, "##teamcity[%s name='", what);
	say_field(&line, ci->group, teamcity_escapes);
	buf_add(&line, STR("']"));
	say_line(ci, ci->log, &line);
}

void
teamcity_group(struct ci *ci, struct str title)
{
	ci->group = arena_str(ci->arena, title);
	teamcity_block(ci, "blockOpened");
}

void
teamcity_group_end(struct ci *ci)
{
	teamcity_block(ci, "blockClosed");
}

bool
teamcity_annotate(struct ci *ci, const struct remark *remark)
{
	struct buf line = BUF_INIT(SAY_LINE_MAX);

	if (remark->level == REMARK_NOTICE)
		return false;
	buf_add(&line, STR("##teamcity[message text='"));
	if (remark->file.len > 0) {
		say_field(&line, remark->file, teamcity_escapes);
		if (remark->at.line > 0)
			buf_fmt(
			    &line, ":%u:%u", (unsigned)remark->at.line, (unsigned)remark->at.col);
		buf_add(&line, STR(": "));
	}
	say_field(&line, remark->what, teamcity_escapes);
	if (remark->hint.len > 0) {
		buf_add(&line, STR(". hint: "));
		say_field(&line, remark->hint, teamcity_escapes);
	}
	buf_fmt(&line, "' status='%s']", remark->level == REMARK_ERROR ? "ERROR" : "WARNING");
	say_line(ci, ci->log, &line);
	return true;
}

static void
travis_mark(struct ci *ci, const char *what, struct str title)
{
	struct buf line = BUF_INIT(SAY_LINE_MAX);

	buf_fmt(&line, "travis_fold:%s:pachup_%zu\r\x1b[0K", what, ci->groups);
	say_clean(&line, title, SAY_INSIDE);
	say_line(ci, ci->log, &line);
}

void
travis_group(struct ci *ci, struct str title)
{
	ci->groups++;
	travis_mark(ci, "start", title);
}

void
travis_group_end(struct ci *ci)
{
	travis_mark(ci, "end", STR(""));
}
