#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "format/doc.h"
#include "pipeline/dag.h"
#include "pipeline/spec.h"

static struct specs
read_specs(struct arena *a, const char *text, struct diags *d)
{
	struct doc *doc = doc_parse(a, "x.json", str_of(text), d);
	struct specs specs = { 0 };

	for (struct node *n = doc->first; n; n = n->next)
		spec_read(&specs, a, "x.json", n, STR("default"), d);
	return specs;
}

/* The names in the order of the DAG, joined by blanks. */
static struct str
order_of(struct arena *a, const struct specs *specs, struct diags *d, bool *good)
{
	size_t *order = ARENA_ARRAY(a, specs->count, size_t);
	struct str text = { "", 0 };

	*good = dag_order(specs, a, order, d);
	for (size_t i = 0; i < specs->count; i++)
		text = arena_fmt(a, "%.*s%s%.*s", STR_FMT(text), i ? " " : "",
		    STR_FMT(specs->list[order[i]].name));
	return text;
}

#define P(name, input) "{\"pipeline\":{\"name\":\"" name "\"},\"input\":" input "}"
#define B(name, branch, input)                                                                    \
	"{\"pipeline\":{\"name\":\"" name "\"},\"output_branch\":\"" branch "\",\"input\":" input \
	"}"
#define R(repo) "{\"pfs\":{\"repo\":\"" repo "\",\"glob\":\"/\"}}"

