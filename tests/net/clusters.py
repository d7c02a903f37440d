"""Stand-ins for pachd that tests/unit/test_delete.c talks to.

usage: clusters.py DIRECTORY
Prints "name port" for each and "ready", then serves until standard input ends.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "fake"))
os.environ["GRPC_VERBOSITY"] = "NONE"
from server import Pachd  # noqa: E402

RELEASES = ("1.10.0", "1.13.4", "2.0.8", "2.5.9", "2.8.10", "2.11.6")


def spec(name, source):
    return {"pipeline": {"name": name}, "transform": {"image": "reg.example/x:1", "cmd": ["x"]}, "input": source}


def config(release, **more):
    """Pipeline b reads what a makes; c has a schedule."""
    pipelines = [spec("a", {"pfs": {"repo": "images", "glob": "/"}}), spec("b", {"pfs": {"repo": "a", "glob": "/"}}),
                 spec("c", {"cron": {"name": "tick", "spec": "@daily"}})]
    return {"version": release, "repos": ["images"],
            "pipelines": [{"name": one["pipeline"]["name"], "spec": one} for one in pipelines], **more}


def fault(method, do):
    return {"faults": [{"method": method, "call": 1, "do": do}]}


def main():
    configs = {}
    for release in RELEASES:
        configs[f"plain-{release}"] = config(release)
        configs[f"lost-{release}"] = config(release, **fault("DeletePipeline", "lost-reply"))
        configs[f"cut-{release}"] = config(release, **fault("DeletePipeline", "close"))
        configs[f"reader-{release}"] = config(release, auth={"tokens": {
            "t0ken": {"user": "robot:ci", "roles": {"*": ["repoReader"]}}}})
    configs["projects"] = {"version": "2.11.6", "projects": ["try", "full"], "repos": ["full/data"],
                           **fault("DeleteProject", "lost-reply")}
    servers = [(name, Pachd(one)) for name, one in configs.items()]
    for name, server in servers:
        print(name, server.start(0))
    print("ready", 0, flush=True)
    sys.stdin.read()
    os._exit(0)


main()
