#include "retag/leftover.h"

#include <string.h>

#include "base/arena.h"
#include "pipeline/image.h"

#define TAG_CHARS CHARS_ALNUM "._-"

/* Where the repository begins whose name is at `at`: a registry may be before it. */
static size_t
begin_of(struct str text, size_t at)
{
	while (at > 0 && text.ptr[at - 1] && strchr(TAG_CHARS "/", text.ptr[at - 1])
	       && !(text.ptr[at - 1] == '/' && at > 1 && text.ptr[at - 2] == '/'))
		at--;
	return at;
}

/* Where "${TAG}", "$(TAG)", "$TAG", "{{ tag }}" or "${{ env.TAG }}" at `at` ends; `at`: there is no variable. */
static size_t
variable_end(struct str text, size_t at)
{
	struct str rest = str_tail(text, at);
	bool braces = str_starts(rest, "{{") || str_starts(rest, "${{");
	bool dollar = str_starts(rest, "$");
	char close = braces || str_starts(rest, "${") ? '}' : str_starts(rest, "$(") ? ')' : '\0';
	size_t line = str_find(rest, '\n'), end = 1;

	if (!braces && !dollar)
		return at;
	if (close) {
		end = str_find(rest, close);
		end += braces ? 2 : 1;
		return end <= line ? at + end : at;
	}
	return at + end + str_span(str_tail(rest, end), CHARS_ALNUM "_");
}

/* Where the tag behind ':' ends; a sentence may end behind it. */
static size_t
tag_end(struct str text, size_t at)
{
	size_t end = at + str_span(str_tail(text, at), TAG_CHARS);

	while (end > at && (text.ptr[end - 1] == '.' || text.ptr[end - 1] == '-'))
		end--;
	return end;
}

/* Where the tag and the digest behind the repository end; `at`: there are none. */
static size_t
suffix_end(struct str text, size_t at, bool *is_variable)
{
	size_t end = at, next;

	*is_variable = false;
	if (str_starts(str_tail(text, at), ":")) {
		end = variable_end(text, at + 1);
		*is_variable = end > at + 1;
		if (*is_variable)
			return end;
		end = tag_end(text, at + 1);
		if (end == at + 1)
			return at;
	}
	if (!str_starts(str_tail(text, end), "@"))
		return end;
	next = end + 1 + str_span(str_tail(text, end + 1), CHARS_ALNUM ":");
	return next > end + 8 ? next : end;
}

static bool
is_remark(struct str line)
{
	for (size_t i = 0; i < line.len; i++)
		if (line.ptr[i] == '#' && (i == 0 || strchr(" \t", line.ptr[i - 1])))
			return true;
	return false;
}

void
leftover_place(struct leftover *out, struct str text)
{
	size_t start = 0, at = out->at.offset;

	out->at.line = 1;
	for (size_t i = 0; i < at; i++)
		if (text.ptr[i] == '\n') {
			out->at.line++;
			start = i + 1;
		}
	out->at.col = (uint32_t)(at - start + 1);
	out->in_remark = is_remark(str_head(str_tail(text, start), at - start));
}

/* Whether the image is of the rule's repository, and the rule would change it. */
static bool
would_change(struct arena *a, const struct rule *rule, struct str image, bool is_variable)
{
	struct image now = image_split(image);
	size_t dollar = str_find(image, '$'), brace = str_find(image, '{');

	if (is_variable)
		now.repo = str_head(image, (dollar < brace ? dollar : brace) - 1);
	return image_same_repo(now.repo, rule->repo)
	       && (is_variable || !str_eq(rule_result_text(a, rule, image), image));
}

/* Where the word is at `from` or later; text.len: nowhere. A '/' is rarer than letters. */
static size_t
find_word(struct str text, struct str word, size_t from)
{
	size_t slash = str_find(word, '/'), pivot = slash < word.len ? slash : 0;

	while (from + word.len <= text.len) {
		size_t room = text.len - word.len - from + 1;
		const char *hit = memchr(text.ptr + from + pivot, word.ptr[pivot], room);

		if (!hit)
			break;
		from = (size_t)(hit - text.ptr) - pivot;
		if (text.ptr[from] == word.ptr[0]
		    && memcmp(text.ptr + from, word.ptr, word.len) == 0)
			return from;
		from++;
	}
	return text.len;
}

bool
leftover_next(
    struct leftover *out, struct arena *a, const struct rule *rule, struct str text, size_t from)
{
	struct str name = rule_short_name(rule);

	while (name.len > 0 && rule->kind == RULE_REPO && from < text.len) {
		size_t at = find_word(text, name, from), begin, end;

		if (at == text.len)
			return false;
		begin = begin_of(text, at);
		end = suffix_end(text, at + name.len, &out->is_variable);
		from = at + name.len;
		out->image = (struct str){ text.ptr + begin, end - begin };
		if (end == at + name.len || !would_change(a, rule, out->image, out->is_variable))
			continue;
		out->at = (struct span){ .offset = begin, .len = end - begin };
		return true;
	}
	return false;
}
