#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/str.h"
#include "diag/diag.h"

static void
test_str_split__empty_parts_count(void)
{
	struct str rest = STR("a,,b"), part;
	size_t n = 0;

	while (str_split(&rest, ',', &part))
		n++;
	ok(n == 3, "\"a,,b\" has three parts");
}

static void
test_str_is_like__ascii_letters(void)
{
	ok(str_is_like(STR("Content-TYPE"), "content-type"), "capitals count as small letters");
	ok(!str_is_like(STR("content"), "content-type") && !str_is_like(STR("contents"), "content"),
	    "all of both counts");
	ok(str_is_like((struct str){ NULL, 0 }, "") && !str_is_like((struct str){ NULL, 0 }, "x"),
	    "empty is empty");
}

static void
test_str_trim__both_ends(void)
{
	ok(str_is(str_trim(STR(" \t x y\r\n")), "x y"), "blanks go, the inner one stays");
	ok(str_trim(STR(" \n")).len == 0, "nothing but blanks is empty");
}

static void
test_buf_add__ceiling(void)
{
	struct buf b = BUF_INIT(10);

	buf_add(&b, STR("12345"));
	buf_fmt(&b, "%d", 67890);
	ok(!buf_is_full(&b) && str_is(buf_str(&b), "1234567890"), "exactly the ceiling fits");
	buf_add_char(&b, 'x');
	ok(buf_is_full(&b) && b.len == 10, "one more does not, and it is remembered");
	buf_clear(&b);
	buf_add(&b, STR("abcdef"));
	buf_eat(&b, 4);
	ok(str_is(buf_str(&b), "ef"), "eating from the front");
	buf_free(&b);
}

static void
test_err_wrap__keeps_the_cause(void)
{
	struct err e = { 0 };
	char lots[3000];

	memset(lots, 'c', sizeof(lots) - 1);
	lots[sizeof(lots) - 1] = '\0';
	(void)err_set(&e, ERR_SYSTEM, "cause");
	(void)err_wrap(&e, "pipeline '%s'", "edges");
	ok(strcmp(e.text, "pipeline 'edges': cause") == 0, "context first, cause last");
	(void)err_set(&e, ERR_SYSTEM, "%s", lots);
	(void)err_wrap(&e, "context");
	ok(e.text[0] == 'c' && strlen(e.text) == sizeof(e.text) - 1, "a full text is left alone");
}

static void
test_arena_grow__keeps_content(struct arena *a)
{
	int *list = NULL;
	size_t count = 0, room = 0;

	for (int i = 0; i < 1000; i++) {
		list = arena_grow(a, list, count, &room, sizeof(*list));
		list[count++] = i;
	}
	ok(list[0] == 0 && list[999] == 999, "a thousand elements stay");
	ok(str_is(arena_fmt(a, "%s-%d", "x", 7), "x-7"), "formatted text");
}

static void
test_arena_add__appends(struct arena *a)
{
	struct {
		struct str *list;
		size_t count, room;
	} all = { 0 };

	for (int i = 0; i < 20; i++)
		ARENA_ADD(a, &all, arena_fmt(a, "%d", i));
	ARENA_ADD(a, &all, (struct str){ "x", 1 });
	ok(all.count == 21 && str_is(all.list[0], "0") && str_is(all.list[19], "19")
	        && str_is(all.list[20], "x"),
	    "21 values in their order");
}

static void
test_diags_sort__by_place_and_once(struct arena *a)
{
	struct diags d = diags_in(a);

	(void)diags_error(&d, CHECK_SYNTAX, "b", (struct span){ .line = 1, .col = 1 }, "x");
	(void)diags_warn(&d, CHECK_SYNTAX, "a", (struct span){ .line = 9, .col = 1 }, "y");
	(void)diags_error(&d, CHECK_SYNTAX, "b", (struct span){ .line = 1, .col = 1 }, "x");
	diags_sort(&d);
	ok(d.count == 2 && d.errors == 1, "the same mistake counts once");
	ok(str_is(d.list[0].what, "y"), "sorted by file");
}

static void
test_str_digits__at_the_start(void)
{
	ok(str_digits(STR("2024-01")) == 4 && str_digits(STR("-1")) == 0 && str_digits(STR("")) == 0
	        && str_digits(STR("007")) == 3,
	    "decimal digits only");
}

