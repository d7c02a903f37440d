"""The YAML of the documents as the CI systems read it: which system a snippet is for, what is wrong with it, and its steps with
what each of them gets.

A system here has
  fits(node)              whether a snippet is its
  faults(node)            keys that it does not know, as sentences
  steps(node)             [Step]
  variables(event)        what it sets in each step
  shell                   the words that run a script
  fill(text, step, run)   a text of a step, with expressions and macros put in; `run` has event and outputs
Expressions are as many as the documents use; another one is an error, so that none goes unnoticed.
"""

import re
import shutil
from dataclasses import dataclass, field

from harness import runner

TOKENS = {"secrets.PACHYDERM_TOKEN": "{token:ci}", "github.token": "{token:github}", "secrets.REGISTRY_USER": "robot",
          "secrets.REGISTRY_PASSWORD": "password", "secrets.DEV_TOKEN": "{token:ci}", "secrets.PROD_TOKEN": "{token:ci}"}
BASH = "bash" if shutil.which("bash") else "sh"
ADDRESS = re.compile(r"grpcs?://pachd\.example:443")


@dataclass
class Step:
    kind: str  # action, task, shell, program (its arguments alone), or nothing
    name: str
    id: str = ""
    when: str = ""
    given: dict = field(default_factory=dict)  # inputs
    env: dict = field(default_factory=dict)
    script: str = ""
    words: list = field(default_factory=list)
    why: str = ""  # of kind nothing: why it is not run


@dataclass
class Run:
    event: str
    outputs: dict = field(default_factory=dict)  # by "STEP.NAME"


def unknown(node, known, what):
    """Keys that a mapping should not have."""
    return [f"{what} has the unknown key '{key}'" for key in node if key not in known]


def text_of(value):
    """As the systems make texts of YAML's scalars."""
    return {True: "true", False: "false", None: ""}.get(value, str(value)) if not isinstance(value, str) else value


