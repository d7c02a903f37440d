#include "tap.h"

#include "base/arena.h"
#include "diag/diag.h"

static struct span
at(uint32_t line, uint32_t col)
{
	return (struct span){ .line = line, .col = col };
}

static void
test_diags_sort__one_mistake_at_a_place(struct arena *a)
{
	struct diags d = diags_in(a);

	(void)diags_error(&d, CHECK_TOLERATION, "p.yaml", at(1, 2), "must be EXISTS");
	diag_hint(&d, diags_error(&d, CHECK_WRONG_TYPE, "p.yaml", at(1, 2), "is not a string"),
	    "quote it");
	diag_hint(&d, diags_error(&d, CHECK_WRONG_TYPE, "p.yaml", at(1, 2), "is an object"),
	    "write x: y");
	(void)diags_error(&d, CHECK_NAME_MALFORMED, "p.yaml", at(2, 1), "one");
	(void)diags_error(&d, CHECK_NAME_TOO_LONG, "p.yaml", at(2, 1), "another");
	(void)diags_error(&d, CHECK_WRONG_TYPE, "p.yaml", at(0, 0), "of the file");
	(void)diags_error(&d, CHECK_TOLERATION, "p.yaml", at(0, 0), "of the file, too");
	diags_sort(&d);
	ok(d.count == 5 && d.errors == 5, "%zu of 7 stay, %zu errors", d.count, d.errors);
	ok(str_is(d.list[2].what, "is an object"), "the one that says what to write: %.*s",
	    STR_FMT(d.list[2].what));
}

static void
test_diags_fold__one_line_for_a_cause(struct arena *a)
{
	static const char *const names[] = { "p0", "p1", "p2", "p3", "p4", "p5" };
	struct diags d = diags_in(a);

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		struct diag *one = diags_error(
		    &d, CHECK_SECRET_MISSING, "s.yaml", at((uint32_t)i + 1, 1), "no secret");

		diag_cause(&d, one, i == 5 ? STR("other") : STR("db"), str_of(names[i]));
	}
	(void)diags_error(&d, CHECK_SECRET_MISSING, "s.yaml", at(9, 1), "without a cause");
	diags_sort(&d);
	diags_fold(&d);
	ok(d.count == 3 && d.errors == 3, "three causes: %zu", d.count);
	ok(str_is(d.list[0].what, "no secret; p0, and so for 4 others: p1, p2, p3, …"), "%.*s",
	    STR_FMT(d.list[0].what));
	ok(str_is(d.list[1].what, "no secret"), "one alone names nobody: %.*s",
	    STR_FMT(d.list[1].what));
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_diags_sort__one_mistake_at_a_place(a);
	test_diags_fold__one_line_for_a_cause(a);
	arena_free(a);
	return done();
}
