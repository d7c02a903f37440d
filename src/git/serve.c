#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/limits.h"
#include "git/child.h"
#include "git/reader.h"
#include "git/remote.h"

struct server {
	struct arena *arena; /* of one question */
	struct reader *reader;
	struct reader_since *since;
};

static int
serve_open(struct server *s, const struct message *q, struct message *out)
{
	if (!s->reader)
		s->reader = reader_open(q->words[0].ptr, q->number != 0, &out->err);
	return s->reader ? 0 : -1;
}

static int
serve_head(struct server *s, const struct message *q, struct message *out)
{
	struct repo_head head = { .sha = { "", 0 } };
	int rc = reader_head(s->reader, s->arena, &head, &out->err);

	(void)q;
	out->words[0] = head.sha;
	out->words[1] = head.branch;
	out->number = head.shallow;
	return rc;
}

static int
serve_peel(struct server *s, const struct message *q, struct message *out)
{
	return reader_peel(s->reader, s->arena, q->words[0], &out->words[0], &out->err);
}

static int
serve_subject(struct server *s, const struct message *q, struct message *out)
{
	out->words[0] = str_head(reader_message(s->reader, s->arena, q->words[0], false), 4096);
	return 0;
}

static int
serve_message(struct server *s, const struct message *q, struct message *out)
{
	out->words[0] = str_head(reader_message(s->reader, s->arena, q->words[0], true), 64 << 10);
	return 0;
}

static int
serve_remote(struct server *s, const struct message *q, struct message *out)
{
	(void)q;
	out->words[0] = str_head(reader_remote(s->reader, s->arena), 4096);
	return 0;
}

static int
serve_blob(struct server *s, const struct message *q, struct message *out)
{
	out->number = reader_blob(s->reader, s->arena, q->words[0], MAX_SPEC_BYTES, &out->words[0]);
	return 0;
}

static int
serve_has_commit(struct server *s, const struct message *q, struct message *out)
{
	out->number = reader_has_commit(s->reader, q->words[0]);
	return 0;
}

static int
serve_is_shallow(struct server *s, const struct message *q, struct message *out)
{
	(void)q;
	out->number = reader_is_shallow(s->reader);
	return 0;
}

static int
serve_merge_base(struct server *s, const struct message *q, struct message *out)
{
	return reader_merge_base(
	    s->reader, s->arena, q->words[0], q->words[1], &out->words[0], &out->err);
}

static int
serve_parents(struct server *s, const struct message *q, struct message *out)
{
	size_t count = 0;
	int rc = reader_parents(s->reader, s->arena, q->words[0], out->words, &count, &out->err);

	out->number = count;
	return rc;
}

static int
serve_tag_before(struct server *s, const struct message *q, struct message *out)
{
	return reader_tag_before(
	    s->reader, s->arena, q->words[0], &out->words[0], &out->words[1], &out->err);
}

static int
serve_distance(struct server *s, const struct message *q, struct message *out)
{
	struct repo_distance distance;
	int rc = reader_distance(s->reader, q->words[0], &distance, &out->err);

	if (rc < 0)
		return -1;
	out->number = distance.behind;
	out->words[0] = distance.is_aside ? STR("aside") : STR("");
	return 0;
}

static int
serve_since_open(struct server *s, const struct message *q, struct message *out)
{
	reader_since_close(s->since);
	s->since = reader_since_open(s->reader, q->words[0], &out->err);
	return s->since ? 0 : -1;
}

static int
serve_since_changed(struct server *s, const struct message *q, struct message *out)
{
	bool changed = true;
	int rc = reader_since_changed(s->since, q->words[0].ptr, &changed, &out->err);

	out->number = changed;
	return rc;
}

static int
serve_since_name(struct server *s, const struct message *q, struct message *out)
{
	out->number = reader_since_name(s->since, s->arena, q->words[0].ptr, &out->words[0]);
	return 0;
}

static int
serve_since_read(struct server *s, const struct message *q, struct message *out)
{
	bool is_held = false;
	int rc = reader_since_read(s->since, s->arena, q->words[0].ptr, MAX_SPEC_BYTES,
	    &out->words[0], &is_held, &out->err);

	out->number = is_held;
	return rc;
}

static int
serve_since_gone(struct server *s, const struct message *q, struct message *out)
{
	(void)q;
	return reader_since_gone(s->since, s->arena, MAX_SPEC_BYTES, &out->words[0], &out->err);
}

static int
serve_since_files(struct server *s, const struct message *q, struct message *out)
{
	size_t count = 0;
	int rc = reader_since_files(s->since, s->arena, q->words[0], (size_t)q->number,
	    MAX_SPEC_BYTES, &out->words[0], &count, &out->err);

	out->number = count;
	return rc;
}

static int
serve_since_blob(struct server *s, const struct message *q, struct message *out)
{
	bool is_held = false;
	int rc = reader_since_blob(
	    s->since, s->arena, q->words[0], MAX_SPEC_BYTES, &out->words[0], &is_held, &out->err);

	out->number = is_held;
	return rc;
}

static int (*const answers[ASK_COUNT])(
    struct server *s, const struct message *q, struct message *out) = {
	[ASK_OPEN] = serve_open,
	[ASK_HEAD] = serve_head,
	[ASK_PEEL] = serve_peel,
	[ASK_SUBJECT] = serve_subject,
	[ASK_MESSAGE] = serve_message,
	[ASK_REMOTE] = serve_remote,
	[ASK_BLOB] = serve_blob,
	[ASK_HAS_COMMIT] = serve_has_commit,
	[ASK_IS_SHALLOW] = serve_is_shallow,
	[ASK_MERGE_BASE] = serve_merge_base,
	[ASK_PARENTS] = serve_parents,
	[ASK_TAG_BEFORE] = serve_tag_before,
	[ASK_DISTANCE] = serve_distance,
	[ASK_SINCE_OPEN] = serve_since_open,
	[ASK_SINCE_CHANGED] = serve_since_changed,
	[ASK_SINCE_NAME] = serve_since_name,
	[ASK_SINCE_READ] = serve_since_read,
	[ASK_SINCE_GONE] = serve_since_gone,
	[ASK_SINCE_FILES] = serve_since_files,
	[ASK_SINCE_BLOB] = serve_since_blob,
};

static NORETURN void
no_memory(void)
{
	_exit(1);
}

void
serve(int fd)
{
	struct server s = { .reader = NULL };
	struct message question;

	for (;;) {
		struct message answer;
		int rc;

		s.arena = arena_new(no_memory);
		if (message_receive(fd, s.arena, &question) < 0)
			_exit(0);
		if (question.code < 0 || question.code >= ASK_COUNT
		    || (!s.reader && question.code != ASK_OPEN))
			_exit(1);
		memset(&answer, 0, sizeof(answer));
		for (size_t i = 0; i < MESSAGE_WORDS; i++)
			answer.words[i] = STR("");
		if (question.code > ASK_SINCE_OPEN && !s.since)
			rc = err_set(&answer.err, ERR_SYSTEM, "no commit is open");
		else
			rc = answers[question.code](&s, &question, &answer);
		answer.code = rc < 0 ? -1 : 0;
		if (message_send(fd, &answer) < 0)
			_exit(1);
		arena_free(s.arena);
	}
}
