#include "format/template.h"

enum { NEAR_LINES = 3 }; /* a parser notices at most so much later that something was wrong */

/* The offset of the first "{{" of the line that is outside of quotes and has a "}}" behind it; line.len: there is
 * none. */
static size_t
braces_at(struct str line)
{
	bool in_double = false, in_single = false;
	size_t last = line.len;

	while (last > 1 && !str_starts(str_tail(line, last - 2), "}}"))
		last--;
	for (size_t i = 0; i + 2 < last; i++) {
		if (!in_double && !in_single && str_starts(str_tail(line, i), "{{"))
			return i;
		in_double ^= line.ptr[i] == '"';
		in_single ^= line.ptr[i] == '\'';
	}
	return line.len;
}

/* The first "{{ … }}" that explains an error in line `wrong`: it begins a line, or is there or shortly before. */
static bool
find_braces(struct str text, uint32_t wrong, struct span *out)
{
	struct str rest = text, line;

	for (uint32_t n = 1; str_split(&rest, '\n', &line); n++) {
		bool is_near = n <= wrong && n + NEAR_LINES >= wrong;
		size_t at = braces_at(line);

		if (at == line.len || (!is_near && str_trim(str_head(line, at)).len > 0))
			continue;
		*out = (struct span){
			.line = n,
			.col = (uint32_t)at + 1,
			.offset = (size_t)(line.ptr - text.ptr) + at,
			.len = 2,
		};
		return true;
	}
	return false;
}

bool
template_explain(struct diags *d, size_t first, const char *file, struct str text)
{
	struct span at;
	size_t errors = 0, from;

	for (size_t i = first; i < d->count; i++)
		errors += d->list[i].level == DIAG_ERROR;
	for (from = first; from < d->count && d->list[from].level != DIAG_ERROR;)
		from++;
	if (errors == 0
	    || (d->list[from].check != CHECK_SYNTAX && d->list[from].check != CHECK_YAML)
	    || !find_braces(text, d->list[from].at.line, &at))
		return false;
	d->count = first;
	d->errors -= errors;
	diag_hint(d,
	    diags_error(d, CHECK_SYNTAX, file, at,
	        "the file is a template ({{ … }}, as of Helm), not YAML or JSON"),
	    "render it first: helm template CHART | pachup push -");
	return true;
}
