#include "init/init.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "files/paths.h"
#include "files/read.h"
#include "files/write.h"
#include "git/repo.h"
#include "inputs/exit_code.h"
#include "pipeline/image.h"
#include "pipeline/spec.h"
#include "session/run.h"

enum { MAX_INIT_BYTES = 1 << 20, MAX_SHOWN_DIRS = 5 };

static const char config_name[] = "pachup.yaml";

static void
add_dir(struct arena *a, struct finding_of_tree *tree, const char *path)
{
	const char *slash = strchr(path, '/');
	const char *dir =
	    slash ? arena_cstr(a, (struct str){ path, (size_t)(slash - path) + 1 }) : "./";

	for (size_t i = 0; i < tree->dir_count; i++)
		if (strcmp(tree->dirs[i], dir) == 0)
			return;
	tree->dirs =
	    arena_grow(a, tree->dirs, tree->dir_count, &tree->dir_room, sizeof(*tree->dirs));
	tree->dirs[tree->dir_count++] = dir;
}

static void
add_repo(struct arena *a, struct finding_of_tree *tree, const struct node *document)
{
	const struct node *transform = node_field(document, "transform");
	struct str repo = image_split(node_text(node_field(transform, "image"))).repo;

	if (repo.len == 0)
		return;
	for (size_t i = 0; i < tree->repo_count; i++)
		if (image_same_repo(tree->repos[i], repo))
			return;
	tree->repos =
	    arena_grow(a, tree->repos, tree->repo_count, &tree->repo_room, sizeof(*tree->repos));
	tree->repos[tree->repo_count++] = repo;
}

int
init_look_at(struct run *run, const char *path, struct finding_of_tree *tree, struct err *err)
{
	struct diags unheard = diags_in(run->arena);
	struct str text;
	struct doc *doc;

	if (file_read_in(run->arena, path, ci_fence(&run->ci), MAX_SPEC_BYTES, &text, err) < 0)
		return -1;
	doc = doc_parse(run->arena, path, text, &unheard);
	for (const struct node *n = doc->first; n; n = n->next) {
		if (!spec_is_one(n))
			continue;
		tree->pipelines++;
		add_dir(run->arena, tree, path);
		add_repo(run->arena, tree, n);
	}
	return 0;
}

static int
find_specs(struct run *run, struct finding_of_tree *tree, struct err *err)
{
	static const char *const here[] = { "." };
	const char *const *names = run->opt.specs.count > 0 ? run->opt.specs.list : here;
	size_t count = run->opt.specs.count > 0 ? run->opt.specs.count : 1;
	struct path_list paths = { 0 };

	if (paths_expand(run->arena, names, count, ci_fence(&run->ci), path_is_spec, &paths, err)
	    < 0)
		return -1;
	for (size_t i = 0; i < paths.count; i++)
		if (!paths.list[i].is_stdin && init_look_at(run, paths.list[i].name, tree, err) < 0)
			return -1;
	if (tree->pipelines > 0)
		return 0;
	(void)err_set(err, ERR_SPEC, "no pipeline spec found in %zu file%s", paths.count,
	    paths.count == 1 ? "" : "s");
	return err_hint(err, "name the directory of the specs: pachup init pipelines/");
}

/* The branch that is checked out, and a word on long-lived ones: their differences can be values of one tree. */
static void
look_at_branches(struct run *run, struct finding_of_tree *tree)
{
	static const char *const usual[] = { "dev", "develop", "test", "staging", "stage", "cert",
		"prod", "production" };
	struct repo_head head = { .branch = { "", 0 } };
	struct err unheard;
	struct repo *repo = repo_open(run->arena, ".", ci_workspace(&run->ci) != NULL, &unheard);
	struct str sha;

	tree->branch = "main";
	if (!repo)
		return;
	if (repo_head(repo, run->arena, &head, &unheard) == 0 && head.branch.len > 0)
		tree->branch = arena_cstr(run->arena, head.branch);
	for (size_t i = 0; i < COUNT_OF(usual); i++) {
		struct str name = arena_fmt(run->arena, "refs/heads/%s", usual[i]);
		struct str remote = arena_fmt(run->arena, "refs/remotes/origin/%s", usual[i]);

		if (strcmp(usual[i], tree->branch) != 0
		    && (repo_peel(repo, run->arena, name, &sha, &unheard) == 0
		        || repo_peel(repo, run->arena, remote, &sha, &unheard) == 0))
			ci_note(&run->ci,
			    "there is a branch '%s': pachup compare %s %s --values env/%s.yaml "
			    "makes "
			    "values of what is different there",
			    usual[i], tree->branch, usual[i], usual[i]);
	}
	repo_close(repo);
}