class GitHub:
    name = runner_name = "github"
    shell = [BASH, "-e", "-c"]
    TOP = {"name", "run-name", "on", True, "permissions", "env", "concurrency", "defaults", "jobs"}
    JOB = {"name", "runs-on", "needs", "if", "permissions", "environment", "concurrency", "outputs", "env", "steps", "strategy",
           "timeout-minutes", "continue-on-error", "container", "services"}
    STEP = {"id", "name", "if", "uses", "with", "run", "env", "shell", "working-directory", "continue-on-error", "timeout-minutes"}
    SCOPES = {"actions", "checks", "contents", "deployments", "id-token", "issues", "packages", "pull-requests", "statuses"}
    CHECKOUT = {"fetch-depth", "persist-credentials", "ref", "path", "repository", "token"}
    WORD = re.compile(r"\s*('(?:[^']|'')*'|&&|\|\||==|!=|[()]|[\w.-]+)")

    @staticmethod
    def fits(node):
        if isinstance(node, list):
            return any("uses" in one for one in node)
        return "jobs" in node

    def _jobs(self, node):
        if isinstance(node, list):
            return [{"steps": node}]
        return list(node["jobs"].values())

    def faults(self, node):
        bad = unknown(node, self.TOP, "the workflow") if isinstance(node, dict) else []
        for job in self._jobs(node):
            bad += unknown(job, self.JOB, "the job")
            rights = {**(node.get("permissions") or {} if isinstance(node, dict) else {}), **(job.get("permissions") or {})}
            bad += [f"no permission is called '{one}: {level}'" for one, level in rights.items()
                    if one not in self.SCOPES or level not in ("read", "write", "none")]
            for step in job["steps"]:
                bad += unknown(step, self.STEP, "the step") + self._step_faults(step, rights if "permissions" in job else None)
        return bad

    def _step_faults(self, step, rights):
        bad = [] if ("uses" in step) != ("run" in step) else ["the step has not one of 'uses' and 'run'"]
        if step.get("uses", "").startswith("actions/checkout@"):
            bad += unknown(step.get("with", {}), self.CHECKOUT, "checkout")
        if "${{" in step.get("run", ""):
            bad.append("an expression is in the text of a script")
        given = {key: text_of(value) for key, value in step.get("with", {}).items()}
        wants = set()
        if "true" in (given.get("pull-request"), given.get("write-back")):
            wants = {"contents", "pull-requests"}
        elif given.get("comment") == "true":
            wants = {"pull-requests"}
        if rights is not None and "github.token" in given.get("github-token", ""):
            bad += [f"the step needs the permission '{one}: write'" for one in sorted(wants) if rights.get(one) != "write"]
        return bad

    def steps(self, node):
        out = []
        for job in self._jobs(node):
            shared = {**(node.get("env") or {} if isinstance(node, dict) else {}), **(job.get("env") or {})}
            for step in job["steps"]:
                out.append(self._step(step, {**shared, **step.get("env", {})}))
        return out

    @staticmethod
    def _step(step, env):
        uses, same = step.get("uses", ""), {"id": step.get("id", ""), "when": step.get("if", ""), "env": env}
        if "run" in step:
            return Step("shell", "run", script=step["run"], **same)
        if uses.startswith("OWNER/pachup@"):
            return Step("action", uses, given=step.get("with", {}), **same)
        why = {"actions/checkout": "the work directory is checked out",
               "OWNER/pachup/action/setup": "pachup is on PATH; tests/release.sh runs the setup action"}[uses.split("@")[0]]
        return Step("nothing", uses, why=why, **same)

    @staticmethod
    def variables(event):
        more = {"GITHUB_API_URL": "{api}"}
        if event == "pull-request":
            more |= {"GITHUB_EVENT_NAME": "pull_request", "GITHUB_REF": "refs/pull/7/merge", "GITHUB_REF_NAME": "7/merge",
                     "GITHUB_HEAD_REF": "topic", "GITHUB_BASE_REF": "main"}
        return runner.variables("github") | more

    @staticmethod
    def variable(name):
        return "INPUT_" + name.replace(" ", "_").upper()

    def is_wanted(self, step, run):
        return not step.when or bool(self._value(step.when, run))

    def fill(self, text, _step, run):
        return re.sub(r"\$\{\{(.*?)\}\}", lambda match: self._value(match.group(1), run), text_of(text))

    def _value(self, text, run):
        words, at = [], 0
        while text[at:].strip():
            match = self.WORD.match(text, at)
            if not match:
                raise ValueError(f"an expression that this test does not know: {text}")
            words.append(match.group(1))
            at = match.end()
        value = self._either(words, run)
        if words:
            raise ValueError(f"an expression that this test does not know: {text}")
        return value

    def _either(self, words, run):
        left = self._both(words, run)
        while words and words[0] == "||":
            words.pop(0)
            right = self._both(words, run)
            left = left or right
        return left

    def _both(self, words, run):
        left = self._same(words, run)
        while words and words[0] == "&&":
            words.pop(0)
            right = self._same(words, run)
            left = left and right
        return left

    def _same(self, words, run):
        left = self._one(words.pop(0), run)
        if words and words[0] in ("==", "!="):
            is_equal = words.pop(0) == "=="
            left = "true" if (left == self._one(words.pop(0), run)) == is_equal else ""
        return left

    @staticmethod
    def _one(word, run):
        if word[0] == "'":
            return word[1:-1].replace("''", "'")
        if word in TOKENS:
            return TOKENS[word]
        is_request = run.event == "pull-request"
        known = {"github.event_name": "pull_request" if is_request else "push",
                 "github.ref": "refs/pull/7/merge" if is_request else "refs/heads/main", "github.sha": "{sha}"}
        match = re.fullmatch(r"steps\.([\w-]+)\.outputs\.([\w-]+)", word)
        if match:
            return run.outputs.get(f"{match.group(1)}.{match.group(2)}", "")
        return known[word]


