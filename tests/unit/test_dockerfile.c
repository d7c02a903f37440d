/* FROM lines and all that looks like them. */
#include "tap.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "retag/dockerfile.h"

static void
test_dockerfile_read__images(struct arena *a)
{
	static const struct {
		const char *text, *images; /* each with its line and column */
	} rows[] = {
		{ "FROM a:1", "a:1@1:6 " },
		{ "from\ta:1 as b\r\nFROM b\r\nFrom c\r\n", "a:1@1:6 c@3:6 " },
		{ "FROM --platform=linux/amd64 --x a AS b", "a@1:33 " },
		{ "FROM scratch\nFROM Scratch", "" },
		{ "FROM \\\n\n# c\n  a \\\n AS b\nFROM b", "a@4:3 " },
		{ "# escape=`\nFROM `\n a", "a@3:2 " },
		{ "#escape=`\nFROM \\\nFROM a", "\\@2:6 a@3:6 " },
		{ "\n# escape=`\nFROM `\nFROM a", "`@3:6 a@4:6 " },
		{ "RUN <<EOF\nFROM a\nEOF\nFROM b", "b@4:6 " },
		{ "RUN <<-'E' cat\nFROM a\n\tE\nFROM b", "b@4:6 " },
		{ "COPY <<A <<B /\nFROM x\nA\nFROM y\nB\nFROM z", "z@6:6 " },
		{ "RUN cat <<EOF\nFROM a", "" },
		{ "RUN echo FROM x && \\\n FROM y\nFROM z", "z@3:6 " },
		{ "FROM \"a:1\"\nFROM 'b'", "a:1@1:7 b@2:7 " },
		{ "FROM", "" },
		{ "FROM --x", "" },
		{ "# FROM a\n  # FROM b\n  FROM c", "c@3:8 " },
		{ "\xef\xbb\xbf"
		  "FROM a",
		    "a@1:6 " },
		{ "", "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct froms froms = dockerfile_read(a, str_of(rows[i].text));
		struct str got = STR("");

		for (size_t k = 0; k < froms.count; k++)
			got = arena_fmt(a, "%.*s%.*s@%u:%u ", STR_FMT(got),
			    STR_FMT(froms.list[k].image), froms.list[k].at.line,
			    froms.list[k].at.col);
		ok(str_is(got, rows[i].images), "row %zu: %.*s", i, STR_FMT(got));
	}
}

static void
test_dockerfile_read__variables(struct arena *a)
{
	struct froms froms = dockerfile_read(a, STR("FROM ${A}\nFROM r/$B:1\nFROM c"));

	ok(froms.count == 3 && froms.list[0].is_variable && froms.list[1].is_variable
	        && !froms.list[2].is_variable,
	    "what holds a '$' is a variable");
}

static void
test_dockerfile_is_name__names(void)
{
	static const char *const good[] = { "Dockerfile", "dockerfile", "Dockerfile.gpu",
		"app.Dockerfile", "a.b.dockerfile", "Dockerfile-gpu", "dockerfile-x" };
	static const char *const bad[] = { "Dockerfiles", "xdockerfile", "Docker", "",
		".dockerfilex", "dockerfile_x" };

	for (size_t i = 0; i < COUNT_OF(good); i++)
		ok(dockerfile_is_name(str_of(good[i])), "%s", good[i]);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		ok(!dockerfile_is_name(str_of(bad[i])), "'%s' is not a name", bad[i]);
}

/* 80,000 stages, each from the one before: one image, and no work that grows with their square. */
static void
test_dockerfile_read__many_stages(struct arena *a)
{
	enum { MANY = 80000 };
	struct buf text = BUF_INIT(8 << 20);
	struct froms froms;

	buf_add(&text, STR("FROM team/base:1 AS s0\n"));
	for (int i = 1; i < MANY; i++)
		buf_fmt(&text, "FROM S%d AS s%d\n", i - 1, i);
	froms = dockerfile_read(a, buf_str(&text));
	ok(froms.count == 1 && str_is(froms.list[0].image, "team/base:1"), "%zu image of %d stages",
	    froms.count, MANY);
	buf_free(&text);
}

/* Each image is looked up in the list of variables, and each variable in that of images: the list has a limit. */
static void
test_dockerfile_read__many_variables(struct arena *a)
{
	for (int more = 0; more < 2; more++) {
		struct buf text = BUF_INIT(1 << 20);
		struct froms froms;

		for (int i = 0; i < MAX_BUILD_ARGS + more; i++)
			buf_fmt(&text, "ARG A%d=team/base:%d\n", i, i);
		buf_add(&text, STR("FROM ${A7}\n"));
		froms = dockerfile_read(a, buf_take(&text, a));
		ok(froms.count == 1 && froms.args.count == (more ? 0 : MAX_BUILD_ARGS),
		    "%zu of %d variables count", froms.args.count, MAX_BUILD_ARGS + more);
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_dockerfile_read__images(a);
	test_dockerfile_read__variables(a);
	test_dockerfile_read__many_stages(a);
	test_dockerfile_read__many_variables(a);
	test_dockerfile_is_name__names();
	arena_free(a);
	return done();
}
