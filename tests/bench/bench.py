#!/usr/bin/env python3
"""The figures that pachup must reach, measured here and now. Counts, CPU time and ratios side by side
in one run; nothing fails because a machine is slow. Usage: bench.py [--quick]"""

import gzip
import json
import os
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
from harness.place import Tools  # noqa: E402
from wire import Wire  # noqa: E402

ROOT = HERE.parent.parent
BINARY = ROOT / "build/static/pachup"
USAGE = ROOT / "build/bench-usage"
DELAY_S = 0.025
TAG = "0123456789012345678901234567890123456789"


def run(words, cwd):
    """(seconds, CPU seconds, peak KiB, exit code, what it said)"""
    with tempfile.TemporaryDirectory() as place:
        start = time.monotonic()
        done = subprocess.run([USAGE, f"{place}/usage", *words], cwd=cwd, env={}, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        seconds = time.monotonic() - start
        cpu, peak = Path(f"{place}/usage").read_text().split()
    return seconds, float(cpu), int(peak), done.returncode, done.stdout.decode(errors="replace")


def best(words, cwd, times):
    """The run with the least CPU time; all must succeed."""
    runs = [run(words, cwd) for _ in range(times)]
    for one in runs:
        if one[3] != 0:
            sys.exit(f"bench: {' '.join(map(str, words))} failed:\n{one[4][-2000:]}")
    return min(runs, key=lambda one: one[1])


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


def sizes(table):
    table.head("size and start")
    binary = BINARY.read_bytes()
    table.row("static binary", f"{len(binary) / 1e6:.2f} MB", "<= 8 MB", len(binary) <= 8e6)
    roots = Path("/etc/ssl/certs/ca-certificates.crt")
    image = len(gzip.compress(binary, 9)) + (len(gzip.compress(roots.read_bytes(), 9)) if roots.exists() else 0)
    table.row("image: binary and CA roots, compressed", f"{image / 1e6:.2f} MB", "<= 3.5 MB", image <= 3.5e6)
    version = min(run([BINARY, "version"], ROOT)[0] for _ in range(20))
    table.row("pachup version", f"{version * 1e3:.1f} ms", "< 5 ms", version < 0.005)


def offline(table, where):
    table.head("reading, retagging, ordering and encoding, without a network")
    cost = {}
    for count, times in ((700, 7), (5000, 3), (20000, 3)):
        folder = where / f"offline{count}"
        size = specs.write(folder, count)
        _, cpu, peak, _, _ = best([BINARY, "push", "--dry-run", "--sha", TAG, "--output", "json",
                                   "--image", "registry.example/team/image1", "."], folder, times)
        cost[count] = cpu / count, peak / count
        if count == 700:
            table.row(f"700 pipelines ({size / 1e6:.1f} MB): CPU", f"{cpu * 1e3:.0f} ms", "< 50 ms", cpu < 0.05)
            table.row("700 pipelines: peak memory", f"{peak / 1024:.1f} MB", "< 32 MB", peak < 32 * 1024)
        else:
            table.row(f"{count} pipelines: CPU, peak memory", f"{cpu * 1e3:.0f} ms, {peak / 1024:.0f} MB")
    for i, name in enumerate(("CPU", "memory")):
        ratio = cost[20000][i] / cost[700][i]
        table.row(f"{name} per pipeline, 20,000 against 700", f"{ratio:.2f}", "<= 1.5", ratio <= 1.5)


def server(version, tools, where):
    """A stand-in with the sources that the specs read, and a wire with TLS to it: (process, wire)."""
    made = tools.certificates()
    config = {"version": version, "repos": [f"source{i}" for i in range(57)],
              "secrets": {"db": ["password"], "registry-login": []}}
    (where / "config").write_text(json.dumps(config))
    port = where / "port"
    port.unlink(missing_ok=True)
    child = subprocess.Popen([tools.python(), HERE.parent / "fake/pachd.py", "--config", where / "config",
                              "--port-file", port], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not port.exists() or not port.read_text().strip():
        time.sleep(0.05)
    return child, Wire(int(port.read_text()), DELAY_S, made["cert"], made["key"])


def flights(table, where, tools, quick):
    table.head("pushing N new pipelines in one transaction, TLS 1.3, 25 ms each way")
    ca = tools.certificates()["ca"]
    for version, most, counts in (("1.13.4", 3, (1, 100)), ("2.6.11", 3, (1, 100, 700)),
                                  ("2.11.6", 4, (1, 100, 700))):
        for count in counts[:2] if quick else counts:
            folder = where / f"n{count}-{version[0]}"
            if not folder.exists():
                specs.write(folder, count)
                if version[0] == "1":  # what 1.13 does not know
                    for path in folder.rglob("*.json"):
                        one = json.loads(path.read_text())
                        for key in ("sidecar_resource_requests", "datum_set_spec"):
                            one.pop(key, None)
                        path.write_text(json.dumps(one))
            child, wire = server(version, tools, where)
            seconds, cpu, _, code, said = run(
                [BINARY, "push", "--cluster", f"grpcs://127.0.0.1:{wire.port}", "--ca-file", ca,
                 "--sha", TAG, "--timeout", "3m", "."], folder)
            wire.close()
            child.terminate()
            child.wait()
            if code:
                sys.exit(f"bench: push failed: {said[-2000:]}")
            table.row(f"{version}, N = {count}: flights after connect (elapsed, CPU)",
                      f"{wire.flights} ({seconds:.2f} s, {cpu * 1e3:.0f} ms)", f"<= {most}",
                      wire.flights <= most)


def beside_today(table, where, tools, quick):
    count = 30 if quick else 100
    table.head(f"the same push of {count} pipelines to 2.6.11 as people do it today: a client per pipeline")
    ca, folder, took = tools.certificates()["ca"], where / "today", {}
    specs.write(folder, count)
    for name in ("pachup", "script"):
        child, wire = server("2.6.11", tools, where)
        words = ([BINARY, "push", "--cluster", f"grpcs://127.0.0.1:{wire.port}", "--ca-file", ca, "--sha", TAG, "."]
                 if name == "pachup" else
                 [tools.python(), HERE / "today.py", f"127.0.0.1:{wire.port}", ca, folder, TAG])
        took[name] = run(words, folder)
        wire.close()
        child.terminate()
        child.wait()
        if took[name][3]:
            sys.exit(f"bench: {name} failed: {took[name][4][-2000:]}")
        table.row(f"{name}: elapsed, CPU, connections",
                  f"{took[name][0]:.2f} s, {took[name][1]:.2f} s, {wire.connections}")
    table.row("script against pachup: elapsed, CPU",
              f"{took['script'][0] / took['pachup'][0]:.0f}x, {took['script'][1] / took['pachup'][1]:.0f}x")


def main():
    quick = "--quick" in sys.argv
    if not BINARY.exists():
        sys.exit("bench: build/static/pachup is not there: run make bench")
    subprocess.run(["cc", "-O1", "-o", USAGE, HERE / "usage.c"], check=True)
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    where = Path(tempfile.mkdtemp(prefix="pachup-bench-"))
    try:
        tools, table = Tools(BINARY, where, False), Table()
        print(f"{'what':<66} {'measured':>16}  {'target':<14}")
        sizes(table)
        offline(table, where)
        flights(table, where, tools, quick)
        beside_today(table, where, tools, quick)
        print(f"\n{table.missed} targets missed" if table.missed else "\nall targets reached")
    finally:
        shutil.rmtree(where, ignore_errors=True)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # the wires' loops are still there, and have nothing to say
