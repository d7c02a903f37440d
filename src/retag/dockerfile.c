#include "retag/dockerfile.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/limits.h"

/* A place in the text. */
struct cursor {
	struct arena *arena;
	struct str text;
	size_t at, line_at;
	uint32_t line;
	char escape; /* what continues a line */
	bool has_from, has_too_many_args;
};

/* The words of one instruction, each with its place. */
struct words {
	struct from *list; /* only text and place are used */
	size_t count, room;
};

enum { FIRST_SLOTS = 16 }; /* a power of two */

/* The names of the stages so far, as a table of slots; a slot without ptr is free. */
struct stages {
	struct str *slots;
	size_t count, room;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The rest of the line at `at`, without its end; a CR counts to the end. */
static struct str
line_at(const struct cursor *p, size_t at)
{
	struct str rest = str_tail(p->text, at), line = str_head(rest, str_find(rest, '\n'));

	if (line.len > 0 && line.ptr[line.len - 1] == '\r')
		line.len--;
	return line;
}

static bool
next_line(struct cursor *p)
{
	size_t len = str_find(str_tail(p->text, p->line_at), '\n');

	if (p->line_at + len >= p->text.len)
		return false;
	p->line_at += len + 1;
	p->at = p->line_at;
	p->line++;
	return true;
}

/* True when the line ends in the escape: the instruction goes on in the next. */
static bool
goes_on(const struct cursor *p, struct str line)
{
	while (line.len > 0 && is_blank(line.ptr[line.len - 1]))
		line.len--;
	return line.len > 0 && line.ptr[line.len - 1] == p->escape;
}

static void
add_words(struct cursor *p, struct words *out, struct str line, bool continued)
{
	size_t base = (size_t)(line.ptr - p->text.ptr);

	if (continued)
		for (size_t i = line.len; i > 0; i--)
			if (line.ptr[i - 1] == p->escape) {
				line.len = i - 1;
				break;
			}
	for (size_t i = 0; i < line.len;) {
		size_t start = i;

		while (i < line.len && !is_blank(line.ptr[i]))
			i++;
		if (i == start) {
			i++;
			continue;
		}
		ARENA_ADD(p->arena, out,
		    (struct from){
		        .image = { line.ptr + start, i - start },
		        .at = { .line = p->line,
		            .col = (uint32_t)(base + start - p->line_at + 1),
		            .offset = base + start,
		            .len = i - start },
		    });
	}
}

/* Comments and empty lines are ignored, within an instruction as well. */
static bool
is_nothing(struct str line)
{
	line = str_trim(line);
	return line.len == 0 || line.ptr[0] == '#';
}

/* All words of the instruction that begins here; the place is then its last line. */
static struct words
read_instruction(struct cursor *p)
{
	struct words words = { 0 };
	bool more = true;

	while (more) {
		struct str line = line_at(p, p->line_at);

		if (words.count > 0 && is_nothing(line)) {
			more = next_line(p);
			continue;
		}
		more = goes_on(p, line);
		add_words(p, &words, line, more);
		more = more && next_line(p);
	}
	return words;
}

/* The word that ends a here-document which `word` opens ("<<EOF", "<<-'EOF'", "<<"EOF""); else empty. */
static struct str
heredoc_end(struct str word, bool *is_indented)
{
	struct str end = word;

	if (!str_take(&end, "<<"))
		return STR("");
	*is_indented = str_take(&end, "-");
	if (end.len >= 2 && (end.ptr[0] == '\'' || end.ptr[0] == '"')
	    && end.ptr[end.len - 1] == end.ptr[0])
		end = (struct str){ end.ptr + 1, end.len - 2 };
	return str_is_of(end, CHARS_ALNUM "_") ? end : STR("");
}

/* Skips a here-document; one without its end is the rest of the file. */
static void
skip_heredoc(struct cursor *p, struct str end, bool is_indented)
{
	while (next_line(p)) {
		struct str line = line_at(p, p->line_at);

		while (is_indented && str_take(&line, "\t"))
			;
		if (str_eq(line, end))
			return;
	}
}

static void
skip_heredocs(struct cursor *p, const struct words *words)
{
	static const char *const takers[] = { "RUN", "COPY", "ADD" };
	bool takes = false, is_indented = false;

	for (size_t i = 0; i < COUNT_OF(takers); i++)
		takes = takes || str_is_like(words->list[0].image, takers[i]);
	for (size_t i = 1; takes && i < words->count; i++) {
		struct str end = heredoc_end(words->list[i].image, &is_indented);

		if (end.len > 0)
			skip_heredoc(p, end, is_indented);
	}
}

/* The slot that holds the name, in any case of letters, or where it would be put. */
static size_t
slot_of(const struct stages *stages, struct str name)
{
	size_t at = 0xcbf29ce4;

	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		at = (at ^ (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c)) * 0x01000193;
	}
	for (at &= stages->room - 1; stages->slots[at].ptr; at = (at + 1) & (stages->room - 1))
		if (stages->slots[at].len == name.len
		    && strncasecmp(stages->slots[at].ptr, name.ptr, name.len) == 0)
			break;
	return at;
}

