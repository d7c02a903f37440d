#!/usr/bin/env python3
"""The Azure task against the program: action/azure/task/task.json has the inputs of `pachup help inputs` and the
outputs of action.yml, and is of the shape that agents and the marketplace take.

usage: task.py [--update]   --update rewrites inputs, groups, outputs and versions
"""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AZURE = ROOT / "action/azure"
TASK, EXTENSION = AZURE / "task/task.json", AZURE / "vss-extension.json"
# inputs of the task alone: the rest is the program's
CONNECTION = {
    "name": "connection",
    "type": "connectedService:Generic",
    "label": "Service connection",
    "helpMarkDown": "A generic service connection: its URL is the cluster's address, its password the Pachyderm token."
    " Inputs `cluster` and `token` go before it.",
    "groupName": "cluster-and-login",
}
# what only somebody at a terminal can use: a task has nowhere to print a key or a page to
NOT_IN_A_TASK = {"token keygen", "completion", "explain", "version", "help"}
# a form begins with these, outside of all groups
FIRST = {"command", "specs"}
EXPANDED = {"cluster-and-login", "images"}
ACRONYMS = {"ca": "CA", "sha": "SHA", "yaml": "YAML", "id": "ID", "url": "URL"}


def camel(name):
    first, *rest = name.split("-")
    return first + "".join(word.capitalize() for word in rest)


def label(name):
    words = [ACRONYMS.get(word, word) for word in name.split("-")]
    return words[0][0].upper() + words[0][1:] + "".join(" " + word for word in words[1:])


def slug(title):
    return title.lower().replace(" ", "-")


def sentence(text):
    return text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")


def visible(takers, offered):
    """When a form shows an input: for the commands that look at it. `&&` and `||` cannot be mixed in a rule."""
    others = [word for word in offered if word not in takers]
    if not others:
        return None
    if len(others) < len(takers):
        return " && ".join(f"command != {word}" for word in others)
    return " || ".join(f"command = {word}" for word in takers)


def program_inputs():
    """What `pachup help inputs` says, as (groups, inputs) of a task."""
    text = subprocess.run([ROOT / "build/pachup", "help", "inputs"], check=True, capture_output=True, text=True)
    rows = [line.split("\t") for line in text.stdout.splitlines()]
    offered = [word for word in rows[0][7].split("|") if word not in NOT_IN_A_TASK]
    groups, inputs = [], []
    for row in rows:
        name, _, kind, variables, default, scope, help_text, choices, _, group, _, title, form, commands = row
        takers = [word for word in commands.split("|") if word in offered]
        if scope != "all" or not takers:
            continue
        one = {"name": camel(name), "type": "string", "label": title or label(name),
               "helpMarkDown": sentence(form or help_text)}
        if variables:
            one["helpMarkDown"] += " Also read from " + " and ".join(f"`{v}`" for v in variables.split()) + "."
        if kind == "bool":
            one["type"] = "boolean"
        elif kind == "list":
            one["type"] = "multiLine"
        elif choices:
            words = offered if name == "command" else choices.split("|")
            one["type"], one["options"] = "pickList", {word: word for word in words}
        if default:
            one["helpMarkDown"] += f" Default: `{default}`."
        if name == "command":  # else a form would show no input until somebody picks one
            one["defaultValue"] = default
        if name not in FIRST:
            one["groupName"] = slug(group)
            groups += [group] if group not in groups else []
        if visible(takers, offered):
            one["visibleRule"] = visible(takers, offered)
        inputs.append(one)
    return [{"name": slug(group), "displayName": group, "isExpanded": slug(group) in EXPANDED} for group in groups], inputs


