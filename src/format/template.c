#include "format/template.h"

enum { NEAR_LINES = 3 }; /* a parser notices at most so much later that something was wrong */

/* Whether a quote is open behind the text: "{{" within a string does not matter. */
static bool
is_quoted(struct str before)
{
	size_t doubles = 0, singles = 0;

	for (size_t i = 0; i < before.len; i++) {
		doubles += before.ptr[i] == '"';
		singles += before.ptr[i] == '\'';
	}
	return doubles % 2 == 1 || singles % 2 == 1;
}

/* The first "{{ … }}" that explains an error in line `wrong`: it begins a line, or is there or shortly before. */
static bool
find_braces(struct str text, uint32_t wrong, struct span *out)
{
	struct str rest = text, line;

	for (uint32_t n = 1; str_split(&rest, '\n', &line); n++) {
		bool is_near = n <= wrong && n + NEAR_LINES >= wrong;

		for (size_t i = 0; i + 1 < line.len; i++) {
			if (line.ptr[i] != '{' || line.ptr[i + 1] != '{'
			    || !str_holds(str_tail(line, i), STR("}}")))
				continue;
			if (is_quoted(str_head(line, i)))
				continue;
			if (!is_near && str_trim(str_head(line, i)).len > 0)
				break;
			*out = (struct span){
				.line = n,
				.col = (uint32_t)i + 1,
				.offset = (size_t)(line.ptr - text.ptr) + i,
				.len = 2,
			};
			return true;
		}
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
