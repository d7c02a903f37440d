"""Spec files for measuring: realistic in size (about 2 KB) and in shape (chains, fan-in, sources)."""

import json
from pathlib import Path


def spec(i, is_old=False):
    """Pipeline `i`; `is_old`: with what 1.x knows."""
    inputs = [{"pfs": {"repo": f"source{i % 57}", "glob": "/*/*", "name": f"in{i}"}}]
    if i % 7:
        inputs.append({"pfs": {"repo": f"p{i - 1}", "glob": "/*", "empty_files": True}})
    if i > 20 and i % 11 == 0:
        inputs.append({"pfs": {"repo": f"p{i - 13}", "glob": "/", "name": f"far{i}"}})
    made = {
        "pipeline": {"name": f"p{i}"},
        "description": "reads what its sources show and writes one file a day " * 4,
        "transform": {
            "image": f"registry.example/team/image{i % 63}:v1.{i % 9}.0",
            "image_pull_secrets": ["registry-login"],
            "cmd": ["/bin/bash"],
            "stdin": ["#!/bin/bash"] + [f"python3 /code/step{k}.py --in /pfs --out /pfs/out" for k in range(6)],
            "env": {f"VARIABLE_{k}": f"value number {k} of pipeline {i}" for k in range(12)},
            "secrets": [{"name": "db", "key": "password", "env_var": "DB_PASSWORD"}],
        },
        "input": {"cross": inputs} if len(inputs) > 1 else inputs[0],
        "parallelism_spec": {"constant": "1"},
        "autoscaling": True,
        "resource_requests": {"memory": "500M", "cpu": 1.1},
        "resource_limits": {"memory": "1G", "cpu": 1.5},
        "sidecar_resource_requests": {"memory": "2G", "cpu": 0.3},
        "datum_set_spec": {"number": 1},
        "scheduling_spec": {"node_selector": {"cloud.example/nodepool": "pool"}},
    }
    if is_old:
        del made["sidecar_resource_requests"], made["datum_set_spec"]
    return made


def write(where, count, is_old=False):
    """`count` files below `where`, in folders of 1,000; returns their bytes."""
    total = 0
    for i in range(count):
        path = Path(where) / f"{i // 1000:02}" / f"p{i}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        total += path.write_text(json.dumps(spec(i, is_old), indent=2) + "\n")
    return total


def yaml_text(i):
    """The same as people write it: YAML with comments, about 2.4 KB."""
    made, lines = spec(i), ["---", f"# pipeline {i}"]

    def put(value, indent, head):
        pad = "  " * indent
        if isinstance(value, dict):
            lines.append(f"{pad}{head}")
            for key, one in value.items():
                put(one, indent + 1, f"{key}:")
        elif isinstance(value, list):
            lines.append(f"{pad}{head}")
            for one in value:
                if isinstance(one, dict):
                    put(one, indent + 1, "-")
                else:
                    lines.append(f"{pad}  - {json.dumps(one)}")
        elif isinstance(value, str) and value.replace("/", "").replace(":", "").replace(".", "").isalnum():
            lines.append(f"{pad}{head} {value} # as it was agreed")
        else:
            lines.append(f"{pad}{head} {json.dumps(value)}")

    for key, value in made.items():
        if isinstance(value, (dict, list)):
            put(value, 0, f"{key}:")
        else:
            lines.append(f"{key}: {json.dumps(value)}")
    return "\n".join(lines) + "\n"


def write_yaml(where, count):
    """`count` YAML files below `where`; returns their bytes."""
    total = 0
    for i in range(count):
        path = Path(where) / f"{i // 1000:02}" / f"p{i}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        total += path.write_text(yaml_text(i))
    return total
