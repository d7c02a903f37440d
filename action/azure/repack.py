#!/usr/bin/env python3
"""Writes a .vsix again so that the same content gives the same bytes: entries in order of their names, one fixed
time, and the binaries executable. Fails when something is missing in it.

usage: repack.py FILE.vsix
"""

import json
import sys
import zipfile

TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip file can say
NEEDED = ("extension.vsomanifest", "extension.vsixmanifest", "[Content_Types].xml", "task/task.json", "task/index.js",
          "task/icon.png")


def main(path):
    with zipfile.ZipFile(path) as old:
        entries = {name: old.read(name) for name in sorted(old.namelist()) if not name.endswith("/")}
    missing = [name for name in NEEDED if name not in entries]
    binaries = [name for name in entries if name.startswith("task/bin/")]
    if missing or not binaries:
        sys.exit(f"repack.py: {path} has no {', '.join(missing or ['task/bin/'])}")
    task = json.loads(entries["task/task.json"])
    for handler in task["execution"].values():
        if "task/" + handler["target"] not in entries:
            sys.exit(f"repack.py: {path} has no {handler['target']}, which the task starts")
    with zipfile.ZipFile(path, "w") as new:
        for name, content in entries.items():
            one = zipfile.ZipInfo(name, TIME)
            one.compress_type, one.create_system = zipfile.ZIP_DEFLATED, 3
            one.external_attr = (0o100755 if name in binaries else 0o100644) << 16
            new.writestr(one, content)


if __name__ == "__main__":
    main(sys.argv[1])
