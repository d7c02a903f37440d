"""The pipelines that the suite pushes: small ones, and one of each kind that a release takes."""

import json

IMAGE = "ubuntu:20.04"
NEVER = "registry.invalid/pachup/no-such-image:1"  # .invalid never resolves: RFC 2606


def source(cluster, repo, glob="/*", **more):
    """An input that reads a repo."""
    return {"pfs" if cluster.since(1, 8, 1) else "atom": {"repo": repo, "glob": glob, **more}}


def spec(name, node, image=IMAGE, **more):
    """One pipeline that reads `node`; `more` overrides its fields."""
    return {"pipeline": {"name": name}, "transform": {"image": image, "cmd": ["true"]},
            "input": node, **more}


def chain(cluster, prefix, count, image=IMAGE):
    """Pipelines PREFIX-p0 ...: the first one reads PREFIX-data, each other one the one before it."""
    out = []
    for i in range(count):
        before = f"{prefix}-p{i - 1}" if i else f"{prefix}-data"
        out.append(spec(f"{prefix}-p{i}", source(cluster, before), image))
    return out


def kinds(cluster, prefix):
    """One pipeline of each kind that a server completes in its own way."""
    data, other = source(cluster, f"{prefix}-data"), source(cluster, f"{prefix}-other")
    named = source(cluster, f"{prefix}-data", name="first")
    name = f"{prefix}-k".__add__
    out = [
        spec(name("cross"), {"cross": [other, data]}),
        spec(name("union"), {"union": [{"cross": [other, data]}, named]}),
        spec(name("cron"), {"cron": {"name": "tick", "spec": "@every 8760h"}}),
        {"pipeline": {"name": name("stock")}, "transform": {"cmd": ["true"]}, "input": data},
        spec(name("env"), data, description="what it is for",
             transform={"image": IMAGE, "cmd": ["sh"], "stdin": ["true"],
                        "env": {"B": "2", "A": "", "C": "three"}},
             resource_requests={"cpu": 0.1, "memory": "64M"}, datum_timeout="1h30m",
             parallelism_spec={"constant": "1"}),
    ]
    if cluster.since(1, 9, 5):
        joined = [source(cluster, f"{prefix}-{one}", "/(*)", join_on="$1") for one in
                  ("other", "data")]
        out.append(spec(name("join"), {"join": joined}))
    if cluster.since(1, 10):
        out.append(spec(name("meta"), data, metadata={"annotations": {"z": "1", "a": "2"}}))
        out.append({"pipeline": {"name": name("spout")}, "spout": {},
                    "transform": {"image": IMAGE, "cmd": ["sleep", "infinity"]}})
    if cluster.since(1, 13):
        out.append(spec(name("every"), data, reprocess_spec="every_job"))
    return out


def write(folder, specs):
    """One file each; the folder is made anew."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    for one in specs:
        (folder / (one["pipeline"]["name"] + ".json")).write_text(json.dumps(one, indent=1))
    return folder
