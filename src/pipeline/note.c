#include "pipeline/note.h"

#include "base/arena.h"

static const char mark[] = "[pachup] ";

struct str
note_strip(struct str description)
{
	size_t start = str_rfind(description, '\n');
	struct str last = start < description.len ? str_tail(description, start + 1) : description;

	if (!str_starts(last, mark))
		return description;
	if (last.len == description.len)
		return str_head(description, 0);
	if (start > 0 && description.ptr[start - 1] == '\n')
		start--;
	return str_head(description, start);
}

struct str
note_commit(struct str description)
{
	struct str own = note_strip(description), note = str_tail(description, own.len);
	size_t at = str_rfind(note, '@');

	if (note.len == 0)
		return note;
	return at < note.len ? str_tail(note, at + 1) : str_tail(note, str_rfind(note, ' ') + 1);
}

void
note_put(struct arena *a, struct node *document, struct str repository, struct str sha)
{
	struct node *n = node_field(document, "description");
	struct str own;

	if (!n)
		n = node_put(a, document, "description");
	if (n->kind == NODE_NULL)
		n->kind = NODE_STRING;
	if (n->kind != NODE_STRING)
		return;
	own = note_strip(n->text);
	n->text = arena_fmt(a, "%.*s%s%s%.*s%s%.*s", STR_FMT(own), own.len ? "\n\n" : "", mark,
	    STR_FMT(repository), repository.len ? "@" : "", STR_FMT(sha));
}
