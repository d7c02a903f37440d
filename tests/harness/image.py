"""A case's binary inside a Docker image, started with the `docker run` of GitHub's runner."""

import os
import secrets
import shlex
from pathlib import Path

DOCKER = shlex.split(os.environ.get("DOCKER", "docker"))
OWNER = (1001, 127)  # who owns a workspace on GitHub's machines


class Image:
    """Where things are inside, and the command that starts it."""

    WORKSPACE, FILES, HOME = "/github/workspace", "/github/file_commands", "/github/home"

    def __init__(self, case):
        self.case = case
        self.temp = case.where / "temp"
        for name in ("", "_github_workflow"):
            (self.temp / name).mkdir(exist_ok=True)

    def places(self):
        """The placeholders that a path inside means."""
        return {"dir": self.WORKSPACE, "runner": self.FILES}

    def on_host(self, path):
        for inside, outside in ((self.FILES, self.case.runner_dir), (self.WORKSPACE, self.case.dir)):
            if path.startswith(inside):
                return Path(str(outside) + path[len(inside) :])
        return Path(path)

    def as_outside(self, text):
        """What was printed, with HOME where it is outside."""
        return text.replace(self.HOME, f"{self.WORKSPACE}/home")

    def command(self, env):
        """(the words before the arguments, the client's environment)"""
        case = self.case
        if case.runner:
            _give_away(case.dir)
        words = [*DOCKER, "run", "--name", f"pachup_{secrets.token_hex(3)}", "--label", "0a1b2c"]
        words += ["--workdir", self.WORKSPACE, "--rm", "--network", "host", "--interactive"]
        for name in env:
            words += ["-e", name]
        mounts = {self.temp: "/github/runner_temp", case.dir / "home": self.HOME,
                  self.temp / "_github_workflow": "/github/workflow", case.runner_dir: self.FILES,
                  case.dir: self.WORKSPACE}
        certificates = case.tools.base / "tls"  # {ca} lies beside the cases
        if certificates.exists():
            mounts[certificates] = str(certificates)
        for outside, inside in mounts.items():
            words += ["-v", f"{outside}:{inside}"]
        return words + [case.tools.image], {"PATH": os.environ.get("PATH", "/usr/bin"), **env}


def _give_away(where):
    for folder, folders, files in os.walk(where):
        for name in [".", *folders, *files]:
            os.lchown(os.path.join(folder, name), *OWNER)
