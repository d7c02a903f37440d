#include "retag/template.h"

#include "base/arena.h"

static size_t
name_len(struct str s)
{
	return str_span(s, CHARS_ALNUM "_");
}

static const struct variable *
find_variable(const struct variables *known, struct str name)
{
	const struct variable *found = NULL;

	for (size_t i = 0; known && i < known->count; i++)
		if (str_eq(known->list[i].name, name))
			found = &known->list[i]; /* the last one counts */
	return found && found->value.ptr ? found : NULL;
}

static bool
add_piece(struct template *t, struct str text, size_t at, const struct variable *from)
{
	if (text.len == 0)
		return true;
	if (t->count == MAX_PIECES)
		return false;
	t->pieces[t->count++] = (struct piece){ text, at, from, at, text.len };
	return true;
}

/* "NAME", or "NAME:-DEFAULT" of "${…}", which begins at `at` of the word. */
static bool
add_variable(struct template *t, struct str inside, size_t at, const struct variables *known)
{
	size_t len = name_len(inside);
	const struct variable *from = find_variable(known, str_head(inside, len));
	struct str rest = str_tail(inside, len);
	size_t skip = str_starts(rest, ":-") ? 2 : str_starts(rest, "-") ? 1 : 0;

	if (len == 0 || (rest.len > 0 && skip == 0))
		return false;
	if (from)
		return add_piece(t, from->value, 0, from);
	return skip > 0 && rest.len > skip && str_find(rest, '$') == rest.len
	       && add_piece(t, str_tail(rest, skip), at + len + skip, NULL);
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

		size_t before = out->count;

		if (len > 0 ? !add_piece(out, str_head(rest, len), at, NULL)
		            : (len = read_variable(out, word, at, known)) == 0)
			return false;
		if (out->count > before) {
			out->pieces[before].word_at = at;
			out->pieces[before].word_len = len;
		}
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

		(void)str_take(&rest, "{");
		if (str_eq(str_head(rest, name_len(rest)), name))
			return true;
		at += 1 + str_find(str_tail(word, at + 1), '$');
	}
	return false;
}

/* A part of the whole that is to be another text. */
struct range {
	size_t from, to;
	struct str text;
};

/* The part of the piece, which begins at `start` of the whole, that is in the range. */
static struct str
part_of(const struct piece *p, size_t start, const struct range *r)
{
	size_t from = r->from > start ? r->from - start : 0;
	size_t to = r->to > start ? r->to - start : 0;

	return str_tail(str_head(p->text, to), from);
}

/* The edit of a range that lies in one piece; false: it does not. */
static bool
edit_one(const struct template *t, const struct range *r, struct piece_edit *out)
{
	size_t start = 0;

	for (size_t i = 0; i < t->count; start += t->pieces[i++].text.len) {
		const struct piece *p = &t->pieces[i];

		if (r->from < start || r->to > start + p->text.len
		    || (r->from == start + p->text.len && i + 1 < t->count))
			continue;
		*out = (struct piece_edit){ p->from, p->at + (r->from - start), r->to - r->from,
			r->text };
		return true;
	}
	return false;
}

/* Leaves out pieces at both ends that the new text has as well: of ${V}-slim only V changes. */
static void
shrink_range(const struct template *t, struct range *r)
{
	size_t start = 0, end = t->whole.len;

	for (size_t i = 0; i < t->count; start += t->pieces[i++].text.len) {
		struct str part = part_of(&t->pieces[i], start, r);

		if (part.len == 0)
			continue;
		if (r->from + part.len == r->to || part.len >= r->text.len
		    || !str_eq(str_head(r->text, part.len), part))
			break;
		r->from += part.len;
		r->text = str_tail(r->text, part.len);
	}
	for (size_t i = t->count; i > 0; i--) {
		struct str part;

		end -= t->pieces[i - 1].text.len;
		part = part_of(&t->pieces[i - 1], end, r);
		if (part.len == 0)
			continue;
		if (r->from + part.len == r->to || part.len >= r->text.len
		    || !str_eq(str_tail(r->text, r->text.len - part.len), part))
			break;
		r->to -= part.len;
		r->text = str_head(r->text, r->text.len - part.len);
	}
}

static bool
edit_range(const struct template *t, const struct range *wanted, struct piece_edit *out)
{
	struct range r = *wanted;

	if (edit_one(t, &r, out))
		return true;
	shrink_range(t, &r);
	return edit_one(t, &r, out);
}

/* Writes the repository into the word itself, in the place of all variables that it is made of now. */
static bool
write_repo(const struct template *t, size_t len, struct str repo, struct piece_edit *out)
{
	size_t start = 0;

	*out = (struct piece_edit){ NULL, 0, 0, repo };
	for (size_t i = 0; i < t->count && start < len; start += t->pieces[i++].text.len) {
		const struct piece *p = &t->pieces[i];
		bool is_text = !p->from && p->word_len == p->text.len;

		if (start + p->text.len > len && !is_text)
			return false;
		out->len = p->word_at + p->word_len;
		if (start + p->text.len > len)
			out->len -= start + p->text.len - len;
	}
	return true;
}

/* The tag and the digest with their separators. */
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
	    && !edit_range(t, &(struct range){ 0, now.repo.len, then->repo }, &edits[count])
	    && !write_repo(t, now.repo.len, then->repo, &edits[count]))
		return 0;
	count += !str_eq(now.repo, then->repo);
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
	return edit_range(t, &(struct range){ from, t->whole.len, new }, &edits[count]) ? count + 1
	                                                                                : 0;
}
