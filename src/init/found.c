/* What `pachup` alone says about the directory where it is typed. */
#include "init/init.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "files/paths.h"
#include "session/config.h"
#include "session/run.h"

enum { MAX_LOOKED_AT = 2000, MAX_DIRS = 5 };

/* "pachup.yaml, targets dev and prod": the nearest project file; NULL: there is none that can be read. */
static const char *
targets_text(struct run *run)
{
	const struct config *config;
	struct err unheard;
	struct str names = STR("");

	if (config_find(run, &config, &unheard) < 0 || !config)
		return NULL;
	for (const struct node *n = config->targets ? config->targets->first : NULL; n; n = n->next)
		names = arena_fmt(run->arena, "%.*s%s%.*s", STR_FMT(names),
		    names.len == 0 ? ", targets "
		    : n->next      ? ", "
		                   : " and ",
		    STR_FMT(n->key));
	return arena_fmt(run->arena, "%s%.*s", config->file, STR_FMT(names)).ptr;
}

/* The specs here and two levels below: somebody who types a word does not wait for a whole disk. */
static void
look_around(struct run *run, struct finding_of_tree *tree)
{
	static const char *const patterns[] = { "*.json", "*.yaml", "*.yml", "*/*.json", "*/*.yaml",
		"*/*.yml", "*/*/*.json", "*/*/*.yaml", "*/*/*.yml" };
	size_t looked = 0;

	for (size_t i = 0; i < COUNT_OF(patterns); i++) {
		struct path_list paths = { 0 };
		struct err unheard;

		if (paths_expand(run->arena, &patterns[i], 1, NULL, path_is_spec, &paths, &unheard)
		    < 0)
			continue;
		for (size_t k = 0; k < paths.count && looked++ < MAX_LOOKED_AT; k++)
			if (init_look_at(run, paths.list[k].name, tree, &unheard) < 0)
				continue; /* a file that cannot be read has no specs to show */
	}
}

void
init_found(struct run *run, struct buf *out)
{
	struct finding_of_tree tree = { 0 };
	const char *targets = targets_text(run);

	look_around(run, &tree);
	if (!targets && tree.pipelines == 0)
		return;
	buf_add(out, STR("\nFound here: "));
	if (targets)
		buf_fmt(out, "%s%s", targets, tree.pipelines > 0 ? "; " : "");
	if (tree.pipelines > 0)
		buf_fmt(out, "%zu pipeline%s in ", tree.pipelines, tree.pipelines == 1 ? "" : "s");
	for (size_t i = 0; i < tree.dir_count && i < MAX_DIRS; i++)
		buf_fmt(out, "%s%s", i > 0 ? ", " : "", tree.dirs[i]);
	buf_fmt(out, "%s\n", tree.dir_count > MAX_DIRS ? ", ..." : "");
	if (targets)
		buf_add(out, STR("Next: pachup plan\n"));
	else
		buf_fmt(out, "Next: pachup validate %s, then pachup init\n",
		    tree.dir_count == 1 ? tree.dirs[0] : ".");
}
