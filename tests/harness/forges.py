"""The stand-in for the code host that a case names."""

from harness.forge_azure import AzureForge
from harness.forge_github import GitHubForge
from harness.forge_gitlab import GitLabForge

KINDS = {"github": GitHubForge, "azure": AzureForge, "gitlab": GitLabForge}


def make_forge(config, source, where):
    return KINDS[config.get("host", "github")](config, source, where)