static void
test_dag_order__producers_first(struct arena *a)
{
	static const struct {
		const char *name, *text, *order;
	} rows[] = {
		{ "no edges keep their order", P("b", R("x")) P("a", R("y")), "b a" },
		{ "a chain backwards", P("c", R("b")) P("b", R("a")) P("a", R("in")), "a b c" },
		{ "a diamond",
		    P("d", "{\"cross\":[" R("b") "," R("c") "]}") P("c", R("a")) P("b", R("a"))
		        P("a", R("in")),
		    "a c b d" },
		/* C.3 number 13: a cross inside a join keeps all edges */
		{ "nested inputs of all kinds",
		    P("z", "{\"join\":[{\"cross\":[" R("y") ",{\"union\":[" R(
		               "x") "]}]},{\"group\":["
		                    "{\"atom\":{\"repo\":\"w\"}}]}]}") P("y", R("i")) P("x", R("i"))
		        P("w", R("i")),
		    "y x w z" },
		/* C.3 number 14: no input at all */
		{ "a spout without input",
		    "{\"pipeline\":{\"name\":\"s\"},\"spout\":{}}" P("a", R("s")), "s a" },
		{ "cron makes no edge",
		    P("a", "{\"cron\":{\"name\":\"b\",\"repo\":\"b\"}}") P("b", R("i")), "a b" },
		{ "twice the same repo",
		    P("b", "{\"cross\":[" R("a") "," R("a") "]}") P("a", R("i")), "a b" },
		{ "a circle of repos, not of branches: deferred processing",
		    B("a", "staging", R("b")) P("b", R("a")), "b a" },
		{ "another branch of a later one",
		    P("a", "{\"pfs\":{\"repo\":\"b\",\"branch\":\"dev\"}}") P("b", R("i")), "b a" },
		{ "a trigger is not a circle",
		    P("a", "{\"pfs\":{\"repo\":\"b\",\"trigger\":{\"size\":\"1K\"}}}")
		        P("b", R("a")),
		    "a b" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct diags d = diags_in(a);
		struct specs specs = read_specs(a, rows[i].text, &d);
		bool good;
		struct str order = order_of(a, &specs, &d, &good);

		ok(good && d.count == 0 && str_is(order, rows[i].order), "%s: %.*s", rows[i].name,
		    STR_FMT(order));
	}
}

static void
test_dag_order__projects_are_apart(struct arena *a)
{
	struct diags d = diags_in(a);
	struct specs specs = read_specs(a,
	    "{\"pipeline\":{\"name\":\"b\"},\"input\":{\"pfs\":{\"repo\":\"a\",\"project\":\"p\"}}}"
	    "{\"pipeline\":{\"name\":\"a\"},\"input\":" R(
	        "b") "}"
	             "{\"pipeline\":{\"name\":\"a\",\"project\":{\"name\":\"p\"}},\"input\":" R(
	                 "i") "}",
	    &d);
	bool good;
	struct str order = order_of(a, &specs, &d, &good);

	ok(good && str_is(order, "a b a"), "p/a, then b, then a: %.*s", STR_FMT(order));
}

static void
test_dag_order__loops_are_told_once(struct arena *a)
{
	static const struct {
		const char *name, *text;
		size_t loops;
		const char *says;
	} rows[] = {
		{ "itself", P("a", R("a")), 1, "'a' (x.json:1:21) reads 'a'" },
		{ "itself, on another branch", B("a", "staging", R("a")), 1, "reads 'a'" },
		{ "output branches that are read",
		    B("a", "x", "{\"pfs\":{\"repo\":\"b\",\"branch\":\"y\"}}")
		        B("b", "y", "{\"pfs\":{\"repo\":\"a\",\"branch\":\"x\"}}"),
		    1, "'a' (x.json" },
		{ "three", P("a", R("b")) P("b", R("c")) P("c", R("a")), 1, "reads 'c' (x.json" },
		{ "a loop with a tail", P("t", R("a")) P("a", R("b")) P("b", R("a")), 1, "'a' (x" },
		{ "two loops", P("a", R("b")) P("b", R("a")) P("c", R("d")) P("d", R("c")), 2,
		    "'a'" },
		/* the first stuck input of 'a' leads away from its own loop */
		{ "a loop behind a loop",
		    P("a", "{\"cross\":[" R("c") "," R("b") "]}") P("b", R("a")) P("c", R("d"))
		        P("d", R("c")),
		    2, "'c' (x.json:1:" },
		{ "two loops through one",
		    P("a", "{\"union\":[" R("b") "," R("c") "]}") P("b", R("a")) P("c", R("a")), 1,
		    "'a' (x.json:1:21) reads 'b'" },
		{ "a loop in the middle of a chain",
		    P("t", R("s")) P("s", R("a")) P("a", R("b")) P(
		        "b", "{\"cross\":[" R("a") "," R("y") "]}") P("y", R("z")) P("z", R("in")),
		    1, "'a' (x.json" },
		{ "itself and another",
		    P("a", "{\"cross\":[" R("a") "," R("b") "]}") P("b", R("a")), 1, "reads 'a'" },
		{ "three in a row, each behind the next",
		    P("a", R("a")) P("b", "{\"cross\":[" R("a") "," R("b") "]}")
		        P("c", "{\"cross\":[" R("b") "," R("c") "]}"),
		    3, "'a'" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct diags d = diags_in(a);
		struct specs specs = read_specs(a, rows[i].text, &d);
		bool good;

		(void)order_of(a, &specs, &d, &good);
		ok(!good && d.errors == rows[i].loops, "%s: %zu loops", rows[i].name, d.errors);
		ok(strstr(d.list[0].what.ptr, rows[i].says) != NULL, "%s: %s", rows[i].name,
		    d.list[0].what.ptr);
	}
}

/* A chain given backwards and a fan, large: a quadratic way would be felt under valgrind. */
static void
test_dag_order__twenty_thousand(struct arena *a)
{
	enum { N = 20000 };
	struct specs specs = { .list = ARENA_ARRAY(a, N, struct spec), .count = N };
	size_t *order = ARENA_ARRAY(a, N, size_t), *part = ARENA_ARRAY(a, N, size_t);
	struct diags d = diags_in(a);
	bool sorted = true, one_part = true;

	for (size_t i = 0; i < N; i++) {
		struct spec_input *input = ARENA_NEW(a, struct spec_input);

		input->repo = arena_fmt(a, "p%zu", i + 1);
		input->project = STR("default");
		specs.list[i] = (struct spec){ .file = "x",
			.project = STR("default"),
			.name = arena_fmt(a, "p%zu", i),
			.inputs = input,
			.input_count = 1 };
	}
	ok(dag_order(&specs, a, order, &d), "a chain of 20,000 has an order");
	for (size_t i = 0; i < N; i++)
		sorted &= order[i] == N - 1 - i;
	ok(sorted, "it is the reverse of the files'");
	dag_parts(&specs, a, part);
	for (size_t i = 0; i < N; i++)
		one_part &= part[i] == 0;
	ok(one_part, "it is one connected part");
}

/* One that all read, given last, and one that reads all, given first. */
static void
test_dag_order__fans(struct arena *a)
{
	enum { N = 20000 };
	struct specs specs = { .list = ARENA_ARRAY(a, N, struct spec), .count = N };
	size_t *order = ARENA_ARRAY(a, N, size_t), *part = ARENA_ARRAY(a, N, size_t);
	struct spec_input *inputs = ARENA_ARRAY(a, N, struct spec_input);
	struct diags d = diags_in(a);
	bool stable = true, one_part = true;

	for (size_t i = 0; i < N; i++) {
		specs.list[i] = (struct spec){ .file = "x", .name = arena_fmt(a, "p%zu", i) };
		inputs[i].repo = specs.list[i].name;
	}
	for (size_t i = 1; i + 1 < N; i++) {
		specs.list[i].inputs = &inputs[N - 1];
		specs.list[i].input_count = 1;
	}
	specs.list[0].inputs = &inputs[1];
	specs.list[0].input_count = N - 1;
	ok(dag_order(&specs, a, order, &d), "a fan of 20,000 has an order");
	for (size_t i = 1; i + 1 < N; i++)
		stable &= order[i] == i;
	ok(stable && order[0] == N - 1 && order[N - 1] == 0,
	    "the source, the middle as it was read, the sink");
	dag_parts(&specs, a, part);
	for (size_t i = 0; i < N; i++)
		one_part &= part[i] == 0;
	ok(one_part, "it is one connected part");
}

/* 10,000 loops of two, each also reading from the next one: reported one by one, in time. */
static void
test_dag_order__many_loops(struct arena *a)
{
	enum { N = 20000 };
	struct specs specs = { .list = ARENA_ARRAY(a, N, struct spec), .count = N };
	size_t *order = ARENA_ARRAY(a, N, size_t);
	struct diags d = diags_in(a);
	bool as_read = true;

	for (size_t i = 0; i < N; i++) {
		struct spec_input *inputs = ARENA_ARRAY(a, 2, struct spec_input);

		inputs[0].repo = arena_fmt(a, "p%zu", i + 2);
		inputs[1].repo = arena_fmt(a, "p%zu", i ^ 1);
		specs.list[i] = (struct spec){ .file = "x",
			.name = arena_fmt(a, "p%zu", i),
			.inputs = inputs,
			.input_count = 2 };
	}
	ok(!dag_order(&specs, a, order, &d) && d.errors == N / 2, "%zu loops", d.errors);
	for (size_t i = 0; i < N; i++)
		as_read &= order[i] == i;
	ok(as_read, "the order is then that of the files");
}

static void
test_dag_parts__apart(struct arena *a)
{
	struct diags d = diags_in(a);
	struct specs specs = read_specs(
	    a, P("a", R("x")) P("b", R("y")) P("c", R("b")) P("d", R("e")) P("e", R("a")), &d);
	size_t part[5];

	dag_parts(&specs, a, part);
	ok(part[0] == 0 && part[3] == 0 && part[4] == 0, "a, e and d are one part");
	ok(part[1] == 1 && part[2] == 1, "b and c are another, though repos outside are shared");
}

static void
test_specs_check_unique__names_both_places(struct arena *a)
{
	struct diags d = diags_in(a);
	struct specs specs = read_specs(a, P("a", R("i")) "\n" P("a", R("i")), &d);

	specs_check_unique(&specs, a, &d);
	ok(d.errors == 1 && d.list[0].at.line == 2 && strstr(d.list[0].what.ptr, "x.json:1:21"),
	    "the second names the first");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_dag_order__producers_first(a);
	test_dag_order__projects_are_apart(a);
	test_dag_order__loops_are_told_once(a);
	test_dag_order__twenty_thousand(a);
	test_dag_order__fans(a);
	test_dag_order__many_loops(a);
	test_dag_parts__apart(a);
	test_specs_check_unique__names_both_places(a);
	arena_free(a);
	return done();
}
