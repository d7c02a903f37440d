/*
 * Input: a project file. One without mistakes says of each of its targets what its inputs are: no path of it leads out of the
 * tree, a target that is `from` another one has no token of that one, and reading it twice comes to the same.
 */
#include <string.h>

#include "base/arena.h"
#include "session/config.h"
#include "session/config_check.h"
#include "session/run.h"

#include "fuzz.h"

/* Whether the path leads out of the directory where it begins. */
static bool
leads_out(const char *path)
{
	struct str rest = str_of(path), part;
	long depth = 0;

	while (str_split(&rest, '/', &part)) {
		if (str_is(part, ".."))
			depth--;
		else if (part.len > 0 && !str_is(part, "."))
			depth++;
		if (depth < 0)
			return true;
	}
	return path[0] == '/';
}

static void
check_paths(const struct run *run)
{
	static const enum input_id lists[] = { IN_SPECS, IN_LISTS, IN_VALUES };
	static const enum input_id files[] = { IN_TOKEN_FILE, IN_TOKEN_KEY_FILE, IN_CA_FILE };

	for (size_t i = 0; i < COUNT_OF(lists); i++)
		for (size_t k = 0; k < run->in.count[lists[i]]; k++)
			must(!leads_out(run->in.list[lists[i]][k]));
	for (size_t i = 0; i < COUNT_OF(files); i++)
		if (run->in.from[files[i]])
			must(!leads_out(value_text(&run->in, files[i])));
}

/* What holds for one target; false: a value does not fit. */
static bool
apply(struct arena *a, const struct config *config, const char *name, struct run *run)
{
	static char *const environment[] = { NULL };
	struct err err = { .kind = ERR_NONE }, untyped;

	*run = (struct run){ .arena = a,
		.env = { environment },
		.in = { .arena = a },
		.diags = diags_in(a),
		.stop_fd = -1 };
	must(options_read(&run->opt, &run->in, &untyped) == 0);
	if (config_apply(run, config, name, &err) == 0)
		return true;
	must(err.kind != ERR_NONE);
	return false;
}

static void
check_target(struct arena *a, const struct config *config, const struct node *target)
{
	struct run one, two;
	const struct node *from = node_get(target, "from");
	const char *name = target ? arena_cstr(a, target->key) : NULL;

	if (!apply(a, config, name, &one))
		return;
	must(apply(a, config, name, &two));
	check_paths(&one);
	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		must(one.in.count[id] == two.in.count[id]);
		must(!one.in.from[id] || inputs[id].in_file);
	}
	if (from && !node_get(target, "token-file") && !node_get(config->top, "token-file"))
		must(!one.in.from[IN_TOKEN_FILE]);
	if (from && !node_get(target, "wait") && !node_get(config->top, "wait"))
		must(!one.in.from[IN_WAIT]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new(no_memory);
	struct diags d = diags_in(a);
	struct str text = arena_str(a, (struct str){ (const char *)data, len });
	struct doc *doc = doc_parse(a, "pachup.yaml", text, &d);
	struct config config = { .file = "pachup.yaml", .dir = "", .top = doc->first };

	if (doc->first && d.errors == 0)
		config_check(a, "pachup.yaml", doc->first, doc->count, &d);
	if (doc->first && d.errors == 0) {
		config.targets = node_get(config.top, "targets");
		if (config.targets && config.targets->kind != NODE_OBJECT)
			config.targets = NULL;
		check_target(a, &config, NULL);
		for (const struct node *n = config.targets ? config.targets->first : NULL; n;
		     n = n->next)
			check_target(a, &config, n);
	}
	arena_free(a);
	return 0;
}
