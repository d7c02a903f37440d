"""put, get and ls beside grpcio's C core, on loopback without TLS."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
MEMORY = 32e6


class Server:
    """A stand-in that keeps the sizes of files alone."""

    def __init__(self, runner, tools, **config):
        self.where, self.python = runner.where, tools.python()
        (self.where / "config").write_text(json.dumps({"version": "2.11.6", "repos": ["data"], "discard": True, **config}))

    def __enter__(self):
        port = self.where / "port"
        port.unlink(missing_ok=True)
        self.child = subprocess.Popen([self.python, HERE.parent / "fake/pachd.py", "--config", self.where / "config",
                                       "--port-file", port], stdout=subprocess.DEVNULL)
        until = time.monotonic() + 30
        while not port.exists() or not port.read_text().strip():
            if self.child.poll() is not None or time.monotonic() > until:
                self.child.kill()
                sys.exit("bench: the stand-in does not start; run tests/fake/pachd.py by hand")
            time.sleep(0.05)
        return f"127.0.0.1:{port.read_text().strip()}"

    def __exit__(self, *_):
        self.child.terminate()
        self.child.wait()


def fill(folder, count, size):
    folder.mkdir()
    for i in range(count):
        with open(folder / f"file{i:05}", "wb") as out:
            out.truncate(size)
    return count * size


def beside(table, what, total, ours, theirs):
    """Speed against grpcio's, and memory."""
    ratio = theirs.seconds / ours.seconds
    table.row(f"{what}: {total / ours.seconds / 1e6:.0f} MB/s, grpcio {total / theirs.seconds / 1e6:.0f} MB/s; ratio",
              f"{ratio:.2f}", ">= 0.5", ratio >= 0.5)
    table.row(f"{what}: CPU, grpcio's", f"{ours.cpu_s:.2f}, {theirs.cpu_s:.2f} s", "no more", ours.cpu_s <= theirs.cpu_s)
    table.row(f"{what}: peak memory, grpcio's", f"{ours.peak_kib / 1024:.1f}, {theirs.peak_kib / 1024:.0f} MiB", "< 32 MB",
              ours.peak_kib * 1024 < MEMORY)


def data(table, runner, tools, binary, quick):
    table.head("put and get of files, 2.11.6 on loopback, beside the same streams sent by grpcio's C core")
    base = Path("/dev/shm") if os.access("/dev/shm", os.W_OK) else runner.where
    work = base / f"pachup-bench-data{os.getpid()}"
    work.mkdir()

    def peer(what, address, path):
        cost = runner.run([tools.python(), HERE / "peer_data.py", what, address, path, work / "seconds"], work)
        return cost._replace(seconds=float((work / "seconds").read_text()))

    try:
        for what, count, size in (("one large file", 1, (128 if quick else 1024) << 20),
                                  ("files of 10 KiB", 1000 if quick else 10000, 10 << 10)):
            total = fill(work / "in", count, size)
            name = f"{count:,} {what}" if count > 1 else f"a file of {size >> 20} MiB"
            with Server(runner, tools) as address:
                words = ["--cluster", f"grpc://{address}", "--json"]
                ours = runner.run([binary, "put", "data@master", "in/", *words], work)
                theirs = peer("put", address, work / "in")
                beside(table, f"put {name}", total, ours, theirs)
                if count == 1:
                    ours = runner.run([binary, "get", "data@master:/file00000", "out", *words], work)
                    theirs = peer("get", address, "/file00000")
                else:
                    ours = runner.run([binary, "get", "data@master:/", "out", *words], work)
                    theirs = peer("get", address, "/")
                beside(table, f"get {name}", total, ours, theirs)
            for one in (work / "in", work / "out"):
                shutil.rmtree(one) if one.is_dir() else one.unlink()
        entries = 10000 if quick else 100000
        with Server(runner, tools, files={"data@master": {}}, entries=entries) as address:
            cost = runner.run([binary, "ls", "data@master", "--cluster", f"grpc://{address}", "--json"], work)
        table.row(f"ls of {entries:,} entries: peak memory", f"{cost.peak_kib / 1024:.1f} MiB", "< 64 MB",
                  cost.peak_kib * 1024 < 64e6)
    finally:
        shutil.rmtree(work, ignore_errors=True)