/* Somebody made the descriptor non-blocking, and its bytes come in pieces. */
static void
test_fd_fill__pieces(void)
{
	struct timespec moment = { .tv_nsec = 20000000 };
	int ends[2] = { -1, -1 }, status = 1;
	char bytes[16] = "";
	pid_t writer;

	if (pipe(ends) < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0)
		exit(1);
	writer = fork();
	if (writer == 0) {
		for (int i = 0; i < 3; i++) {
			(void)nanosleep(&moment, NULL);
			if (write(ends[1], "ab", 2) != 2)
				_exit(1);
		}
		_exit(0);
	}
	(void)close(ends[1]);
	ok(fd_fill(ends[0], bytes, 3) == 3 && strcmp(bytes, "aba") == 0, "as much as asked for");
	ok(fd_fill(ends[0], bytes, sizeof(bytes)) == 3 && strncmp(bytes, "bab", 3) == 0,
	    "to the end");
	ok(fd_fill(ends[0], bytes, sizeof(bytes)) == 0, "the end again");
	ok(fd_fill(-1, bytes, sizeof(bytes)) == -1 && errno == EBADF, "no descriptor");
	ok(waitpid(writer, &status, 0) == writer && status == 0, "all was written");
	(void)close(ends[0]);
}

static void
test_str_span__bytes_of_a_set(void)
{
	ok(str_span(STR("a1-b"), CHARS_LOWER CHARS_DIGIT) == 2 && str_span(STR("-"), "x") == 0
	        && str_span(STR(""), "x") == 0 && str_span(STR("xx"), "x") == 2,
	    "as far as they are in it");
	ok(str_cspan(STR("a b"), " \t") == 1 && str_cspan(STR("ab"), " ") == 2,
	    "as far as they are not");
	ok(str_span(STR("\0x"), "x") == 0 && str_cspan(STR("a\0 "), " ") == 2,
	    "a NUL is in no set");
	ok(str_is_of(STR("0af"), CHARS_HEX) && !str_is_of(STR("0ag"), CHARS_HEX)
	        && !str_is_of(STR(""), CHARS_HEX) && !str_is_of(STR("0\0"), CHARS_HEX),
	    "all of them");
}

static void
test_str_take__prefix(void)
{
	struct str s = STR("https://x");

	ok(!str_take(&s, "http://") && str_is(s, "https://x"), "another beginning stays");
	ok(str_take(&s, "https://") && str_is(s, "x"), "the prefix goes");
	ok(str_take(&s, "x") && s.len == 0 && !str_take(&s, "x"), "up to the end");
}

static void
test_str_has_control__ascii(void)
{
	ok(str_has_control(STR("a\tb")) && str_has_control(STR("\x7f"))
	        && str_has_control(STR("\0")),
	    "tab, DEL and NUL");
	ok(!str_has_control(STR("a b\xc3\xa9")) && !str_has_control(STR("")),
	    "not bytes from 0x80");
}

static void
test_str_number__whole_and_not_too_long(void)
{
	static const char *const others[] = { "", " 1", "1 ", "-1", "+1", "1.0", "0x1",
		"1000000000000000000" };
	uint64_t n = 5;

	for (size_t i = 0; i < COUNT_OF(others); i++)
		ok(!str_number(str_of(others[i]), &n) && n == 5, "'%s'", others[i]);
	ok(str_number(STR("0"), &n) && n == 0, "from 0");
	ok(str_number(STR("007"), &n) && n == 7, "zeros before it");
	ok(str_number(STR("999999999999999999"), &n) && n == 999999999999999999, "18 digits");
}

static void
test_str_is_one_of__whole_words(void)
{
	ok(str_is_one_of(STR("tag"), "push|tag|cron") && str_is_one_of(STR("push"), "push"),
	    "one of them");
	ok(!str_is_one_of(STR("ta"), "push|tag") && !str_is_one_of(STR("push|tag"), "push|tag")
	        && !str_is_one_of(STR(""), "push") && !str_is_one_of(STR(""), NULL),
	    "parts, several and nothing are not");
}

static void
test_arena_listed__commas_between(struct arena *a)
{
	struct str list = arena_listed(a, STR(""), STR("a"));

	ok(str_is(list, "a"), "the first");
	ok(str_is(arena_listed(a, list, STR("b")), "a, b") && str_is(list, "a"), "the next");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_str_split__empty_parts_count();
	test_str_is_like__ascii_letters();
	test_str_trim__both_ends();
	test_buf_add__ceiling();
	test_err_wrap__keeps_the_cause();
	test_arena_grow__keeps_content(a);
	test_diags_sort__by_place_and_once(a);
	test_str_digits__at_the_start();
	test_fd_fill__pieces();
	test_str_number__whole_and_not_too_long();
	test_str_is_one_of__whole_words();
	test_arena_listed__commas_between(a);
	test_arena_add__appends(a);
	test_str_span__bytes_of_a_set();
	test_str_take__prefix();
	test_str_has_control__ascii();
	arena_free(a);
	return done();
}