/* The directories above a new file. */
static int
make_dirs(struct run *run, const char *path, struct err *err)
{
	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		const char *dir =
		    arena_cstr(run->arena, (struct str){ path, (size_t)(slash - path) });

		if (mkdir(dir, 0777) < 0 && errno != EEXIST)
			return err_set(err, ERR_SYSTEM, "cannot make the directory '%s': %s", dir,
			    strerror(errno));
	}
	return 0;
}

static int
refuse_existing(const char *path, struct err *err)
{
	if (access(path, F_OK) < 0)
		return 0;
	(void)err_set(err, ERR_USAGE, "'%s' exists already; nothing was written", path);
	return err_hint(err, "look at what would be written: pachup init --dry-run");
}

/* Writes a new file, or shows it. */
static int
put(struct run *run, const char *path, struct buf *text, struct err *err)
{
	struct str whole = buf_str(text);
	int rc = 0;

	if (buf_is_full(text))
		rc = err_set(err, ERR_SYSTEM, "the text of '%s' is too long", path);
	else if (run->opt.dry_run)
		ci_log(&run->ci, "%s would be:", path);
	else if (make_dirs(run, path, err) < 0
	         || file_create(run->arena, path, ci_fence(&run->ci), whole, err) < 0)
		rc = -1;
	else if (chmod(path, 0644) < 0)
		rc = err_set(err, ERR_SYSTEM, "cannot set the mode of '%s'", path);
	else
		ci_log(&run->ci, "wrote %s", path);
	if (rc == 0 && run->opt.dry_run)
		ci_raw(&run->ci, whole);
	buf_free(text);
	return rc;
}

/* "found 2 pipelines in pipelines/, with images of 1 repository" */
static void
log_found(struct run *run, const struct finding_of_tree *tree)
{
	struct str dirs = STR("");

	for (size_t i = 0; i < tree->dir_count && i < MAX_SHOWN_DIRS; i++)
		dirs = arena_listed(run->arena, dirs, str_of(tree->dirs[i]));
	ci_log(&run->ci, "found %zu pipeline%s in %.*s%s, with images of %zu repositor%s",
	    tree->pipelines, tree->pipelines == 1 ? "" : "s", STR_FMT(dirs),
	    tree->dir_count > MAX_SHOWN_DIRS ? ", ..." : "", tree->repo_count,
	    tree->repo_count == 1 ? "y" : "ies");
}

int
init_run(struct run *run, struct err *err)
{
	struct finding_of_tree tree = { 0 };
	struct buf config = BUF_INIT(MAX_INIT_BYTES), workflow = BUF_INIT(MAX_INIT_BYTES);
	const char *workflow_path = init_workflow_path(run);
	bool is_there = workflow_path && access(config_name, F_OK) == 0;

	if (find_specs(run, &tree, err) < 0)
		return -1;
	if (!run->opt.dry_run
	    && ((!is_there && refuse_existing(config_name, err) < 0)
	        || (workflow_path && refuse_existing(workflow_path, err) < 0)))
		return -1;
	log_found(run, &tree);
	look_at_branches(run, &tree);
	if (is_there)
		ci_note(&run->ci, "%s stays as it is; the workflow pushes its target 'prod'",
		    config_name);
	else
		init_config(&config, &tree);
	if (!is_there && put(run, config_name, &config, err) < 0)
		return -1;
	if (workflow_path) {
		init_workflow(&workflow, run, &tree);
		if (put(run, workflow_path, &workflow, err) < 0)
			return -1;
	}
	ci_log(&run->ci, "next: %s",
	    run->opt.dry_run ? "pachup init"
	                     : "pachup plan, then fill in 'cluster' of each target");
	return EXIT_DONE;
}
