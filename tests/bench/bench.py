#!/usr/bin/env python3
"""The figures that pachup must reach, measured here and now. Counts, CPU time and ratios side by side
in one run; nothing fails because a machine is slow. Usage: bench.py [--quick]
PACHUP is the binary to measure, with libpachup.a beside it; else build/static/pachup."""

import collections
import gzip
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import specs  # noqa: E402
from data import data  # noqa: E402
from harness.place import Tools  # noqa: E402
from harness.sealed import make_key, seal  # noqa: E402
from harness.show import is_write  # noqa: E402
from wire import Wire  # noqa: E402

ROOT = HERE.parent.parent
BINARY = Path(os.environ.get("PACHUP", ROOT / "build/static/pachup")).resolve()
DELAY_S = 0.025
TAG = "0123456789012345678901234567890123456789"
DRY_RUNS = 16  # at once: MAX_DRY_RUNS


Cost = collections.namedtuple("Cost", "seconds cpu_s peak_kib")


class Runner:
    """Runs programs and measures them."""

    def __init__(self, where):
        self.where = where
        self.usage, self.encode = where / "run-usage", where / "run-encode"
        subprocess.run(["cc", "-O1", "-o", self.usage, HERE / "usage.c"], check=True)
        subprocess.run(["cc", "-std=c11", "-O2", "-D_POSIX_C_SOURCE=200809L", f"-I{ROOT}/src", "-o", self.encode,
                        HERE / "encode.c", BINARY.parent / "libpachup.a", "-lprotobuf-c", "-lcjson", "-lyaml",
                        "-lcurl", "-lsodium", "-lm"], check=True)

    def run(self, words, cwd, code=0):
        """The Cost of one run, which must end with `code`."""
        start = time.monotonic()
        done = subprocess.run([self.usage, self.where / "used", *words], cwd=cwd, env={}, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        seconds = time.monotonic() - start
        if done.returncode != code:
            sys.exit(f"bench: {' '.join(map(str, words))} failed:\n{done.stdout.decode(errors='replace')[-2000:]}")
        cpu, peak = (self.where / "used").read_text().split()
        return Cost(seconds, float(cpu), int(peak))

    def least(self, words, cwd, times, code=0):
        """Of several runs the least of each figure: what is above it is others' doing."""
        return Cost(*map(min, zip(*(self.run(words, cwd, code) for _ in range(times)))))

    def encoding_s(self, folder, times):
        """CPU seconds for the specs in `folder`: of making their requests; of writing them, for 2.6 and, with the JSON, 2.11."""
        paths = sorted(folder.rglob("*.json"))
        runs = []
        for _ in range(times):
            lines = subprocess.check_output([self.encode, *paths], text=True).splitlines()
            runs.append([float(line.split()[0]) for line in lines])
        return min(one[0] for one in runs), min(sum(one[1:]) for one in runs)


class Table:
    def __init__(self):
        self.missed = 0

    def row(self, what, value, target=None, good=None):
        verdict = "" if good is None else "ok" if good else "MISSED"
        self.missed += verdict == "MISSED"
        print(f"{what:<66} {value:>16}  {target or '':<14} {verdict}", flush=True)

    @staticmethod
    def head(text):
        print(f"\n{text}")


def sizes(table, runner):
    table.head("size and start")
    binary = BINARY.read_bytes()
    table.row("static binary", f"{len(binary) / 1e6:.2f} MB", "<= 8 MB", len(binary) <= 8e6)
    roots = Path("/etc/ssl/certs/ca-certificates.crt")
    image = len(gzip.compress(binary, 9)) + (len(gzip.compress(roots.read_bytes(), 9)) if roots.exists() else 0)
    table.row("image: binary and CA roots, compressed", f"{image / 1e6:.2f} MB", "<= 3.5 MB", image <= 3.5e6)
    version = runner.least([BINARY, "version"], ROOT, 20)
    table.row("pachup version", f"{version.seconds * 1e3:.1f} ms", "< 5 ms", version.seconds < 0.005)
    return version


def offline(table, runner, start):
    """`start` is the Cost of starting, which is not the pipelines'."""
    table.head("reading, retagging, ordering and encoding, without a network")
    each = {}
    for count, times in ((700, 7), (5000, 3), (20000, 3)):
        folder = runner.where / f"offline{count}"
        size = specs.write(folder, count)
        cost = runner.least([BINARY, "push", "--dry-run", "--sha", TAG, "--output", "json",
                             "--image", "registry.example/team/image1", "."], folder, times)
        if count == 700:
            making, encoding = runner.encoding_s(folder, times)
            both = cost.cpu_s + encoding
            table.row(f"700 pipelines ({size / 700e3:.1f} KB each): CPU, of it encoding",
                      f"{both * 1e3:.0f} ms, {encoding * 1e3:.0f} ms", "< 50 ms", both < 0.05)
            table.row("700 pipelines: their requests made for a release: CPU", f"{making * 1e3:.1f} ms")
            table.row("700 pipelines: peak memory", f"{cost.peak_kib / 1024:.1f} MiB", "< 32 MB",
                      cost.peak_kib * 1024 < 32e6)
        else:
            table.row(f"{count:,} pipelines: CPU, peak memory",
                      f"{cost.cpu_s * 1e3:.0f} ms, {cost.peak_kib / 1024:.0f} MiB")
        each[count] = (cost.cpu_s - start.cpu_s) / count, (cost.peak_kib - start.peak_kib) / count
        shutil.rmtree(folder)
    for i, name in enumerate(("CPU", "memory")):
        ratio = each[20000][i] / each[700][i]
        table.row(f"{name} per pipeline without the start, 20,000 against 700", f"{ratio:.2f}", "<= 1.5", ratio <= 1.5)


def revisions(table, runner):
    """compare of two commits of 700 specs that differ in two fields each, out of git."""
    table.head("compare of two revisions, without a checkout")
    folder = runner.where / "revisions"
    git = ["git", "-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.org"]
    specs.write(folder, 700)
    for words in (["init", "-q", "-b", "one"], ["add", "."], ["commit", "-q", "-m", "one"],
                  ["checkout", "-q", "-b", "two"]):
        subprocess.run([*git, *words], check=True)
    for path in folder.rglob("*.json"):
        text = path.read_text().replace('"VARIABLE_3": "value', '"VARIABLE_3": "other')
        path.write_text(text.replace("500M", "800M"))
    subprocess.run([*git, "commit", "-q", "-a", "-m", "two"], check=True)
    cost = runner.least([BINARY, "compare", "one", "two"], folder, 5, code=2)
    table.row("compare of 700 pipelines that all differ: time", f"{cost.seconds * 1e3:.0f} ms", "< 500 ms",
              cost.seconds < 0.5)
    table.row("and peak memory", f"{cost.peak_kib / 1024:.0f} MiB")
    shutil.rmtree(folder)


def values(table, runner):
    """render of 700 specs with three values files: one for all, one of patterns, one that names each pipeline."""
    table.head("values: render of a target")
    folder = runner.where / "values"
    specs.write(folder / "pipelines", 700)
    names = sorted(json.loads(path.read_text())["pipeline"]["name"] for path in (folder / "pipelines").rglob("*.json"))
    patterns = sorted({name[:-1] + "*" for name in names})
    files = {"all": {"*": {"transform": {"env": {"STAGE": "prod"}}, "parallelism_spec": {"constant": 4}}},
             "patterns": {one: {"datum_tries": 5, "resource_requests": {"memory": "2G"}} for one in patterns},
             "names": {one: {"transform": {"env": {"NAME": one, "START": "2026-02-22"}}} for one in names}}
    for name, pipelines in files.items():
        (folder / f"{name}.yaml").write_text(json.dumps({"pipelines": pipelines}, indent=1))
    (folder / "pachup.yaml").write_text("targets:\n  prod: {specs: [pipelines/], schedules: rest,\n"
                                        "    values: [all.yaml, patterns.yaml, names.yaml]}\n")
    plain = runner.least([BINARY, "validate", "pipelines/"], folder, 5)
    cost = runner.least([BINARY, "render", "--target", "prod", "--json"], folder, 5)
    more = cost.cpu_s - plain.cpu_s
    table.row(f"700 pipelines, {len(patterns)} patterns, 700 names: CPU of validate, render",
              f"{plain.cpu_s * 1e3:.0f} ms, {cost.cpu_s * 1e3:.0f} ms")
    table.row("render with values takes more CPU than validate by", f"{more * 1e3:.0f} ms", "<= 120 ms", more <= 0.12)
    table.row("and peak memory", f"{cost.peak_kib / 1024:.0f} MiB")
    shutil.rmtree(folder)


def yaml_growth(table, runner, start):
    """One file of 22,500 keys, or anchors with their aliases, against one of 90,000 and 45,000."""
    table.head("one large YAML file: what four, or twice, as many keys and aliases cost")
    kinds = {"keys": (4, lambda n: "m:\n" + "".join(f"  k{i}: v\n" for i in range(n))),
             "aliases": (2, lambda n: "a:\n" + "".join(f"  - &n{i} v\n" for i in range(n)) + "b:\n"
                         + "".join(f"  - *n{i}\n" for i in range(n)))}
    for name, (factor, text) in kinds.items():
        costs = []
        for count in (22500, 22500 * factor):
            path = runner.where / f"{name}.yaml"
            path.write_text(text(count))
            costs.append(runner.least([BINARY, "validate", path.name], runner.where, 3, code=1).cpu_s
                         - start.cpu_s)
        ratio = costs[1] / costs[0]
        table.row(f"{22500 * factor:,} {name} against 22,500", f"{ratio:.1f}x, {costs[1] * 1e3:.0f} ms",
                  f"<= {1.5 * factor:.0f}x", ratio <= 1.5 * factor)


def yaml_files(table, runner, start):
    """validate and set-image over YAML files, beside PyYAML; `start` is the Cost of starting."""
    table.head("1,000 YAML specs: validate, and set-image in all of them; beside Python with PyYAML")
    retag = [f"registry.example/team/image{k}:v2" for k in range(63)]
    each = {}
    for count, times in ((1000, 5), (10000, 1)):
        # in memory: what a disk's file system costs for a new file is not ours
        base = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else runner.where
        folder = base / f"pachup-bench-yaml{count}-{os.getpid()}"
        size = specs.write_yaml(folder, count)
        costs = {"validate": runner.least([BINARY, "validate", "."], folder, times)}
        peers = {}
        if count == 1000:
            table.row("files", f"{size / 1e6:.1f} MB")
            for name, job in (("validate", "check"), ("set-image", "retag")):
                words = [sys.executable, HERE / "peer_yaml.py", job, folder]
                peers[name] = runner.run(words, folder)
        costs["set-image"] = runner.run([BINARY, "set-image", *(line.replace(":v2", ":v3") for line in retag), "--in", "."],
                                        folder)
        for name, limit in (("validate", 0.25), ("set-image", 0.3)):
            cost = costs[name]
            each[name, count] = (cost.cpu_s - start.cpu_s) / count
            if count > 1000:
                continue
            table.row(f"{name}: CPU", f"{cost.cpu_s * 1e3:.0f} ms", f"< {limit * 1e3:.0f} ms", cost.cpu_s < limit)
            table.row(f"{name}: peak memory", f"{cost.peak_kib / 1024:.1f} MiB", "< 64 MB",
                      cost.peak_kib * 1024 < 64e6)
            table.row(f"{name}: PyYAML's CPU against ours", f"{peers[name].cpu_s / cost.cpu_s:.0f}x")
        shutil.rmtree(folder)
    for name in ("validate", "set-image"):
        ratio = each[name, 10000] / each[name, 1000]
        table.row(f"{name}: CPU per file, 10,000 against 1,000", f"{ratio:.2f}", "<= 1.5", ratio <= 1.5)


class Stage:
    """A stand-in with the sources that the specs read, behind a wire with TLS; everything is new each time."""

    def __init__(self, runner, tools, version, delay_s, with_calls=False, costs=None, auth=False):
        self.made, self.where = tools.certificates(), runner.where
        sources = [f"source{i}" for i in range(57)]
        config = {"version": version, "repos": sources, "branches": {one: ["master"] for one in sources},
                  "secrets": {"db": ["password"], "registry-login": []}, "costs": costs}
        if auth:
            config["auth"] = {"tokens": {"bench-token": {"user": "robot:ci", "expires": None, "admin": True}}}
        (self.where / "config").write_text(json.dumps(config))
        for name in ("port", "calls"):
            (self.where / name).unlink(missing_ok=True)
        self.words = [tools.python(), HERE.parent / "fake/pachd.py", "--config", self.where / "config",
                      "--port-file", self.where / "port"]
        if with_calls:
            self.words += ["--calls", self.where / "calls"]
        self.delay_s = delay_s

    def __enter__(self):
        port, until = self.where / "port", time.monotonic() + 30
        self.child = subprocess.Popen(self.words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not port.exists() or not port.read_text().strip():
            if self.child.poll() is not None or time.monotonic() > until:
                self.child.kill()
                sys.exit("bench: the stand-in does not start; run tests/fake/pachd.py by hand")
            time.sleep(0.05)
        self.port = int(port.read_text())
        self.wires = []
        return self.another_wire()

    def another_wire(self):
        """One with nothing on it yet."""
        self.wires.append(Wire(self.port, self.delay_s, self.made["cert"], self.made["key"]))
        return self.wires[-1]

    def __exit__(self, *_):
        for wire in self.wires:
            wire.close()
        self.child.terminate()
        self.child.wait()


def push(runner, tools, version, folder, delay_s):
    """(Cost, wire) of one push of all of `folder`, which is new to the cluster."""
    with Stage(runner, tools, version, delay_s) as wire:
        cost = runner.run([BINARY, "push", "--cluster", f"grpcs://127.0.0.1:{wire.port}", "--ca-file",
                           tools.certificates()["ca"], "--sha", TAG, "--timeout", "3m", "."], folder)
    return cost, wire


def flights(table, runner, tools, quick):
    # one flight more than the calls need: what only matters for new pipelines is asked when they are known to be new
    table.head("pushing N new pipelines in one transaction, TLS 1.3, 25 ms each way; beside the flights: the time,\n"
               "of it the stand-in's (without the wire), the rest in round trips with windows' updates, and our CPU")
    for version, most, counts in (("1.13.4", 4, (1, 100)), ("2.6.11", 4, (1, 100, 700)),
                                  ("2.11.6", 5, (1, 100, 700))):
        for count in counts[:2] if quick else counts:
            folder = runner.where / f"push{count}"
            specs.write(folder, count, version[0] == "1")
            here = min(push(runner, tools, version, folder, 0)[0].seconds for _ in range(2))
            cost, wire = push(runner, tools, version, folder, DELAY_S)
            trips = (cost.seconds - here) / (2 * DELAY_S)
            # it asks for the effective specs, so many at once; a place that is answered sooner takes more than its share
            allowed = most + (count * 5 // (4 * DRY_RUNS) if version == "2.11.6" else 0)
            table.row(f"{version}, N = {count}: {cost.seconds:.2f} s, {here:.2f} s, {trips:.1f}, {cost.cpu_s * 1e3:.0f} ms",
                      wire.flights, f"<= {allowed}", wire.flights <= allowed)


def again(table, runner, tools, quick):
    """The second push, and a plan, of what runs already."""
    table.head("pipelines that run already, TLS 1.3, 25 ms each way: the flights and the cost of a push and of a plan")
    for version, count in (("1.13.4", 100), ("2.6.11", 700), ("2.11.6", 700)):  # 1.13 takes no more at once
        count = min(count, 100) if quick else count
        folder = runner.where / f"again{count}"
        specs.write(folder, count, version[0] == "1")
        stage = Stage(runner, tools, version, DELAY_S, True)
        with stage as wire:
            words = ["--ca-file", tools.certificates()["ca"], "--sha", TAG, "--timeout", "3m", "."]
            runner.run([BINARY, "push", "--cluster", f"grpcs://127.0.0.1:{wire.port}", *words], folder)
            before = len((runner.where / "calls").read_text().splitlines())
            for command in ("push", "plan"):
                wire = stage.another_wire()
                cost = runner.run([BINARY, command, "--cluster", f"grpcs://127.0.0.1:{wire.port}", *words], folder)
                if command == "push":
                    table.row(f"{version}, N = {count}: flights of a push", wire.flights, "<= 3", wire.flights <= 3)
                    continue
                table.row(f"{version}, N = {count}: CPU of a plan", f"{cost.cpu_s * 1e3:.0f} ms", "< 150 ms", cost.cpu_s < 0.15)
                table.row(f"{version}, N = {count}: peak memory of a plan", f"{cost.peak_kib / 1024:.1f} MiB", "< 64 MB",
                          cost.peak_kib * 1024 < 64e6)
            calls = [json.loads(line) for line in (runner.where / "calls").read_text().splitlines()[before:]]
            writes = sum(is_write(call) for call in calls)
            table.row(f"{version}, N = {count}: write calls of both", writes, "0", writes == 0)


def gone(table, runner, tools):
    """A plan when pipelines left git a while ago: one walk back through the commits finds them all."""
    commits, costs = 300, {}
    table.head(f"100 pipelines with input prune, of which some left git {commits} commits ago: CPU of a plan")
    for count in (1, 10):
        folder = runner.where / f"gone{count}"
        git = ["git", "-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.org"]
        specs.write(folder / "pipelines", 100)
        (folder / "pachup.yaml").write_text("targets:\n  prod: {specs: [pipelines/], prune: stop}\n")
        for words in (["init", "-q", "-b", "main"], ["remote", "add", "origin", "https://git.example/team/specs.git"],
                      ["add", "."], ["commit", "-q", "-m", "one"]):
            subprocess.run([*git, *words], check=True)
        with Stage(runner, tools, "2.6.11", 0) as wire:
            words = ["--target", "prod", "--cluster", f"grpcs://127.0.0.1:{wire.port}", "--ca-file", tools.certificates()["ca"],
                     "--timeout", "3m", "--prune-limit", str(count)]
            runner.run([BINARY, "push", *words], folder)
            for path in sorted((folder / "pipelines").rglob("*.json"))[-count:]:
                path.unlink()
            subprocess.run([*git, "commit", "-q", "-a", "-m", "some go"], check=True)
            one = ("commit refs/heads/main\ncommitter a <a@example.org> 1700000000 +0000\ndata 1\nx\n{}"
                   "M 100644 inline readme\ndata {}\n{}\n")
            stream = "".join(one.format("" if i else "from refs/heads/main^0\n", len(str(i)), i) for i in range(commits))
            subprocess.run([*git, "fast-import", "--quiet"], input=stream, text=True, check=True)
            subprocess.run([*git, "reset", "-q", "--hard"], check=True)
            costs[count] = runner.least([BINARY, "plan", *words], folder, 3, code=2).cpu_s
        shutil.rmtree(folder)
    ratio = costs[10] / costs[1]
    table.row("1 gone; 10", f"{costs[1] * 1e3:.0f} ms; {costs[10] * 1e3:.0f} ms")
    table.row("10 against 1", f"{ratio:.2f}", "<= 2", ratio <= 2)


def sealed(table, runner, tools):
    """A sealed token against the same one as it is: the flights of a push, and what opening costs."""
    table.head("a sealed token, for four keys")
    program = runner.where / "run-sealed"
    subprocess.run(["cc", "-std=c11", "-O2", "-D_POSIX_C_SOURCE=200809L", f"-I{ROOT}/src", "-o", program,
                    HERE / "sealed.c", BINARY.parent / "libpachup.a", "-lsodium", "-lm"], check=True)
    runs = [[float(one) for one in subprocess.check_output([program, "200"], text=True).split()] for _ in range(5)]
    ours, theirs = map(min, zip(*runs))
    table.row("opening it: CPU", f"{ours * 1e3:.2f} ms", "< 5 ms", ours < 0.005)
    table.row("the same against one crypto_box_seal_open of libsodium", f"{ours / theirs:.1f}x", "<= 5x", ours <= 5 * theirs)
    keys = [make_key() for _ in range(4)]
    (runner.where / "key").write_text(keys[3][0])
    (runner.where / "key").chmod(0o600)
    for version in ("1.13.4", "2.11.6"):
        folder, seen = runner.where / f"sealed-{version}", {}
        specs.write(folder, 10, version[0] == "1")
        for how in ("plain", "sealed"):
            with Stage(runner, tools, version, DELAY_S, auth=True) as wire:
                address = f"grpcs://127.0.0.1:{wire.port}"
                text = "bench-token" if how == "plain" else seal("bench-token", [one[1] for one in keys], address)
                (runner.where / "token").write_text(text)
                (runner.where / "token").chmod(0o600)
                key = ["--token-key-file", runner.where / "key"] if how == "sealed" else []
                runner.run([BINARY, "push", "--cluster", address, "--ca-file", tools.certificates()["ca"], "--sha", TAG,
                            "--token-file", runner.where / "token", *key, "."], folder)
                seen[how] = wire.flights
        table.row(f"{version}, N = 10: flights of a push, with the token as it is", f"{seen['sealed']}, {seen['plain']}",
                  "no more", seen["sealed"] <= seen["plain"])


def waiting(table, runner, tools, quick):
    """A poll is one look at everything that was pushed; the stand-in's pipelines run at the second look."""
    table.head("waiting until N pipelines run what was pushed")
    count = 100 if quick else 700
    folder = runner.where / "waiting"
    specs.write(folder, count)
    with Stage(runner, tools, "2.6.11", 0, True) as wire:
        runner.run([BINARY, "push", "--cluster", f"grpcs://127.0.0.1:{wire.port}", "--ca-file",
                    tools.certificates()["ca"], "--timeout", "3m", "--wait", "pipelines", "."], folder)
        calls = [json.loads(line)["method"] for line in (runner.where / "calls").read_text().splitlines()]
    after = calls[calls.index("/transaction_v2.API/BatchTransaction") + 1:]
    polls = 2
    table.row(f"N = {count}: calls for {polls} polls", len(after), f"<= {polls}", len(after) <= polls)


# ms, measured on a real pachd 2.11.6 (PostgreSQL, etcd, workers) with 100 pipelines in chains: in one transaction 106 to create
# one and 150 to update it, 1116 alone with what it sets off; right after a transaction a list without details takes 190 for each
# pipeline of it, and one InspectPipeline 35. ListRepo 10 per repo, InspectRepo 12, ListPipeline with details 0.4 per pipeline.
COSTS = {"call": 1, "repo": 10, "pipeline": 0.1, "details": 0.3, "create": 106, "update": 150, "create_alone": 1116,
         "after_list": 190, "after_inspect": 35}


def server_work(table, runner, tools, quick):
    """What the calls of a run make a server do, by COSTS, beside what cannot be spared."""
    count = 30 if quick else 100
    table.head(f"server work for {count} pipelines on 2.11.6: calls weighted by what they cost a real one, in s")
    folder, tag = runner.where / "work", 0
    specs.write(folder, count)
    ca, log = tools.certificates()["ca"], runner.where / "calls"
    with Stage(runner, tools, "2.11.6", 0, True, COSTS) as wire:
        def work(words):
            """All of a run's work, and that of each method."""
            before = len(log.read_text().splitlines())
            runner.run(words, folder)
            each = collections.Counter()
            for call in map(json.loads, log.read_text().splitlines()[before:]):
                each[call["method"].rsplit("/", 1)[1]] += call.get("work_ms", 0) / 1000
            return sum(each.values()), each

        def change(most=None):
            nonlocal tag
            tag += 1
            for path in sorted(folder.rglob("*.json"))[:most]:
                path.write_text(re.sub(r":v\w+\.", f":v{tag}x.", path.read_text()))

        ours = [BINARY, "push", "--cluster", f"grpcs://127.0.0.1:{wire.port}", "--ca-file", ca, "--sha", TAG, "."]
        total, each = work(ours)
        table.row("create all: all, of it the transaction", f"{total:.2f}, {each['BatchTransaction']:.2f}")
        for what, words in (("push", ours), ("plan", [BINARY, "plan", *ours[2:]])):
            total, each = work(words)
            table.row(f"{what} of nothing new: all, of it ListPipeline", f"{total:.3f}, {each['ListPipeline']:.3f}", "<= 1.15x",
                      total <= 1.15 * each["ListPipeline"])
        change(1)
        total, each = work(ours)
        bare = each["ListPipeline"] + each["CreatePipelineV2"]
        table.row("update one: all, of it ListPipeline and CreatePipelineV2", f"{total:.3f}, {bare:.3f}", "<= 1.1x",
                  total <= 1.1 * bare)
        change()
        total, each = work(ours)
        table.row("update all: all, of it the transaction", f"{total:.2f}, {each['BatchTransaction']:.2f}", "<= 1.05x",
                  total <= 1.05 * each["BatchTransaction"])
        change()
        theirs, _ = work([tools.python(), HERE / "today.py", f"127.0.0.1:{wire.port}", ca, folder, TAG, "update"])
        table.row("update all, one by one, as pachctl does", f"{theirs:.2f}")


def beside_today(table, runner, tools, quick):
    count = 30 if quick else 100
    table.head(f"the same push of {count} pipelines to 2.6.11 as people do it today: a client per pipeline")
    ca, folder = tools.certificates()["ca"], runner.where / "today"
    specs.write(folder, count)
    ours, our_wire = push(runner, tools, "2.6.11", folder, DELAY_S)
    with Stage(runner, tools, "2.6.11", DELAY_S) as wire:
        theirs = runner.run([tools.python(), HERE / "today.py", f"127.0.0.1:{wire.port}", ca, folder, TAG], folder)
    for name, cost, one in (("pachup", ours, our_wire), ("script", theirs, wire)):
        table.row(f"{name}: {cost.seconds:.2f} s, CPU {cost.cpu_s * 1e3:.0f} ms, {cost.peak_kib / 1024:.0f} MiB;"
                  " connections, flights", f"{one.connections}, {one.flights}")
    table.row("script against pachup: time, CPU",
              f"{theirs.seconds / ours.seconds:.0f}x, {theirs.cpu_s / ours.cpu_s:.0f}x")


def main():
    quick = "--quick" in sys.argv
    if not BINARY.exists():
        sys.exit(f"bench: {BINARY} is not there: run make bench")
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    where = Path(tempfile.mkdtemp(prefix="pachup-bench-"))
    try:
        tools, runner, table = Tools(BINARY, where, False), Runner(where), Table()
        print(f"{'what':<66} {'measured':>16}  {'target':<14}")
        start = sizes(table, runner)
        offline(table, runner, start)
        revisions(table, runner)
        values(table, runner)
        yaml_files(table, runner, start)
        yaml_growth(table, runner, start)
        flights(table, runner, tools, quick)
        again(table, runner, tools, quick)
        gone(table, runner, tools)
        sealed(table, runner, tools)
        waiting(table, runner, tools, quick)
        server_work(table, runner, tools, quick)
        data(table, runner, tools, BINARY, quick)
        beside_today(table, runner, tools, quick)
        print(f"\n{table.missed} targets missed" if table.missed else "\nall targets reached")
    finally:
        shutil.rmtree(where, ignore_errors=True)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # the wires' loops are still there, and have nothing to say
