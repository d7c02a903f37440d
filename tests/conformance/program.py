"""Runs of pachup, and what they said."""

import os
import subprocess
from dataclasses import dataclass


CLUSTER_COMMANDS = ("push", "plan", "rollback", "drift", "status", "doctor", "put", "get", "ls", "run", "rerun", "down")


@dataclass
class Said:
    code: int
    out: str
    err: str

    @property
    def all(self):
        return f"exit {self.code}\n{self.out}{self.err}"


class Program:
    """`binary` against one cluster. Nothing of our own environment reaches it but the token."""

    def __init__(self, binary, where, token="", ca_file=None, server_name=None):
        self.binary, self.where, self.token = binary, where, token
        self.ca_file, self.server_name = ca_file, server_name
        self.children = []
        self.heard = []  # all that was ever said, for the promise about secrets

    def _words(self, words, where, host):
        out = [self.binary, *map(str, words)]
        if words[0] in CLUSTER_COMMANDS:
            out += ["--cluster", where or self.where]
            out += ["--ca-file", self.ca_file] if self.ca_file else []
            name = self.server_name or host
            out += ["--server-name", name] if name else []
            out += ["--allow-plaintext"] if self.token and "://" not in self.where else []
        return out

    def start(self, *words, where=None, host=None, folder=".", token=None, env=None):
        """Begins a run; end it with finish(). `env` are further variables."""
        token = token or self.token
        env = {**(env or {}), **({"PACHYDERM_TOKEN": token} if token else {})}
        env["INPUT_CHECK_IMAGES"] = "off"  # no promise is about registries
        child = subprocess.Popen(self._words(words, where, host), env=env, cwd=folder,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE)
        self.children.append(child)
        return child

    def end_all(self):
        """Ends what a promise that was broken off has begun."""
        for child in self.children:
            if child.poll() is None:
                child.kill()
                child.communicate()
        self.children = []

    def finish(self, child, limit=600):
        """Waits for the end of a run, and ends it where it does not end itself."""
        try:
            out, err = child.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            raise
        self.children.remove(child)
        said = Said(child.returncode, os.fsdecode(out), os.fsdecode(err))
        self.heard.append(said.all)
        return said

    def run(self, *words, limit=600, **options):
        return self.finish(self.start(*words, **options), limit)
