"""GitLab's API as far as write-back and comments go (harness/forge.py): project g/s/r."""

from harness.forge import Forge


class GitLabForge(Forge):
    def root(self):
        return "/projects/g/s/r"
