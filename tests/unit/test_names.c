/* The names under which a runner hands inputs over: inputs/names.c. */
#include "capture.h"

#include "inputs/names.h"

static void
test_names_check__rows(struct arena *a)
{
	static const struct {
		const char *variable, *hint; /* NULL: it is an input */
	} rows[] = {
		{ "INPUT_DRY-RUN=true", NULL },
		{ "INPUT_DRYRUN=true", NULL },
		{ "INPUT_Dry_Run=true", NULL },
		{ "INPUT_ARGS=x", NULL },
		{ "INPUT_NOPE=", NULL }, /* not given */
		{ "INPUT_COMAND=plan", "did you mean 'command'?" },
		{ "INPUT_DRYRUM=true", "did you mean 'dry-run'?" },
		{ "INPUT_ON-FALIURE=stop", "did you mean 'on-failure'?" },
		{ "INPUT_ALLOW_UNMACHED=true", "did you mean 'allow-unmatched'?" },
		{ "INPUT_PROJEKT=x", "did you mean 'project'?" },
		{ "INPUT_TIME=x", "did you mean 'timeout'?" }, /* its start */
		/* no flag that is not an input of the action */
		{ "INPUT_QUIET=true", "run 'pachup help inputs' for all inputs" },
		{ "INPUT_SOMETHING-ELSE=x", "run 'pachup help inputs' for all inputs" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *vars[] = { "GITHUB_ACTIONS=true", rows[i].variable, NULL };
		struct values values;
		struct err err = { 0 };
		struct capture m;
		int rc;

		capture_open(&m, a, vars);
		rc = values_read(&values, a, 0, NULL, &m.env, &err);
		rc = rc < 0 ? rc : names_check(&values, &m.ci, &err);
		ok(rows[i].hint
		        ? rc < 0 && err.kind == ERR_USAGE && strcmp(err.hint, rows[i].hint) == 0
		        : rc == 0,
		    "%s: %s", rows[i].variable, err.hint);
		capture_close(&m);
		capture_free(&m);
	}
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_names_check__rows(a);
	arena_free(a);
	return done();
}
