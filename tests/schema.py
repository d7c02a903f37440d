#!/usr/bin/env python3
"""`pachup schema` against files that pachup takes and refuses, with a schema library. PACHUP is the program."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

try:
    import jsonschema
except ImportError:
    print("schema: python3-jsonschema is not installed: skipped")
    print("schema: 0 passed, 0 failed, 1 skipped")
    sys.exit(0)

ROOT = Path(__file__).resolve().parent.parent
PACHUP = Path(os.environ.get("PACHUP", ROOT / "build/pachup")).resolve()
SPEC = 'pipeline: {name: p}\ntransform: {image: "r.example/p:1", cmd: [x]}\ninput: {pfs: {repo: r, glob: /}}\n'
GOOD = [
    "targets: {dev: {specs: [p.yaml]}}",
    "specs: p.yaml\ntargets: {dev: {default: true, wait: jobs, timeout: 1h30m, strict: true}}",
    "tag: 1.2\ntargets: {dev: {specs: [p.yaml], branches: main, tags: ['v*'], schedules: rest}}",
    "targets: {dev: {specs: [p.yaml], token-env: TOKEN, ignore: [PU043]}, b: {from: dev}}",
    "targets: {dev: {specs: [p.yaml]}, b: {from: dev, preview: true, project: 'x-{pr}', downstream: true, max-datums: 5, gates: [a b],"
    " expires: 2d, exclude: 'pub_*', allow-secrets: [a], allow: [egress], inputs: {r: {branch: b, paths: [/x]}, q: {}}}}",
]
BAD = [
    "imagse: []",
    "token: abc",
    "allow-untrusted-event: true",
    "targets: {dev: {out: plan.json}}",
    "targets: {dev: {clutser: x}}",
    "targets: {dev: {wait: job}}",
    "targets: {dev: {strict: sure}}",
    "targets: {dev: {cluster: [a, b]}}",
    "targets: {dev: {images: [{a: b}]}}",
    "targets: {dev: x}",
    "targets: [dev]",
    "targets: {'a b': {}}",
    "timeout: soon",
    "targets: {dev: {specs: [p.yaml], preview: yes please}}",
    "targets: {dev: {specs: [p.yaml]}, b: {from: dev, preview: true, inputs: {r: {brunch: b}}}}",
    "targets: {dev: {specs: [p.yaml]}, b: {from: dev, preview: true, inputs: [r]}}",
    "targets: {dev: {specs: [p.yaml]}, b: {from: dev, preview: true, max-datums: many}}",
    "targets: {dev: {specs: [p.yaml]}, b: {from: dev, preview: true, expires: soon}}",
]
counts = {True: 0, False: 0}


def check(good, what):
    counts[good] += 1
    if not good:
        print(f"not ok - {what}")


def takes(text):
    """Whether pachup itself finds no mistake in the file."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "pachup.yaml").write_text(text)
        Path(folder, "p.yaml").write_text(SPEC)
        done = subprocess.run([PACHUP, "validate", "--target", "dev"], cwd=folder, env={}, capture_output=True, text=True, check=False)
        return "PU095" not in done.stderr and done.returncode == 0


schema = json.loads(subprocess.check_output([PACHUP, "schema"], env={}))
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
for text in GOOD:
    check(validator.is_valid(yaml.safe_load(text)), f"the schema takes: {text}")
    check(takes(text), f"pachup takes: {text}")
for text in BAD:
    check(not validator.is_valid(yaml.safe_load(text)), f"the schema refuses: {text}")
    check(not takes(text), f"pachup refuses: {text}")
print(f"schema: {counts[True]} passed, {counts[False]} failed")
sys.exit(1 if counts[False] else 0)
