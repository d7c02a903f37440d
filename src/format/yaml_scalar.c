#include "format/yaml_scalar.h"

#include <string.h>
#include <yaml.h>

#include "base/arena.h"
#include "format/json_token.h"
#include "format/scan.h"
#include "format/yaml_date.h"

/* What a number or a date can begin with; most texts of a spec begin with a letter. */
static bool
may_be_number(struct str text)
{
	return text.len > 0 && memchr("0123456789.+-_", text.ptr[0], 14) != NULL;
}

static bool
is_json_number(struct str s)
{
	return json_number_fault(s) == NULL;
}

/* Whether all of `s` but '_' is in `set`: how many digits it has, without zeros at the start. 0: it is not. */
static size_t
count_of_set(struct str s, const char *set)
{
	size_t count = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '_')
			continue;
		if (!strchr(set, s.ptr[i]))
			return 0;
		count += count > 0 || s.ptr[i] != '0' || i + 1 == s.len;
	}
	return count;
}

/* 0x1F, 0o7, 0b1: what fits in 64 bits; go-yaml takes longer ones for text. */
static bool
is_based(struct str s)
{
	static const struct {
		const char *prefixes[2];
		const char *digits;
		size_t most;
	} bases[] = {
		{ { "0x", "0X" }, "0123456789abcdefABCDEF", 16 },
		{ { "0o", "0O" }, "01234567", 22 },
		{ { "0b", "0B" }, "01", 64 },
	};

	for (size_t i = 0; i < COUNT_OF(bases); i++)
		if (str_starts(s, bases[i].prefixes[0]) || str_starts(s, bases[i].prefixes[1])) {
			size_t count = count_of_set(str_tail(s, 2), bases[i].digits);

			return count > 0 && count <= bases[i].most;
		}
	return false;
}

/* Takes the digits at the start, and '_' among them, which go-yaml leaves out; how many digits there are. */
static size_t
take_digits(struct str *s)
{
	size_t len = 0, count = 0;

	while (len < s->len && ((s->ptr[len] >= '0' && s->ptr[len] <= '9') || s->ptr[len] == '_'))
		count += s->ptr[len++] != '_';
	*s = str_tail(*s, len);
	return count;
}

/* go-yaml reads text where '_' is first, and where a number starts with '.' and a '_' is not between two digits. */
static bool
has_stray_underscore(struct str s)
{
	if (str_starts(s, "_"))
		return true;
	if (!str_starts(s, "."))
		return false;
	for (size_t i = 1; i < s.len; i++)
		if (s.ptr[i] == '_'
		    && (str_digits(str_tail(s, i - 1)) != 1 || str_digits(str_tail(s, i + 1)) == 0))
			return true;
	return false;
}

static void
take_sign(struct str *s)
{
	(void)(str_take(s, "+") || str_take(s, "-"));
}

/* Digits with a dot among, before or behind them, and perhaps an exponent: go-yaml's floats (yamlStyleFloat),
 * 01234e5, +1e5 and 5.e3 among them, and all numbers of JSON. */
static bool
is_go_float(struct str s)
{
	size_t count;

	take_sign(&s);
	count = take_digits(&s);
	if (str_take(&s, "."))
		count += take_digits(&s);
	if (count > 0 && (str_take(&s, "e") || str_take(&s, "E"))) {
		take_sign(&s);
		count = take_digits(&s);
	}
	return count > 0 && s.len == 0;
}

/* Numbers of YAML 1.1 and 1.2, those that JSON has not, too: +1, 012, 1_000, 01234e5, 0x1F, 0o7, .5, 5., .inf */
static bool
is_other_number(struct str text)
{
	struct str s = text;

	take_sign(&s);
	if (str_is_one_of(s, ".inf|.Inf|.INF|.nan|.NaN|.NAN"))
		return true;
	return is_based(s) || (!has_stray_underscore(text) && is_go_float(text));
}

/* The truth values of YAML 1.1 (yaml.org/type/bool.html) that 1.2 does not have. */
static bool
is_old_bool(struct str text)
{
	return str_is_one_of(text, "y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF");
}

/* "1:30" counts in sixties (yaml.org/type/int.html). */
static bool
is_sixties(struct str text)
{
	take_sign(&text);
	return str_digits(text) > 0 && str_find(text, ':') < text.len
	       && count_of_set(text, "0123456789:.") > 0;
}

bool
yaml_is_ambiguous(struct str text)
{
	return is_old_bool(text) || is_sixties(text) || is_other_number(text);
}

/* What one of the forms that pachctl 2.8 and later refuse looks like; NULL when it is text. */
static const char *
fault_of(struct str text)
{
	if (is_json_number(text))
		return "a number of more than 63 characters";
	return is_other_number(text) ? "a number that JSON does not have" : NULL;
}