static bool
is_stage(const struct stages *stages, struct str name)
{
	return stages->room > 0 && stages->slots[slot_of(stages, name)].ptr != NULL;
}

/* At most half of the slots are in use, so that looking a name up takes the same time in a file of any length. */
static void
add_stage(struct arena *a, struct stages *stages, struct str name)
{
	struct stages old = *stages;

	if (2 * (stages->count + 1) > stages->room) {
		stages->room = old.room > 0 ? 2 * old.room : FIRST_SLOTS;
		stages->slots = ARENA_ARRAY(a, stages->room, struct str);
		for (size_t i = 0; i < old.room; i++)
			if (old.slots[i].ptr)
				stages->slots[slot_of(stages, old.slots[i])] = old.slots[i];
	}
	if (!is_stage(stages, name))
		stages->count++;
	stages->slots[slot_of(stages, name)] = name;
}

static void
unquote(struct from *one)
{
	struct str s = one->image;

	if (s.len < 2 || (s.ptr[0] != '"' && s.ptr[0] != '\'') || s.ptr[s.len - 1] != s.ptr[0])
		return;
	one->image = (struct str){ s.ptr + 1, s.len - 2 };
	one->at.offset++;
	one->at.col++;
	one->at.len -= 2;
}

/* Notes an image unless it is a stage. */
static void
add_image(struct cursor *p, struct from one, const struct stages *stages, struct froms *out)
{
	unquote(&one);
	if (is_stage(stages, one.image) || str_is_like(one.image, "scratch") || one.image.len == 0)
		return;
	one.is_variable = str_find(one.image, '$') < one.image.len;
	ARENA_ADD(p->arena, out, one);
}

/* FROM [--flag…] IMAGE [AS NAME] */
static void
read_from(struct cursor *p, const struct words *words, struct stages *stages, struct froms *out)
{
	struct from one;
	size_t i = 1;

	while (i < words->count && str_starts(words->list[i].image, "--"))
		i++;
	if (i >= words->count)
		return;
	one = words->list[i];
	one.takes_arguments = true;
	add_image(p, one, stages, out);
	if (i + 2 >= words->count || !str_is_like(words->list[i + 1].image, "AS"))
		return;
	add_stage(p->arena, stages, words->list[i + 2].image);
}

/* Takes `len` bytes off the front of the word. */
static void
advance(struct from *one, size_t len)
{
	one->image = str_tail(one->image, len);
	one->at.offset += len;
	one->at.col += (uint32_t)len;
	one->at.len -= len;
}

/* The value of the next "--FLAG=VALUE" among the flags of the instruction, from word *i on. */
static bool
next_flag(const struct words *words, size_t *i, const char *flag, struct from *out)
{
	while (*i < words->count && str_starts(words->list[*i].image, "--")) {
		*out = words->list[(*i)++];
		if (!str_starts(out->image, flag))
			continue;
		advance(out, strlen(flag));
		return true;
	}
	return false;
}

/* COPY --from=IMAGE …: also the name or the number of a stage */
static void
read_copy(
    struct cursor *p, const struct words *words, const struct stages *stages, struct froms *out)
{
	struct from one;

	for (size_t i = 1; next_flag(words, &i, "--from=", &one);)
		if (!str_is_of(one.image, CHARS_DIGIT))
			add_image(p, one, stages, out);
}

