"""The CI runners as a step sees them: their variables and files, and how they are read back."""

import json
import re

GITHUB = """
CI=true
GITHUB_ACTIONS=true
GITHUB_EVENT_NAME=push
GITHUB_EVENT_PATH={runner}/event.json
GITHUB_OUTPUT={runner}/output
GITHUB_REF=refs/heads/main
GITHUB_REF_NAME=main
GITHUB_REF_TYPE=branch
GITHUB_REPOSITORY=o/r
GITHUB_REPOSITORY_OWNER=o
GITHUB_RUN_ID=1
GITHUB_SERVER_URL=https://github.com
GITHUB_SHA={sha}
GITHUB_STEP_SUMMARY={runner}/summary
GITHUB_WORKSPACE={dir}
RUNNER_OS=Linux
RUNNER_TEMP={runner}/temp
"""
AZURE = """
AGENT_OS=Linux
AGENT_TEMPDIRECTORY={runner}/temp
BUILD_BUILDID=1
BUILD_REASON=IndividualCI
BUILD_REPOSITORY_NAME=o/r
BUILD_REPOSITORY_PROVIDER=GitHub
BUILD_SOURCEBRANCH=refs/heads/main
BUILD_SOURCESDIRECTORY={dir}
BUILD_SOURCEVERSION={sha}
SYSTEM_DEFAULTWORKINGDIRECTORY={dir}
SYSTEM_HOSTTYPE=build
SYSTEM_TEAMPROJECT=p
TF_BUILD=True
"""
SETTINGS = {"github": GITHUB, "azure": AZURE}
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
VSO = re.compile(r"##vso\[([\w.]+)(?: ([^\]]*))?\](.*)")


def variables(kind):
    lines = SETTINGS[kind].strip().splitlines()
    return dict(line.split("=", 1) for line in lines)


def prepare(where, event):
    """Makes the files that a runner makes before the step."""
    (where / "temp").mkdir(parents=True)
    for name in ("output", "summary"):
        (where / name).write_text("")
    (where / "event.json").write_text(event)


class Unreadable(ValueError):
    """A file command that would fail the step."""


def file_commands(text):
    """{name: value} as the GitHub runner reads GITHUB_OUTPUT."""
    out, lines = {}, text.split("\n")
    at = 0
    while at < len(lines):
        line = lines[at]
        at += 1
        if not line:
            continue
        equals, arrows = line.find("="), line.find("<<")
        if arrows >= 0 and (equals < 0 or arrows < equals):
            name, delimiter = line[:arrows], line[arrows + 2 :]
            if not delimiter or delimiter not in lines[at:]:
                raise Unreadable(f"no end delimiter '{delimiter}' for output '{name}'")
            end = lines.index(delimiter, at)
            value, at = "\n".join(lines[at:end]), end + 1
            if at >= len(lines):
                raise Unreadable(f"no newline after the delimiter of output '{name}'")
        elif equals >= 0:
            name, value = line[:equals], line[equals + 1 :]
        else:
            raise Unreadable(f"invalid format '{line}'")
        if not NAME.fullmatch(name):
            raise Unreadable(f"invalid output name '{name}'")
        out[name] = value
    return out


def _unescape(text):
    for code, plain in (("%3B", ";"), ("%0D", "\r"), ("%0A", "\n"), ("%5D", "]"), ("%AZP25", "%")):
        text = text.replace(code, plain)
    return text


def azure_commands(text):
    """({name: value} of the output variables, [path of each summary]) of a log."""
    out, summaries = {}, []
    for line in text.splitlines():
        match = VSO.search(line)
        if not match:
            continue
        what, properties, data = match.groups()
        pairs = dict(one.split("=", 1) for one in (properties or "").split(";") if "=" in one)
        if what == "task.setvariable":
            out[_unescape(pairs.get("variable", ""))] = _unescape(data)
        elif what == "task.uploadsummary":
            summaries.append(_unescape(data))
    return out, summaries


def output_lines(values):
    """One line each; a value of several lines as JSON text."""
    return [
        f"{name}={json.dumps(value) if chr(10) in value else value}"
        for name, value in sorted(values.items())
    ]