/* YAML's words for null, true and false; the longest is "false". */
static bool
read_word(struct str text, struct yaml_plain *out)
{
	if (text.len > 5 || (text.len > 0 && !memchr("~nNtTfF", text.ptr[0], 7)))
		return false;
	*out = (struct yaml_plain){ .kind = NODE_BOOL, .text = STR("true") };
	if (str_is_one_of(text, "true|True|TRUE"))
		return true;
	out->text = STR("false");
	if (str_is_one_of(text, "false|False|FALSE"))
		return true;
	*out = (struct yaml_plain){ .kind = NODE_NULL, .text = text };
	return text.len == 0 || str_is_one_of(text, "~|null|Null|NULL");
}

struct yaml_plain
yaml_plain_read(struct arena *a, struct str text)
{
	struct yaml_plain out;
	struct str zero, date;

	if (read_word(text, &out))
		return out;
	out = (struct yaml_plain){ .kind = NODE_STRING, .text = text };
	if (!may_be_number(text))
		return out;
	if (is_json_number(text) && text.len <= JSON_NUMBER_MOST)
		return (struct yaml_plain){ .kind = NODE_NUMBER, .text = text };
	zero = str_starts(text, ".") ? arena_fmt(a, "0%.*s", STR_FMT(text)) : STR("");
	if (is_json_number(zero) && text.len < JSON_NUMBER_MOST)
		return (struct yaml_plain){ .kind = NODE_NUMBER, .text = zero };
	out.fault = fault_of(text);
	if (!out.fault && yaml_date_read(a, text, &date)) {
		out.text = date;
		out.is_date = true;
	}
	return out;
}

void
yaml_plain_set(struct scan *s, struct node *n)
{
	struct yaml_plain value = yaml_plain_read(s->arena, n->text);

	if (s->is_any && (value.fault || value.is_date || !str_eq(value.text, n->text)))
		return; /* another program's text */
	n->kind = value.kind;
	if (value.fault) {
		n->kind = NODE_NULL;
		n->is_faulty = true;
		scan_error(s, CHECK_YAML, n->at, "use plain decimal digits, or quotes for text",
		    "'%.*s' is %s", STR_FMT(str_head(n->text, 60)), value.fault);
	}
	n->text = value.text;
	n->is_date = value.is_date;
}

bool
yaml_tag_is_core(const char *tag)
{
	return str_is_one_of(str_of(tag),
	    "!|" YAML_STR_TAG "|" YAML_INT_TAG "|" YAML_FLOAT_TAG "|" YAML_BOOL_TAG
	    "|" YAML_NULL_TAG "|" YAML_SEQ_TAG "|" YAML_MAP_TAG);
}

enum node_style
yaml_style(int style)
{
	switch ((yaml_scalar_style_t)style) {
	case YAML_ANY_SCALAR_STYLE:
	case YAML_PLAIN_SCALAR_STYLE:
		return STYLE_PLAIN;
	case YAML_SINGLE_QUOTED_SCALAR_STYLE:
		return STYLE_SINGLE;
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
		return STYLE_DOUBLE;
	case YAML_LITERAL_SCALAR_STYLE:
	case YAML_FOLDED_SCALAR_STYLE:
		return STYLE_BLOCK;
	}
	return STYLE_OTHER;
}

/* libyaml's anchors are letters, digits, '_' and '-'. */
static size_t
anchor_len(struct str s)
{
	return 1 + str_span(str_tail(s, 1), CHARS_ALNUM "_-");
}

/* "!<" goes on to '>', every other tag to a blank or what ends a value in a flow. */
static size_t
tag_len(struct str s)
{
	if (str_starts(s, "!<"))
		return str_find(s, '>') + 1;
	return 1 + str_cspan(str_tail(s, 1), " \t\r\n,[]{}");
}

/* How many bytes at the start of `s` are not part of a value: a property, a remark, or one blank. */
static size_t
property_len(struct str s)
{
	if (s.len == 0)
		return 0;
	switch (s.ptr[0]) {
	case '&':
		return anchor_len(s);
	case '!':
		return tag_len(s);
	case ' ':
	case '\t':
	case '\r':
	case '\n':
		return 1;
	default:
		return 0;
	}
}

struct span
yaml_value_span(struct str text, struct span at)
{
	struct str rest = str_head(str_tail(text, at.offset), at.len);
	size_t len;

	while ((len = property_len(rest)) > 0) {
		bool is_line_end = rest.ptr[0] == '\n';

		at.line += is_line_end;
		at.col = is_line_end ? 1 : at.col + (uint32_t)len;
		at.offset += len;
		at.len -= len;
		rest = str_tail(rest, len);
	}
	/* a remark could end at any of YAML's line ends: what follows it has no sure place */
	if (str_starts(rest, "#"))
		at.len = 0;
	return at;
}