def action_outputs():
    """[(name, description)] of action.yml, with the names that Azure's variables have."""
    out, inside, name = [], False, None
    for line in (ROOT / "action.yml").read_text().splitlines():
        if re.match(r"[a-z]", line):
            inside = line == "outputs:"
        elif inside and (match := re.match(r"  ([a-z-]+):$", line)):
            name = match.group(1)
        elif inside and (match := re.match(r'    description: "?(.*?)"?$', line)):
            out.append((camel(name), match.group(1)))
    return out


def program_version():
    for path in ROOT.glob("src/**/*.h"):
        if match := re.search(r'#define PACHUP_VERSION "(\d+)\.(\d+)\.(\d+)', path.read_text()):
            return match.groups()
    sys.exit("task.py: no PACHUP_VERSION in src/")


def wanted(task):
    """The task as it must be."""
    groups, inputs = program_inputs()
    task = dict(task, groups=groups, inputs=[])
    for one in [CONNECTION] + [one for one in inputs if one["name"] != "connection"]:
        task["inputs"].append(dict(one, required=False))
    task["inputs"].sort(key=lambda one: one["name"] not in FIRST)  # those of no group first
    task["outputVariables"] = [{"name": name, "description": text} for name, text in action_outputs()]
    task["restrictions"] = {"settableVariables": {"allowed": [name for name, _ in action_outputs()]}}
    task["version"] = dict(zip(("Major", "Minor", "Patch"), map(int, program_version())))
    return task


# -- what agents and the marketplace take ------------------------------------------------------------

TYPES = {"string", "boolean", "multiLine", "pickList", "radio", "filePath", "secureFile", "int"}
CATEGORIES = {"Build", "Utility", "Test", "Package", "Deploy", "Azure Repos", "Azure Boards", "Azure Pipelines",
              "Azure Test Plans", "Azure Artifacts"}
TASK_KEYS = {"$schema", "id", "name", "friendlyName", "description", "helpUrl", "helpMarkDown", "category", "author",
             "visibility", "runsOn", "version", "minimumAgentVersion", "instanceNameFormat", "showEnvironmentVariables",
             "groups", "inputs", "outputVariables", "restrictions", "execution", "releaseNotes"}
INPUT_KEYS = {"name", "type", "label", "helpMarkDown", "required", "groupName", "defaultValue", "options",
              "visibleRule", "aliases", "properties"}
HANDLERS = {"Node20_1", "Node24"}
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def input_faults(one, groups, names):
    name = one.get("name", "")
    if set(one) - INPUT_KEYS:
        yield f"input '{name}' has unknown keys {sorted(set(one) - INPUT_KEYS)}"
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", name):
        yield f"'{name}' cannot be the name of an input"
    if one.get("type") not in TYPES and not one.get("type", "").startswith("connectedService:"):
        yield f"input '{name}' has the unknown type '{one.get('type')}'"
    if not one.get("label") or not one.get("helpMarkDown"):
        yield f"input '{name}' has no label or no help"
    if "groupName" in one and one["groupName"] not in groups:
        yield f"input '{name}' is in the unknown group '{one['groupName']}'"
    for word in re.findall(r"(?<!\w)--?[a-z]|\bflags?\b|\barguments?\b|[Ee]xit \d|standard input|command line",
                           one.get("helpMarkDown", "")):
        yield f"input '{name}': its help is not for a form: '{word}'"
    if "||" in one.get("visibleRule", "") and "&&" in one["visibleRule"]:
        yield f"input '{name}': a rule cannot mix && and ||"
    if "defaultValue" in one and name != "command":  # it would arrive as if the user had written it
        yield f"input '{name}' has a default: it belongs into the program alone"
    for word in re.findall(r"(\w+)\s*!?=", one.get("visibleRule", "")):
        if word not in names:
            yield f"input '{name}' is shown by the unknown input '{word}'"


