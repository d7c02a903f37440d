#!/usr/bin/env python3
"""The extension's manifest from standard input, for one publisher: with PUBLISHER=NAME it is theirs, and private; with
SOURCE=URL its links lead to that repository."""

import json
import os
import re
import sys

PLACE = "https://github.com/OWNER/pachup"


def main():
    text = sys.stdin.read()
    source, publisher = os.environ.get("SOURCE"), os.environ.get("PUBLISHER")
    if source:
        if not re.fullmatch(r"https://[\w.:/~-]+", source):
            sys.exit(f"manifest.py: SOURCE is not the URL of a repository: {source}")
        text = text.replace(PLACE, source.rstrip("/"))
    manifest = json.loads(text)
    if publisher:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*", publisher):
            sys.exit(f"manifest.py: PUBLISHER is not the name of a publisher: {publisher}")
        manifest["publisher"], manifest["public"] = publisher, False
    print(json.dumps(manifest, indent="\t", ensure_ascii=False))


if __name__ == "__main__":
    main()
