#include "retag/template.h"

#include "base/arena.h"

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
	       || c == '_';
}

static size_t
name_len(struct str s)
{
	size_t len = 0;

	while (len < s.len && is_name_char(s.ptr[len]))
		len++;
	return len;
}

static const struct variable *
find(const struct variables *known, struct str name)
{
	const struct variable *found = NULL;

	for (size_t i = 0; known && i < known->count; i++)
		if (str_eq(known->list[i].name, name))
			found = &known->list[i]; /* the last one counts */
	return found && found->value.ptr ? found : NULL;
}

static bool
add(struct template *t, struct str text, size_t at, const struct variable *from)
{
	if (text.len == 0)
		return true;
	if (t->count == MAX_PIECES)
		return false;
	t->pieces[t->count++] = (struct piece){ text, at, from };
	return true;
}

/* "NAME", or "NAME:-DEFAULT" of "${…}", which begins at `at` of the word. */
static bool
add_variable(struct template *t, struct str inside, size_t at, const struct variables *known)
{
	size_t len = name_len(inside);
	const struct variable *from = find(known, str_head(inside, len));
	struct str rest = str_tail(inside, len);
	size_t skip = str_starts(rest, ":-") ? 2 : str_starts(rest, "-") ? 1 : 0;

	if (len == 0 || (rest.len > 0 && skip == 0))
		return false;
	if (from)
		return add(t, from->value, 0, from);
	return skip > 0 && rest.len > skip && str_find(rest, '$') == rest.len
	       && add(t, str_tail(rest, skip), at + len + skip, NULL);
}

/* The variable that the word's `at` begins with; its length, or 0. */
static size_t
read_variable(struct template *t, struct str word, size_t at, const struct variables *known)
{
	struct str rest = str_tail(word, at + 1);
	size_t end;

	if (!str_starts(rest, "{")) {
		end = name_len(rest);
		return add_variable(t, str_head(rest, end), at + 1, known) ? 1 + end : 0;
	}
	end = str_find(rest, '}');
	if (end == rest.len)
		return 0;
	return add_variable(t, str_head(str_tail(rest, 1), end - 1), at + 2, known) ? end + 2 : 0;
}

bool
template_read(struct arena *a, struct str word, const struct variables *known, struct template *out)
{
	*out = (struct template){ .whole = STR("") };
	for (size_t at = 0; at < word.len;) {
		struct str rest = str_tail(word, at);
		size_t len = str_find(rest, '$');

		if (len > 0 ? !add(out, str_head(rest, len), at, NULL)
		            : (len = read_variable(out, word, at, known)) == 0)
			return false;
		at += len;
	}
	for (size_t i = 0; i < out->count; i++)
		out->whole =
		    arena_fmt(a, "%.*s%.*s", STR_FMT(out->whole), STR_FMT(out->pieces[i].text));
	return true;
}

bool
template_uses(struct str word, struct str name)
{
	for (size_t at = str_find(word, '$'); at < word.len;) {
		struct str rest = str_tail(word, at + 1);

		if (str_starts(rest, "{"))
			rest = str_tail(rest, 1);
		if (str_eq(str_head(rest, name_len(rest)), name))
			return true;
		at += 1 + str_find(str_tail(word, at + 1), '$');
	}
	return false;
}

/* [from, to) of the whole, which must be in one piece. */
static bool
edit_range(
    const struct template *t, size_t from, size_t to, struct str text, struct piece_edit *out)
{
	size_t start = 0;

	for (size_t i = 0; i < t->count; start += t->pieces[i++].text.len) {
		const struct piece *p = &t->pieces[i];

		if (from < start || to > start + p->text.len
		    || (from == start + p->text.len && i + 1 < t->count))
			continue;
		*out = (struct piece_edit){ p->from, p->at + (from - start), to - from, text };
		return true;
	}
	return false;
}

/* What is behind the repository. */
static struct str
suffix(struct arena *a, const struct image *im)
{
	struct image only = *im;

	only.repo.len = 0;
	return image_text(a, &only);
}

size_t
template_edits(struct arena *a, const struct template *t, const struct image *then,
    struct piece_edit edits[MAX_PIECE_EDITS])
{
	struct image now = image_split(t->whole);
	struct str old = suffix(a, &now), new = suffix(a, then);
	size_t count = 0, from = now.repo.len;

	if (!str_eq(now.repo, then->repo)
	    && !edit_range(t, 0, now.repo.len, then->repo, &edits[count++]))
		return 0;
	if (str_eq(old, new))
		return count;
	/* ':' and '@' stay where they are */
	if (old.len > 0 && new.len > 0 && old.ptr[0] == new.ptr[0]) {
		from++;
		new = str_tail(new, 1);
	}
	/* the digest may be all that changes */
	if (now.tag.ptr && now.digest.ptr && then->tag.ptr && then->digest.ptr
	    && str_eq(now.tag, then->tag)) {
		from += now.tag.len + 1;
		new = then->digest;
	}
	return edit_range(t, from, t->whole.len, new, &edits[count]) ? count + 1 : 0;
}