def task_faults(task, folder):
    """What is wrong with a task.json, as sentences."""
    yield from (f"task.json has the unknown key '{key}'" for key in sorted(set(task) - TASK_KEYS))
    if not GUID.fullmatch(task.get("id", "")):
        yield "id is no GUID in lower case"
    if not re.fullmatch(r"[A-Za-z0-9-]+", task.get("name", "")):
        yield "name has other characters than letters, digits and dashes"
    if not 0 < len(task.get("friendlyName", "")) <= 40:
        yield "friendlyName is missing or longer than 40 characters"
    if task.get("category") not in CATEGORIES:
        yield f"unknown category '{task.get('category')}'"
    if not all(isinstance(task.get("version", {}).get(key), int) for key in ("Major", "Minor", "Patch")):
        yield "version has no Major, Minor and Patch as numbers"
    for key in ("description", "author", "instanceNameFormat", "minimumAgentVersion"):
        if not isinstance(task.get(key), str):
            yield f"'{key}' is missing"
    groups = [one.get("name") for one in task.get("groups", [])]
    names = [one.get("name", "") for one in task.get("inputs", [])]
    if len({name.lower() for name in names}) != len(names) or len(set(groups)) != len(groups):
        yield "two inputs or groups have the same name"
    used = {one.get("groupName") for one in task.get("inputs", [])}
    yield from (f"group '{group}' has no input" for group in groups if group not in used)
    for one in task.get("inputs", []):
        yield from input_faults(one, groups, names)
    for word in re.findall(r"\$\(([^)]*)\)", task.get("instanceNameFormat", "")):
        if word not in names:
            yield f"instanceNameFormat names the unknown input '{word}'"
    if set(task.get("execution", {})) != HANDLERS:
        yield f"the handlers are not {' and '.join(sorted(HANDLERS))}"
    for handler in task.get("execution", {}).values():
        if not (folder / handler.get("target", "")).is_file():
            yield f"there is no file '{handler.get('target')}' to start"
    outputs = [one.get("name") for one in task.get("outputVariables", [])]
    if task.get("restrictions", {}).get("settableVariables", {}).get("allowed") != outputs:
        yield "the variables that may be set are not the outputs"


def extension_faults(extension, version):
    """What is wrong with a vss-extension.json."""
    if extension.get("manifestVersion") != 1:
        yield "manifestVersion is not 1"
    for key in ("id", "publisher", "name", "description"):
        if not isinstance(extension.get(key), str) or not extension[key]:
            yield f"extension: '{key}' is missing"
    if extension.get("version") != ".".join(map(str, version)):
        yield f"extension: version {extension.get('version')} is not the program's"
    if {"id": "Microsoft.VisualStudio.Services"} not in extension.get("targets", []):
        yield "extension: it does not target Microsoft.VisualStudio.Services"
    folders = {one["path"] for one in extension.get("files", [])}
    tasks = [one for one in extension.get("contributions", []) if one.get("type") == "ms.vss-distributed-task.task"]
    if len(tasks) != 1 or tasks[0]["properties"]["name"] not in folders:
        yield "extension: it does not contribute exactly one task whose folder is packed"
    if tasks and tasks[0].get("targets") != ["ms.vss-distributed-task.tasks"]:
        yield "extension: the task does not target ms.vss-distributed-task.tasks"
    details = extension.get("content", {}).get("details", {}).get("path", "")
    if not (AZURE / details).is_file():
        yield f"extension: there is no '{details}'"


def main():
    task, extension = json.loads(TASK.read_text()), json.loads(EXTENSION.read_text())
    right = wanted(task)
    if "--update" in sys.argv[1:]:
        extension["version"] = ".".join(program_version())
        for path, value in ((TASK, right), (EXTENSION, extension)):
            path.write_text(json.dumps(value, indent="\t", ensure_ascii=False) + "\n")
        task = right
    faults = [] if task == right else ["task.json differs from 'pachup help inputs', action.yml or the program's"
                                       " version: run make update"]
    faults += [*task_faults(task, TASK.parent), *extension_faults(extension, program_version())]
    for fault in faults:
        print(f"action/azure: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
