#include "git/ancestor.h"

#include <string.h>

#include "base/arena.h"

/* Commits in the order in which they were met, each once. */
struct met {
	struct arena *arena;
	git_oid *list;
	size_t count, room;
	size_t *slots; /* places in the list from 1, by hash; 0: free */
	size_t slot_count;
};

static size_t *
slot_of(const struct met *m, const git_oid *id)
{
	size_t hash, i;

	memcpy(&hash, id->id, sizeof(hash)); /* a hash as it is */
	i = hash & (m->slot_count - 1);
	while (m->slots[i] && !git_oid_equal(&m->list[m->slots[i] - 1], id))
		i = (i + 1) & (m->slot_count - 1);
	return &m->slots[i];
}

static void
grow(struct met *m)
{
	m->slot_count = m->slot_count ? m->slot_count * 2 : 64;
	m->slots = ARENA_ARRAY(m->arena, m->slot_count, size_t);
	for (size_t i = 0; i < m->count; i++)
		*slot_of(m, &m->list[i]) = i + 1;
}

static void
meet(struct met *m, const git_oid *id)
{
	if (m->count * 2 >= m->slot_count)
		grow(m);
	if (*slot_of(m, id))
		return;
	m->list = arena_grow(m->arena, m->list, m->count, &m->room, sizeof(*m->list));
	m->list[m->count++] = *id;
	*slot_of(m, id) = m->count;
}

/* Meets the parents of the commit at `at`, where the clone holds it. */
static void
meet_parents(struct met *m, git_repository *git, size_t at)
{
	git_oid id = m->list[at];
	git_commit *commit = NULL;

	if (git_commit_lookup(&commit, git, &id) == 0)
		for (unsigned i = 0; i < git_commit_parentcount(commit); i++)
			meet(m, git_commit_parent_id(commit, i));
	git_commit_free(commit);
}

static bool
is_held(git_repository *git, const git_oid *id)
{
	git_commit *commit = NULL;
	bool held = git_commit_lookup(&commit, git, id) == 0;

	git_commit_free(commit);
	return held;
}

bool
ancestor_nearest(
    git_repository *git, struct arena *a, const git_oid *one, const git_oid *other, git_oid *out)
{
	struct met ours = { .arena = a }, theirs = { .arena = a };

	meet(&ours, one);
	for (size_t i = 0; i < ours.count; i++)
		meet_parents(&ours, git, i);
	meet(&theirs, other);
	for (size_t i = 0; i < theirs.count; i++) {
		*out = theirs.list[i];
		if (*slot_of(&ours, out) && is_held(git, out))
			return true;
		meet_parents(&theirs, git, i);
	}
	return false;
}
