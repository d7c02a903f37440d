#include "tap.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "session/config_check.h"

/* "LINE:COL WHAT (HINT)" of each mistake, separated by "; ". */
static const char *
mistakes(struct arena *a, const char *text)
{
	struct diags d = diags_in(a);
	struct doc *doc = doc_parse(a, "pachup.yaml", str_of(text), &d);
	struct buf out = BUF_INIT(1 << 16);

	if (doc->first)
		config_check(a, "pachup.yaml", doc->first, doc->count, &d);
	diags_sort(&d);
	for (size_t i = 0; i < d.count; i++)
		buf_fmt(&out, "%s%u:%u %.*s (%.*s)", i ? "; " : "", d.list[i].at.line,
		    d.list[i].at.col, STR_FMT(d.list[i].what), STR_FMT(d.list[i].hint));
	return arena_cstr(a, buf_take(&out, a));
}

int
main(void)
{
	static const struct {
		const char *name, *text, *mistakes;
	} rows[] = {
		{ "all that a file may say",
		    "images: [r.example/edges]\n"
		    "wait-grace: 30s\n"
		    "targets:\n"
		    "  dev: {default: true, specs: [pipelines/], values: [env/dev.yaml], "
		    "schedules: rest}\n"
		    "  prod: {cluster: 'grpcs://h:1', branches: [main, release/*], tags: ['v*'], "
		    "wait: jobs,\n"
		    "    on-failure: rollback, create-repos: true, token-env: TOKEN, timeout: "
		    "20m}\n"
		    "  try: {from: prod, token-file: env/try.sealed}\n",
		    "" },
		{ "a scalar for a list", "images: r.example/edges\n", "" },
		{ "nothing under a key", "images:\ntargets:\n  dev: {}\n", "" },
		{ "an unknown key", "imagse: []\n",
		    "1:1 unknown key 'imagse' (did you mean 'images'?)" },
		{ "an unknown key of a target", "targets: {dev: {clutser: x}}\n",
		    "1:17 unknown key 'clutser' (did you mean 'cluster'?)" },
		{ "a key of targets at the top", "branches: [main]\n",
		    "1:1 unknown key 'branches' (run 'pachup schema' for all keys)" },
		{ "a token", "token: abc\n",
		    "1:1 'token' is not allowed in a project file (a token does not belong into a "
		    "file; "
		    "name its variable in 'token-env', or seal it)" },
		{ "a permission", "allow-untrusted-event: true\n",
		    "1:1 'allow-untrusted-event' is not allowed in a project file (whoever starts "
		    "the run "
		    "decides it; use the input of that name)" },
		{ "what is for one run", "targets: {dev: {out: plan.json}}\n",
		    "1:17 'out' is not allowed in a project file (it is for one run; use input "
		    "'out')" },
		{ "another word", "targets: {dev: {schedules: off}}\n",
		    "1:28 'schedules' is 'off' (use one of: as-is|rest)" },
		{ "a word that is mistyped", "wait: job\n",
		    "1:7 'wait' is 'job' (did you mean 'jobs'?)" },
		{ "no boolean", "targets: {dev: {strict: sure, default: 1}}\n",
		    "1:25 'strict' is not a boolean (write true or false); "
		    "1:40 'default' is not a boolean (write true or false)" },
		{ "no duration", "timeout: soon\n",
		    "1:10 'timeout' is not a duration (use a duration such as 90s, 10m, 1h30m or "
		    "30d)" },
		{ "a list for a text", "cluster: [a, b]\n",
		    "1:10 'cluster' is not a single value (write one text, number or boolean)" },
		{ "objects in a list", "images: [{a: b}]\n",
		    "1:10 an item of 'images' is not a text (put it in quotes)" },
		{ "two defaults", "targets: {a: {default: true}, b: {default: true}}\n",
		    "1:44 target 'b' is a second default (keep one 'default: true')" },
		{ "from nowhere", "targets: {a: {from: b}}\n",
		    "1:21 there is no target 'b' (name another target of this file)" },
		{ "from what is from another one", "targets: {a: {}, b: {from: a}, c: {from: b}}\n",
		    "1:42 target 'b' is itself 'from' another target (name that target: only one "
		    "level is "
		    "handed on)" },
		{ "from itself", "targets: {a: {from: a}}\n",
		    "1:21 target 'a' is itself 'from' another target (name that target: only one "
		    "level is "
		    "handed on)" },
		{ "paths out of the tree",
		    "targets: {a: {values: [../x.yaml], token-file: /etc/token, "
		    "specs: [a/../../b]}}\n",
		    "1:24 '../x.yaml' leads out of the tree of the project file (name a file below "
		    "the "
		    "directory of the project file); "
		    "1:48 '/etc/token' leads out of the tree of the project file (name a file "
		    "below the "
		    "directory of the project file); "
		    "1:68 'a/../../b' leads out of the tree of the project file (name a file below "
		    "the "
		    "directory of the project file)" },
		{ "a path that comes back", "specs: [a/../b]\n", "" },
		{ "a name", "targets: {'a b': {}}\n",
		    "1:11 'a b' cannot be the name of a target (use letters, digits, '_', '-' and "
		    "'.')" },
		{ "a text for a target", "targets: {a: x}\n",
		    "1:14 target 'a' is not an object (write keys below it, for example cluster: "
		    "grpcs://HOST:PORT)" },
		{ "a list of targets", "targets: [a]\n",
		    "1:10 'targets' is not an object (write names of targets below it)" },
		{ "two documents", "images: []\n---\nimages: []\n",
		    "3:1 a project file is one object (write for example targets: {dev: {cluster: "
		    "grpcs://HOST:PORT}})" },
	};
	struct arena *a = arena_new(no_memory);

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *got = mistakes(a, rows[i].text);

		ok(strcmp(got, rows[i].mistakes) == 0, "%s: %s", rows[i].name, got);
	}
	arena_free(a);
	return done();
}
