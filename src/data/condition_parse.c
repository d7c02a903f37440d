/* Reading a condition. */
#include "data/condition.h"

#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "data/place.h"
#include "format/doc.h"

#define EXAMPLE "write for example '.rmse < 60', '.status == \"ok\"' or 'count(/) >= 1'"

enum { MAX_STEPS = 64 };

static const struct {
	const char *text;
	enum condition_op op;
} ops[] = {
	/* the longer ones first */
	{ "<=", OP_AT_MOST },
	{ ">=", OP_AT_LEAST },
	{ "==", OP_EQUAL },
	{ "!=", OP_OTHER },
	{ "<", OP_LESS },
	{ ">", OP_MORE },
};

struct parser {
	struct arena *arena;
	struct str text;
	size_t at;
	struct condition *out;
	struct err *err;
};

static int
wrong(struct parser *p, const char *what)
{
	(void)err_set(p->err, ERR_USAGE, "condition '%.*s', character %zu: %s",
	    STR_FMT(str_head(p->text, 300)), p->at + 1, what);
	return err_hint(p->err, EXAMPLE);
}

static int
peek(const struct parser *p)
{
	return p->at < p->text.len ? (unsigned char)p->text.ptr[p->at] : -1;
}

static void
skip_blanks(struct parser *p)
{
	p->at += str_span(str_tail(p->text, p->at), " \t");
}

static bool
is_name_char(int c)
{
	return c >= 0x80 || (c > 0 && strchr(CHARS_ALNUM "_-", c));
}

static int
add_step(struct parser *p, struct condition_step step)
{
	if (p->out->step_count == MAX_STEPS)
		return wrong(p, "the path has too many steps");
	p->out->steps[p->out->step_count++] = step;
	return 0;
}

/* A text in double quotes, as JSON has it, or in single ones, as it is. */
static int
take_text(struct parser *p, struct str *out)
{
	size_t start = p->at;
	int quote = peek(p);
	struct diags unheard = diags_in(p->arena);
	const struct node *value;
	struct str whole;

	for (p->at++; peek(p) >= 0 && peek(p) != quote; p->at++)
		if (quote == '"' && peek(p) == '\\')
			p->at++;
	if (peek(p) < 0) {
		p->at = start;
		return wrong(p, "nothing closes this quote");
	}
	p->at++;
	whole = str_head(str_tail(p->text, start), p->at - start);
	*out = str_head(str_tail(whole, 1), whole.len - 2);
	if (quote == '\'')
		return 0;
	value = doc_parse_value(p->arena, whole, &unheard);
	if (!value) {
		p->at = start;
		return wrong(p, "this is not a JSON string");
	}
	*out = value->text;
	return 0;
}

/* "[3]", "[-1]", "[\"a b\"]" */
static int
take_bracket(struct parser *p)
{
	struct condition_step step = { 0 };
	size_t start = ++p->at;

	if (peek(p) == '"' || peek(p) == '\'') {
		if (take_text(p, &step.name) < 0)
			return -1;
	} else {
		bool is_negative = peek(p) == '-';

		for (p->at += is_negative; peek(p) >= '0' && peek(p) <= '9'; p->at++) {
			if (step.index > 100000000)
				return wrong(p, "this index is too large");
			step.index = step.index * 10 + (peek(p) - '0');
		}
		if (p->at == start + is_negative)
			return wrong(p, "an index or a name in quotes is missing");
		step.index = is_negative ? -step.index : step.index;
	}
	if (peek(p) != ']')
		return wrong(p, "a ']' is missing");
	p->at++;
	return add_step(p, step);
}

/* ".name" or ."a b"; the dot is passed. */
static int
take_name(struct parser *p)
{
	struct condition_step step = { 0 };
	size_t start = p->at;

	if (peek(p) == '"') {
		if (take_text(p, &step.name) < 0)
			return -1;
	} else {
		while (is_name_char(peek(p)))
			p->at++;
		if (p->at == start)
			return wrong(p, "a name is missing behind '.'");
		step.name = str_head(str_tail(p->text, start), p->at - start);
	}
	return add_step(p, step);
}