/* RUN --mount=type=bind,from=IMAGE,… */
static void
read_run(
    struct cursor *p, const struct words *words, const struct stages *stages, struct froms *out)
{
	static const char key[] = "from=";
	struct from one;

	for (size_t i = 1; next_flag(words, &i, "--mount=", &one);) {
		while (one.image.len > 0 && !str_starts(one.image, key)) {
			size_t comma = str_find(one.image, ',');

			advance(&one, comma < one.image.len ? comma + 1 : comma);
		}
		if (one.image.len == 0)
			continue;
		advance(&one, strlen(key));
		one.image = str_head(one.image, str_find(one.image, ','));
		one.at.len = one.image.len;
		if (!str_is_of(one.image, CHARS_DIGIT))
			add_image(p, one, stages, out);
	}
}

/* ARG NAME=VALUE …, before the first FROM. Where there are more than MAX_BUILD_ARGS all are ignored, as a later one can
 * override an earlier one. */
static void
read_args(struct cursor *p, const struct words *words, struct variables *out)
{
	for (size_t i = 1; i < words->count; i++) {
		struct from one = words->list[i];
		size_t equals = str_find(one.image, '=');
		struct variable new = { .name = str_head(one.image, equals) };

		if (equals == one.image.len || p->has_too_many_args)
			continue;
		if (out->count == MAX_BUILD_ARGS) {
			p->has_too_many_args = true;
			out->count = 0;
			return;
		}
		advance(&one, equals + 1);
		unquote(&one);
		new.value = one.image;
		if (one.image.len == 0 || strpbrk(arena_cstr(p->arena, one.image), "$\\\"'"))
			new.value = (struct str){ NULL, 0 }; /* overrides an earlier one */
		ARENA_ADD(p->arena, out, new);
	}
}

static void
read_words(struct cursor *p, const struct words *words, struct stages *stages, struct froms *out)
{
	struct str name = words->list[0].image;

	if (str_is_like(name, "FROM")) {
		read_from(p, words, stages, out);
		p->has_from = true;
		return;
	}
	if (str_is_like(name, "COPY"))
		read_copy(p, words, stages, out);
	else if (str_is_like(name, "RUN"))
		read_run(p, words, stages, out);
	else if (str_is_like(name, "ARG") && !p->has_from)
		read_args(p, words, &out->args);
	skip_heredocs(p, words);
}

/* Parser directives come before everything else: "# escape=`". */
static void
read_directives(struct cursor *p)
{
	do {
		struct str line = str_trim(line_at(p, p->line_at)), key;
		size_t equals;

		if (!str_starts(line, "#"))
			return;
		line = str_trim(str_tail(line, 1));
		equals = str_find(line, '=');
		key = str_trim(str_head(line, equals));
		if (equals == line.len || str_find(key, ' ') < key.len)
			return;
		line = str_trim(str_tail(line, equals + 1));
		if (str_is_like(key, "escape") && line.len == 1
		    && (line.ptr[0] == '`' || line.ptr[0] == '\\'))
			p->escape = line.ptr[0];
	} while (next_line(p));
}

struct froms
dockerfile_read(struct arena *a, struct str text)
{
	struct cursor p = { .arena = a, .text = text, .line = 1, .escape = '\\' };
	struct stages stages = { 0 };
	struct froms out = { 0 };

	if (str_starts(text, "\xef\xbb\xbf"))
		p.at = p.line_at = 3;
	read_directives(&p);
	do {
		struct words words;

		if (is_nothing(line_at(&p, p.line_at)))
			continue;
		words = read_instruction(&p);
		if (words.count == 0)
			continue;
		read_words(&p, &words, &stages, &out);
	} while (next_line(&p));
	return out;
}

/* WORD, WORD.*, WORD-* or *.WORD */
static bool
is_named_by(struct str name, const char *word)
{
	size_t len = strlen(word);
	struct str head = str_head(name, len);
	struct str end = name.len > len ? str_tail(name, name.len - len - 1) : name;

	if (str_is_like(head, word)
	    && (name.len == len || name.ptr[len] == '.' || name.ptr[len] == '-'))
		return true;
	return name.len > len + 1 && end.ptr[0] == '.' && str_is_like(str_tail(end, 1), word);
}

bool
dockerfile_is_name(struct str name)
{
	return is_named_by(name, "dockerfile") || is_named_by(name, "containerfile");
}
