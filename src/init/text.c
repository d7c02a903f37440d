/* What `pachup init` writes. */
#include "init/init.h"

#include "base/buf.h"
#include "session/run.h"

enum { MOST_REPOS = 8 };

void
init_config(struct buf *out, const struct finding_of_tree *tree)
{
	buf_add(out, STR("# The targets of this tree. All keys: pachup schema. What holds for one: "
	                 "pachup inputs --target dev\n"
	                 "specs: ["));
	for (size_t i = 0; i < tree->dir_count; i++)
		buf_fmt(out, "%s%s", i > 0 ? ", " : "", tree->dirs[i]);
	buf_add(out, STR("]\n"));
	if (tree->repo_count > 0) {
		buf_add(out, STR("# Images that are built from this repository get the tag of the "
		                 "commit:\n# images: ["));
		for (size_t i = 0; i < tree->repo_count && i < MOST_REPOS; i++)
			buf_fmt(out, "%s%.*s", i > 0 ? ", " : "", STR_FMT(tree->repos[i]));
		buf_add(out, STR("]\n"));
	}
	buf_add(out, STR("targets:\n"
	                 "  dev:\n"
	                 "    default: true             # on a terminal, where no target is named\n"
	                 "    # cluster: grpcs://HOST:PORT\n"
	                 "    # token-env: DEV_TOKEN    # the variable that holds the token\n"
	                 "    # schedules: rest         # cron inputs do not run by themselves\n"
	                 "    # values: [env/dev.yaml]  # what is different here\n"
	                 "  prod:\n"));
	buf_fmt(out,
	    "    branches: [%s]          # pushes of other branches are refused\n"
	    "    # cluster: grpcs://HOST:PORT\n"
	    "    # token-env: PROD_TOKEN\n"
	    "    # wait: pipelines\n",
	    tree->branch);
}

const char *
init_workflow_path(const struct run *run)
{
	switch (run->opt.workflow) {
	case WORKFLOW_UNSAID:
		return NULL;
	case WORKFLOW_GITHUB:
		return ".github/workflows/pachup.yml";
	case WORKFLOW_AZURE:
		return "azure-pipelines-pachup.yml";
	case WORKFLOW_GITLAB:
		return ".gitlab-ci-pachup.yml";
	}
	return NULL;
}

static const char github[] =
    "name: pachup\n"
    "on:\n"
    "  push:\n"
    "    branches: [%s]\n"
    "  pull_request:\n"
    "permissions:\n"
    "  contents: read\n"
    "jobs:\n"
    "  deploy:\n"
    "    runs-on: ubuntu-latest\n"
    "    concurrency: pachup-${{ github.event_name == 'push' && 'deploy' || github.run_id }}\n"
    "    steps:\n"
    "      - uses: actions/checkout@v4\n"
    "        with:\n"
    "          fetch-depth: 0\n"
    "      - uses: OWNER/pachup@v1 # the repository that holds the action; pin a commit in "
    "production\n"
    "        with:\n"
    "          target: prod\n"
    "        env:\n"
    "          PROD_TOKEN: ${{ secrets.PACHYDERM_TOKEN }}\n";

static const char azure[] = "trigger:\n"
                            "  branches:\n"
                            "    include: [%s]\n"
                            "pool:\n"
                            "  vmImage: ubuntu-latest\n"
                            "steps:\n"
                            "  - checkout: self\n"
                            "    fetchDepth: 0\n"
                            "  - task: pachup@1\n"
                            "    inputs:\n"
                            "      target: prod\n"
                            "    env:\n"
                            "      PROD_TOKEN: $(pachydermToken)\n";

static const char gitlab[] =
    "# include this file in .gitlab-ci.yml:  include: .gitlab-ci-pachup.yml\n"
    "pachup:\n"
    "  variables:\n"
    "    GIT_DEPTH: 0\n"
    "  rules:\n"
    "    - if: $CI_COMMIT_BRANCH == \"%s\"\n"
    "    - if: $CI_PIPELINE_SOURCE == \"merge_request_event\"\n"
    "  script:\n"
    "    - pachup push --target prod # PROD_TOKEN is a masked, protected variable of the project\n";

void
init_workflow(struct buf *out, const struct run *run, const struct finding_of_tree *tree)
{
	switch (run->opt.workflow) {
	case WORKFLOW_UNSAID:
		break;
	case WORKFLOW_GITHUB:
		buf_fmt(out, github, tree->branch);
		break;
	case WORKFLOW_AZURE:
		buf_fmt(out, azure, tree->branch);
		break;
	case WORKFLOW_GITLAB:
		buf_fmt(out, gitlab, tree->branch);
		break;
	}
}