class Azure:
    name = runner_name = "azure"
    shell = [BASH, "-c"]
    TOP = {"trigger", "pr", "pool", "schedules", "variables", "steps", "name", "resources"}
    SAME = {"name", "displayName", "condition", "env", "enabled", "continueOnError", "timeoutInMinutes", "target", "retryCountOnTaskFailure"}
    KINDS = {"task": {"inputs"}, "script": {"workingDirectory", "failOnStderr"}, "bash": {"workingDirectory", "failOnStderr"},
             "checkout": {"fetchDepth", "clean", "lfs", "persistCredentials", "path", "submodules"}, "publish": {"artifact"}}
    IF = re.compile(r"\$\{\{ if (.*) \}\}")

    @staticmethod
    def fits(node):
        if isinstance(node, list):
            return any("task" in one for one in node)
        return any(key in one for one in node.get("steps", []) for key in ("task", "script", "bash", "checkout"))

    @staticmethod
    def _list(node):
        return node if isinstance(node, list) else node["steps"]

    def faults(self, node):
        bad = unknown(node, self.TOP, "the pipeline") if isinstance(node, dict) else []
        for step in self._list(node):
            kinds = [one for one in self.KINDS if one in step]
            bad += [] if len(kinds) == 1 else [f"a step has not one of {', '.join(self.KINDS)}"]
            for kind in kinds[:1]:
                bad += unknown(step, self.SAME | {kind} | self.KINDS[kind], "the step")
        return bad

    def steps(self, node):
        out = []
        for step in self._list(node):
            same = {"id": step.get("name", ""), "when": step.get("condition", ""), "env": step.get("env", {})}
            script = step.get("script", step.get("bash"))
            if script is not None:
                out.append(Step("shell", "script", script=script, **same))
            elif str(step.get("task", "")).startswith("pachup@"):
                out.append(Step("task", step["task"], given=step.get("inputs", {}), **same))
            else:
                why = "the work directory is checked out" if "checkout" in step else "another program of the agent"
                out.append(Step("nothing", step.get("task") or next(iter(step)), why=why, **same))
        return out

    @staticmethod
    def variables(event):
        more = {"SYSTEM_COLLECTIONURI": "{api}/", "BUILD_REPOSITORY_PROVIDER": "TfsGit", "BUILD_REPOSITORY_NAME": "r"}
        if event == "pull-request":
            more |= {"BUILD_REASON": "PullRequest", "BUILD_SOURCEBRANCH": "refs/pull/7/merge", "SYSTEM_PULLREQUEST_ISFORK": "False",
                     "SYSTEM_PULLREQUEST_PULLREQUESTID": "7", "SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/topic",
                     "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"}
        return runner.variables("azure") | more

    @staticmethod
    def variable(name):
        return "INPUT_" + name.upper()

    def _macros(self, run):
        return {"pachydermToken": "{token:ci}", "clusterUrl": "grpcs://pachd.example:443", "image": "registry.example/team/edges",
                "System.AccessToken": "{token:azure}", "Build.SourceVersion": "{sha}", "System.CollectionUri": "{api}/",
                "System.TeamProject": "p", "Build.BuildId": "1", "Build.SourcesDirectory": "{dir}"} | run.outputs

    def fill(self, text, _step, run):
        """A macro that has no value stays as it is, as agents do it."""
        macros = self._macros(run)
        return re.sub(r"\$\(([\w.]+)\)", lambda match: macros.get(match.group(1), match.group(0)), text_of(text))

    def is_wanted(self, step, run):
        return not step.when or self._holds(step.when, run)

    def _holds(self, text, run):
        match = re.fullmatch(r"(eq|ne)\(variables\['Build\.Reason'\], '(\w+)'\)", text.strip())
        if match:
            reason = "PullRequest" if run.event == "pull-request" else "IndividualCI"
            return (reason == match.group(2)) == (match.group(1) == "eq")
        match = re.fullmatch(r"and\(succeeded\(\), (.*)\)", text.strip())
        if not match:
            raise ValueError(f"a condition that this test does not know: {text}")
        return self._holds(match.group(1), run)

    def given(self, step, run):
        """With `${{ if … }}:` put in or left out."""
        out = {}
        for key, value in step.given.items():
            match = self.IF.fullmatch(key)
            if not match:
                out[key] = value
            elif self._holds(match.group(1), run):
                out |= value
        return out


class GitLab:
    name, runner_name = "gitlab", None
    shell = ["sh", "-e", "-c"]
    JOB = {"script", "before_script", "after_script", "extends", "rules", "artifacts", "variables", "stage", "image", "needs",
           "resource_group", "environment", "when", "allow_failure", "timeout", "retry", "interruptible"}
    ARTIFACTS = {"paths", "reports", "when", "expose_as", "expire_in", "name"}

    @staticmethod
    def fits(node):
        return isinstance(node, dict) and any(isinstance(job, dict) and isinstance(job.get("script"), list) for job in node.values())

    def faults(self, node):
        bad = []
        for job in node.values():
            bad += unknown(job, self.JOB, "the job") + unknown(job.get("artifacts", {}), self.ARTIFACTS, "'artifacts'")
            bad += [f"a line of 'script' is not a text: {line}" for line in job["script"] if not isinstance(line, str)]
        return bad

    @staticmethod
    def steps(node):
        return [Step("shell", name, script="\n".join(job["script"])) for name, job in node.items()]

    @staticmethod
    def variables(event):
        out = {"CI": "true", "GITLAB_CI": "true", "CI_PIPELINE_SOURCE": "push", "CI_COMMIT_SHA": "{sha}", "CI_COMMIT_BRANCH": "main",
               "CI_DEFAULT_BRANCH": "main", "CI_PROJECT_PATH": "g/s/r", "CI_PROJECT_ID": "3", "CI_PROJECT_DIR": "{dir}",
               "CI_API_V4_URL": "{api}", "CI_SERVER_URL": "https://gitlab.example", "CI_JOB_URL": "https://gitlab.example/g/s/r/-/jobs/1",
               "CI_PROJECT_URL": "https://gitlab.example/g/s/r", "GITLAB_TOKEN": "{token:gitlab}", "ISSUE_TOKEN": "{token:issues}",
               "PACHYDERM_TOKEN": "{token:ci}", "CLUSTER": "grpcs://pachd.example:443"}
        if event == "schedule":
            out["CI_PIPELINE_SOURCE"] = "schedule"
        return out

    @staticmethod
    def is_wanted(_step, _run):
        return True

    @staticmethod
    def fill(text, _step, _run):
        return text_of(text)


