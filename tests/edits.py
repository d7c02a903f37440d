#!/usr/bin/env python3
"""set-image against PyYAML: made-up files with anchors, flow and block style, all quotes and line ends; what it leaves
must say what the image lines want and nothing else, or be untouched and an error. PACHUP is the program.

usage: edits.py [--seed N] [--count N]      the same seed makes the same files
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    import yaml
except ImportError:
    print("edits: 0 passed, 0 failed, 1 skipped: no module yaml")
    sys.exit(0)

ROOT = Path(__file__).resolve().parent.parent
PACHUP = Path(os.environ.get("PACHUP", ROOT / "build/pachup")).resolve()
REPOS = ["a/edges", "a/montage", "b/x", "reg.example:5000/c/y"]
LINES = {  # the repository that a line is for: the line
    "a/edges": ["a/edges:2", "a/edges=n/edges:01234e5"],
    "a/montage": ["a/montage:1.10", "a/montage=n/m@sha256:" + "0" * 64],
    "b/x": ["b/x:on", "b/x=q/x:1"],
}


class Maker:
    """One made-up file; a text that an anchor holds already may become an alias."""

    def __init__(self, chance):
        self.chance, self.anchors = chance, {}

    def half(self, share=0.5):
        return self.chance.random() < share

    def quoted(self, text, is_block):
        kind = self.chance.random()
        plain = text if yaml.safe_load(text) == text else f'"{text}"'
        if kind < 0.35:
            return plain
        if kind < 0.6:
            return f'"{text}"'
        if kind < 0.75:
            return f"'{text}'"
        return f">-\n      {text}" if kind < 0.85 and is_block else plain

    def scalar(self, text, is_block):
        known = [name for name, value in self.anchors.items() if value == text]
        if known and self.half():
            return "*" + self.chance.choice(known)
        if not self.half(0.3):
            return self.quoted(text, is_block)
        name = f"n{len(self.anchors)}"
        self.anchors[name] = text
        return f"&{name} {self.quoted(text, is_block)}"

    def members(self, parts, is_block):
        self.chance.shuffle(parts)
        return [f"{key}: {self.scalar(value, is_block)}" for key, value in parts]

    def values(self):
        lines = []
        if self.half(0.4):
            self.anchors["t"] = "1"
            lines.append('common: {tag: &t "1"}')
        for i in range(self.chance.randint(1, 4)):
            parts = [("repository", self.chance.choice(REPOS)), ("tag", self.chance.choice(["1", "1.9", "", "01"]))]
            parts += [("digest", "")] if self.half(0.2) else []
            parts += [("registry", "reg.io")] if self.half(0.15) else []
            if self.half():
                lines.append(f"k{i}: {{{', '.join(self.members(parts, False))}}}")
                continue
            anchor = f" &m{i}" if self.half(0.2) else ""
            lines += [f"k{i}:{anchor}"] + ["  " + one for one in self.members(parts, True)]
            lines += [f"j{i}: *m{i}"] if anchor else []
        return lines

    def kustomization(self):
        lines = ["x: " + self.scalar(self.chance.choice(REPOS), True)] if self.half(0.3) else []
        lines.append("images:")
        for i in range(self.chance.randint(1, 4)):
            parts = [("name", self.chance.choice(REPOS))]
            if self.half():
                parts.append(("newTag", self.chance.choice(["1", "1.9", "v"])))
            if self.half(0.2):
                parts.append(("digest", "sha256:" + "1" * 64))
            parts += [("newName", self.chance.choice(REPOS))] if self.half(0.3) else []
            anchor = f"&e{i} " if self.half(0.3) else ""
            if self.half():
                lines.append(f"- {anchor}{{{', '.join(self.members(parts, False))}}}")
            else:
                body = self.members(parts, True)
                lines += [f"- {anchor.strip()}"] + ["  " + one for one in body] if anchor else (
                    [f"- {body[0]}"] + ["  " + one for one in body[1:]])
            lines += [f"- *e{i}"] if anchor and self.half(0.6) else []
            lines += [self.chance.choice(["  # a remark", ""])] if self.half(0.3) else []
        return lines

    def pod(self):
        lines = ["apiVersion: v1", "kind: Pod", "spec:", "  containers:"]
        for _ in range(self.chance.randint(1, 4)):
            image = self.chance.choice(REPOS) + self.chance.choice([":1", "", ":1@sha256:" + "2" * 64])
            lines.append("  - image: " + self.scalar(image, True))
        return lines + (["  x: " + self.scalar("a/edges:1", True)] if self.half() else [])

    def inner(self, image):
        """A document that is the text of a value."""
        name = f"p{self.chance.randint(0, 99)}"
        text = f"pipeline: {{name: {name}}}\ntransform:\n  image: {image} # it's\n  cmd: [a]\n"
        if self.half(0.4):
            text = json.dumps({"pipeline": {"name": name}, "transform": {"image": image, "cmd": ["it's", '"']}},
                              indent=self.chance.choice([None, 2]))
        return text + "input: {}\n" if text.startswith("pipeline") and self.half() else text

    def configmap(self):
        lines = ["apiVersion: v1", "kind: ConfigMap", "metadata: {name: x}", "data:"]
        for i in range(self.chance.randint(1, 4)):
            image = self.chance.choice(REPOS) + self.chance.choice([":1", "", ":1@sha256:" + "2" * 64])
            text = self.inner(image)
            if self.half(0.6):
                head = self.chance.choice(["|", "|-", "|+"])
                body = ["    " + one if one else "" for one in text.rstrip("\n").split("\n")]
                lines += [f"  f{i}.yaml: {head}"] + body + ([""] if self.half(0.2) else [])
            elif self.half() and "\n" not in text:
                lines.append(f"  f{i}.json: '" + text.replace("'", "''") + "'")
            else:
                lines.append(f"  f{i}.json: {json.dumps(text)}")
        return lines


def split(image):
    """(repository, tag, digest)"""
    image, _, digest = image.partition("@")
    match = re.fullmatch(r"(.*?)(?::([^/:]+))?", image)
    return match[1], match[2], digest or None


def images(document, kind):
    """[(the repository that a line may be for, another one, what is there)]"""
    if kind == "pod":
        return [(split(one["image"])[0], None, split(one["image"])) for one in document["spec"]["containers"]]
    if kind == "configmap":
        inner = [yaml.safe_load(one)["transform"]["image"] for one in document["data"].values()]
        return [(split(one)[0], None, split(one)) for one in inner]
    if kind == "kustomization":
        return [(one.get("newName", one["name"]), one["name"],
                 (one.get("newName", one["name"]), one.get("newTag"), one.get("digest")))
                for one in document["images"]]
    out = []
    for one in document.values():
        if "repository" in one:
            repo = (one["registry"] + "/" if "registry" in one else "") + one["repository"]
            out.append((repo, None, (repo, one.get("tag") or None, one.get("digest") or None)))
    return out


def wanted(entry, lines):
    """What must be there in the place of `entry`."""
    line = lines.get(entry[0]) or lines.get(entry[1])
    if not line:
        return entry[2]
    repo, tag, digest = split(line.split("=")[-1])
    return (repo if "=" in line else entry[2][0], tag, digest)


def fault(kind, before, done, after, lines):
    """What is wrong, or None."""
    if done.returncode == 1:
        return None if after == before and "[PU044]" in done.stderr else "an error, but the file changed, or no PU044"
    if done.returncode != 0:
        return f"exit {done.returncode}"
    try:
        old, new = images(yaml.safe_load(before), kind), images(yaml.safe_load(after), kind)
    except yaml.YAMLError as error:
        return f"no YAML any more: {error}"
    if len(old) != len(new):
        return "another number of images"
    for was, now in zip(old, new):
        if now[2] != wanted(was, lines):
            return f"{was[2]} became {now[2]}, not {wanted(was, lines)}"
        if kind == "kustomization" and was[1] != now[1]:
            return f"the entry for {was[1]} is for {now[1]}"
    return None


def trial(chance, folder):
    """(was it an error, what is wrong with it)"""
    kind = chance.choice(["values", "kustomization", "pod", "configmap"])
    line_end = chance.choice(["\n"] * 4 + ["\r\n"])
    before = line_end.join(getattr(Maker(chance), kind)()) + chance.choice([line_end] * 4 + [""])
    repos = chance.sample(sorted(LINES), chance.randint(1, 3))
    lines = {repo: chance.choice(LINES[repo]) for repo in repos}
    path = folder / f"{kind}.yaml"
    path.write_bytes(before.encode())
    done = subprocess.run([PACHUP, "set-image", "--allow-unmatched", *lines.values(), "--in", path.name], cwd=folder,
                          capture_output=True, text=True, check=False)
    after = path.read_bytes().decode(errors="backslashreplace")
    wrong = fault(kind, before, done, after, lines)
    shown = "\n".join([*lines.values(), "---", before, "--- became", after, done.stderr])
    return done.returncode == 1, wrong and f"{wrong}\n{shown}"


def main():
    parser = argparse.ArgumentParser(description="set-image against PyYAML")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=600)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    errors, failed = 0, 0
    with tempfile.TemporaryDirectory() as name:
        for i in range(given.count):
            is_error, wrong = trial(chance, Path(name))
            errors += is_error
            if wrong:
                failed += 1
                print(f"not ok - file {i} of seed {given.seed}: {wrong}")
    if errors > given.count // 4:  # an editor that refuses everything proves nothing
        failed += 1
        print(f"not ok - {errors} of {given.count} files were refused")
    print(f"edits: {given.count - min(failed, given.count)} passed, {failed} failed, 0 skipped")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