/* A lone "." is the document itself, and ".[0]" begins there. */
static bool
is_document(const struct parser *p)
{
	int next = p->at + 1 < p->text.len ? (unsigned char)p->text.ptr[p->at + 1] : -1;

	return peek(p) == '.' && next != '"' && next != '.' && !is_name_char(next);
}

static int
take_path(struct parser *p)
{
	if (peek(p) != '.' && peek(p) != '[')
		return wrong(p, "a path begins with '.', or the condition with count(DIR)");
	if (is_document(p))
		p->at++;
	while (peek(p) == '.' || peek(p) == '[') {
		if (peek(p) == '[') {
			if (take_bracket(p) < 0)
				return -1;
			continue;
		}
		p->at++;
		if (take_name(p) < 0)
			return -1;
	}
	return 0;
}

static int
take_count(struct parser *p)
{
	size_t start = p->at + strlen("count(");
	struct str dir = str_tail(p->text, start);
	size_t close = str_find(dir, ')');

	p->at = start;
	if (close == dir.len)
		return wrong(p, "a ')' is missing");
	dir = str_trim(str_head(dir, close));
	if (!str_starts(dir, "/"))
		return wrong(p, "a directory begins with '/'");
	while (dir.len > 1 && dir.ptr[dir.len - 1] == '/')
		dir = str_head(dir, dir.len - 1);
	if (dir.len > 1 && path_check(dir))
		return wrong(p, path_check(dir));
	p->out->dir = arena_str(p->arena, dir);
	p->out->counts = true;
	p->at = start + close + 1;
	return 0;
}

static int
take_op(struct parser *p)
{
	for (size_t i = 0; i < COUNT_OF(ops); i++)
		if (str_starts(str_tail(p->text, p->at), ops[i].text)) {
			p->out->op = ops[i].op;
			p->out->op_text = ops[i].text;
			p->at += strlen(ops[i].text);
			return 0;
		}
	return wrong(p,
	    peek(p) == '=' ? "write == for 'is equal'" : "one of < <= > >= == != must stand here");
}

static int
take_value(struct parser *p)
{
	struct condition *c = p->out;

	if (peek(p) == '"' || peek(p) == '\'') {
		c->kind = VALUE_TEXT;
		return take_text(p, &c->text);
	}
	c->text = str_trim(str_tail(p->text, p->at));
	if (str_is(c->text, "true") || str_is(c->text, "false"))
		c->kind = VALUE_BOOL;
	else if (str_is(c->text, "null"))
		c->kind = VALUE_NULL;
	else if (condition_number(p->arena, c->text, &c->number))
		c->kind = VALUE_NUMBER;
	else
		return wrong(p, c->text.len == 0
		                    ? "a value is missing"
		                    : "expected a number, true, false, null or a string in quotes");
	p->at = p->text.len;
	return 0;
}

static int
check_kinds(struct parser *p)
{
	const struct condition *c = p->out;
	bool orders = c->op != OP_EQUAL && c->op != OP_OTHER;

	if (c->counts && c->kind != VALUE_NUMBER)
		return wrong(p, "a count is compared with a number");
	if (orders && (c->kind == VALUE_BOOL || c->kind == VALUE_NULL))
		return wrong(p, "true, false and null are only == or != something");
	return 0;
}

int
condition_parse(struct arena *a, const char *text, struct condition *out, struct err *err)
{
	struct parser p = { .arena = a, .text = str_of(text), .out = out, .err = err };
	size_t start, bad;

	*out = (struct condition){ .steps = ARENA_ARRAY(a, MAX_STEPS, struct condition_step) };
	if (!utf8_is_valid(p.text, &bad)) {
		p.at = bad;
		p.text = str_head(p.text, bad);
		return wrong(&p, "this is not UTF-8");
	}
	skip_blanks(&p);
	start = p.at;
	if ((str_starts(str_tail(p.text, p.at), "count(") ? take_count(&p) : take_path(&p)) < 0)
		return -1;
	out->path = str_head(str_tail(p.text, start), p.at - start);
	skip_blanks(&p);
	if (take_op(&p) < 0)
		return -1;
	skip_blanks(&p);
	if (take_value(&p) < 0)
		return -1;
	skip_blanks(&p);
	if (p.at < p.text.len)
		return wrong(&p, "nothing may stand behind the value");
	return check_kinds(&p);
}