class Buildkite(GitLab):
    name = "buildkite"
    shell = [BASH, "-e", "-c"]
    STEP = {"command", "commands", "label", "key", "env", "agents", "if", "branches", "depends_on", "plugins"}

    @staticmethod
    def fits(node):
        return isinstance(node, dict) and any("command" in one for one in node.get("steps", []))

    def faults(self, node):
        bad = unknown(node, {"steps", "env", "agents"}, "the pipeline")
        for step in node["steps"]:
            bad += unknown(step, self.STEP, "the step")
            # what begins with one $ is replaced when the pipeline is uploaded, not when the step runs
            bad += [f"'{one}' is replaced before the step runs: write $$" for one in
                    re.findall(r"(?<!\$)\$(?!\$)[\w{]\w*", step["command"].replace("$$", ""))]
        return bad

    @staticmethod
    def steps(node):
        return [Step("shell", "command", script=step["command"].replace("$$", "$")) for step in node["steps"]]

    @staticmethod
    def variables(event):
        return {"CI": "true", "BUILDKITE": "true", "BUILDKITE_COMMIT": "{sha}", "BUILDKITE_BRANCH": "main", "BUILDKITE_SOURCE": "webhook",
                "BUILDKITE_PULL_REQUEST": "false", "BUILDKITE_REPO": "https://github.com/o/r", "BUILDKITE_PIPELINE_DEFAULT_BRANCH": "main",
                "PACHYDERM_TOKEN": "{token:ci}", "CLUSTER": "grpcs://pachd.example:443"}


class Tekton(GitLab):
    name = "tekton"
    STEP = {"name", "image", "args", "command", "env", "envFrom", "script", "workingDir", "volumeMounts", "securityContext"}
    PUT_IN = {"params.revision": "{sha}", "params.cluster": "grpcs://pachd.example:443"}

    @staticmethod
    def fits(node):
        return isinstance(node, dict) and "results" in node and "steps" in node

    def faults(self, node):
        bad = unknown(node, {"params", "results", "steps", "workspaces", "volumes"}, "the task")
        names = {one["name"] for one in node["results"]}
        for step in node["steps"]:
            bad += unknown(step, self.STEP, "the step")
            notes = " ".join(one.get("value", "") for one in step.get("env", []))
            bad += [f"the result '{one}' is not declared" for one in re.findall(r"\$\(results\.([\w-]+)\.path\)", notes) if one not in names]
        return bad

    @staticmethod
    def steps(node):
        out = []
        for step in node["steps"]:
            env = {one["name"]: one.get("value", "{token:ci}") for one in step.get("env", [])}
            out.append(Step("program", step["image"], words=step["args"], env=env))
        return out

    @staticmethod
    def variables(event):
        return {}

    def fill(self, text, _step, _run):
        def put_in(match):
            result = re.fullmatch(r"results\.([\w-]+)\.path", match.group(1))
            return "{runner}/temp/" + result.group(1) if result else self.PUT_IN[match.group(1)]

        return re.sub(r"\$\(([\w.-]+)\)", put_in, text_of(text))


class Terminal(GitLab):
    """A ```sh block: its lines in a clone."""

    name = "terminal"

    def __init__(self, body):
        self.body = body

    @staticmethod
    def faults(_node):
        return []

    def steps(self, _node):
        lines = self.body.replace("\\\n", " ").splitlines()
        return [Step("shell", "line", script=line) for line in lines if line and not line.startswith("#")]

    @staticmethod
    def variables(event):
        return {"GITHUB_API_URL": "{api}", "GITHUB_TOKEN": "{token:github}", "SHA": "{sha}"}


SYSTEMS = [Tekton(), Buildkite(), GitHub(), Azure(), GitLab()]


def system_of(node):
    """The system that a snippet is for, or None."""
    return next((one for one in SYSTEMS if isinstance(node, (dict, list)) and one.fits(node)), None)
