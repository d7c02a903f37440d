#!/usr/bin/env python3
"""Disturbs a push at every point of its life; README.md says what must hold afterwards.

Usage: chaos.py [--quick] [--limit S] [-k WORD] [--workers N]
PACHUP is the binary, or build/pachup.
"""

import argparse
import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "fake")]

os.environ["GRPC_VERBOSITY"] = "NONE"
import prune  # noqa: E402
from harness.place import Tools  # noqa: E402
from harness.wire import Wire  # noqa: E402
from server import Pachd  # noqa: E402

BINARY = Path(os.environ.get("PACHUP", HERE.parent.parent / "build/pachup")).resolve()
RELEASES = ("1.7.4", "1.12.5", "1.13.4", "2.0.8", "2.6.11", "2.8.10", "2.11.6")
COUNT = 20
# the answer to a dry run with a field that no release has: the push then opens a transaction
LIE = {"method": "/pps_v2.API/CreatePipelineV2", "call": 1, "do": "lie", "reply":
       "Ckx7InBpcGVsaW5lIjp7Im5hbWUiOiJwMDAiLCJwcm9qZWN0Ijp7Im5hbWUiOiJkZWZhdWx0In19LCJmcm9tVGhlRnV0dXJlIjogMX0="}
LIMIT_S = 60
# a line about one pipeline, after a failure
REPORTED = re.compile(r"^(applied|not applied|half applied|unknown): pipeline '(p\d+)'", re.MULTILINE)


def name_of(i):
    return f"p{i:02}"


def spec(i, tag, kind="pfs"):
    """Every second pipeline reads the one before it; the others read a repo."""
    return {
        "pipeline": {"name": name_of(i)},
        "transform": {"image": f"reg.example/chaos/{name_of(i)}:{tag}", "cmd": ["run", "x" * 200]},
        "input": {kind: {"repo": name_of(i - 1) if i % 2 else "images", "glob": "/*"}},
    }


def write_specs(folder, tag):
    folder.mkdir()
    for i in range(COUNT):
        (folder / f"{name_of(i)}.json").write_text(json.dumps(spec(i, tag)))


class Stage(Pachd):
    """A stand-in that acts at one call: `act(context)` before it works on call `at`, or after it."""

    def __init__(self, release, at=0, phase="before", opened=False, old=10, tls=None):
        kind = "atom" if release == "1.7.4" else "pfs"
        config = {"version": release, "repos": ["images"],
                  "pipelines": [{"name": name_of(i), "spec": spec(i, "old", kind)}
                                for i in range(old)],
                  "faults": [LIE] if opened else []}
        if tls:
            config["tls"] = {"cert": tls["cert"], "key": tls["key"]}
        super().__init__(config)
        self.old = old  # how many pipelines there are before; the others are created
        self.at, self.phase, self.act, self.meet = at, phase, lambda context: None, None
        self.working = 0  # calls whose work is not done, wanted by anybody or not

    def _answer(self, *call):
        with self.lock:
            self.working += 1
        try:
            replies = self._act(*call)
        finally:
            with self.lock:
                self.working -= 1
        yield from replies

    def _act(self, path, raw, context, metadata, entry, rule):
        mine = entry["n"] == self.at
        if mine and self.phase == "before":
            self.act(context)
        if self.meet:
            self.meet(path, "before")
        try:
            replies = list(super()._answer(path, raw, context, metadata, entry, rule))
        finally:
            if self.meet:
                self.meet(path, "after")
        if mine and self.phase == "after":
            self.act(context)
        return replies

    def images(self):
        """{name: (tag, version)} of what runs."""
        return {one["name"]: (one["image"].rpartition(":")[2], one["version"])
                for one in self.dump()["pipelines"]}

    def before(self):
        return {name_of(i): ("old", 1) for i in range(self.old)}

    def after(self):
        return {name_of(i): ("new", 2 if i < self.old else 1) for i in range(COUNT)}

    def harmed(self):
        """Pipelines that an old release has left half-written."""
        return [one["name"] for one in self.dump()["pipelines"]
                if one.get("harmed") or one.get("cut")]


class Wrong(Exception):
    """What must hold does not."""


def check(good, what):
    if not good:
        raise Wrong(what)


class Strike:
    """What happens to a run at the stage's call: its connection is cut, or it gets a signal. Then the call waits up to
    `patience_s` for the server to hear of it."""

    def __init__(self, stage, wire, what, patience_s):
        self.wire, self.what, self.patience_s = wire, what, patience_s
        self.run, self.has_begun = None, threading.Event()
        stage.act = self

    def begin(self, run):
        self.run = run
        self.has_begun.set()
        return run

    def __call__(self, context):
        self.has_begun.wait(5)
        if self.what == "CUT":
            self.wire.cut()
        else:
            self.run.child.send_signal(getattr(signal, "SIG" + self.what))
        if self.patience_s:
            wait_until(lambda: not context.is_active(), self.patience_s)


class Push:
    """One run of the program."""

    def __init__(self, port, folder, *more, scheme="grpc", timeout="30s"):
        self.child = subprocess.Popen(
            [str(BINARY), "push", str(folder), "--cluster", f"{scheme}://127.0.0.1:{port}",
             "--timeout", timeout, *more], env={}, cwd=folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.said = ""

    def end(self):
        try:
            out, _ = self.child.communicate(timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            self.child.kill()
            out, _ = self.child.communicate()
            raise Wrong(f"no end after {LIMIT_S} s:\n{out.decode()}") from None
        self.said = out.decode()
        check("AddressSanitizer" not in self.said and "runtime error" not in self.said, self.said)
        return self.child.returncode


def is_first_part(images, before, after):
    """Below 1.12: some pipelines in sending order are new, the rest is as it was."""
    done = [name for name, (tag, _) in images.items() if tag == "new"]
    if any(images[name] != after[name] for name in done):
        return False
    if any(images.get(name) != before[name] for name in before if name not in done):
        return False
    return all(name_of(i - 1) in done for i in range(1, COUNT, 2) if name_of(i) in done)


def check_reported(said, images, before, after):
    """What it reports of each pipeline is so; only where nothing is known of the whole, it may report none."""
    reported = {name: word for word, name in REPORTED.findall(said)}
    if not reported:
        check("is unknown" in said, "it does not tell what it did")
        return
    for i in range(COUNT):
        name, word = name_of(i), reported.get(name_of(i))
        done = {"applied": [after[name]], "not applied": [before.get(name)]}
        check(word, f"it does not report {name}")
        check(images.get(name) in done.get(word, [before.get(name), after[name]]),
              f"it reports that {name} is {word}, which it is not")


def check_after(stage, push, code, what):
    """What must hold after a push that was disturbed by `what`."""
    images, killed, before, after = stage.images(), what == "KILL", stage.before(), stage.after()
    together = stage.version.since("1.12.0")
    if together:
        check(images in (before, after), f"half of it: {images}")
    else:
        check(is_first_part(images, before, after), f"not the first part: {images}")
        check(what != "TERM" or not stage.harmed(), f"SIGTERM harmed {stage.harmed()}")
    check(killed or not stage.dump()["transactions"], "a transaction is left open")
    if killed:
        return
    said = push.said
    check(code in (0, 1, 143), f"exit {code}")
    check((code == 143) <= (what == "TERM"), "143 without SIGTERM")
    if code == 0:
        check(images == after, "it says that all went well")
    if "the cluster is unchanged" in said:
        check(images == before, "it says that the cluster is unchanged")
    if code != 0 and images != before:
        check_reported(said, images, before, after)
    if code == 1:
        check("error: " in said, "it does not say why")


def is_healed(images, wanted):
    """Below 1.12 what was left half done is a version further."""
    return images.keys() == wanted.keys() and all(
        images[name] in ((tag, version), (tag, version + 1))
        for name, (tag, version) in wanted.items())


def check_repair(stage, folder, *more, scheme="grpc"):
    """The next push makes it right, and the one after it has nothing to do."""
    stage.at = 0
    push = Push(stage.port, folder, *more, scheme=scheme)
    code = push.end()
    check(code == 0, f"the next push ends with {code}:\n{push.said}")
    wanted, images = stage.after(), stage.images()
    together = stage.version.since("1.12.0")
    check(images == wanted if together else is_healed(images, wanted), f"after the next push: {images}")
    check(not stage.harmed(), f"after the next push {stage.harmed()} take nothing:\n{push.said}")
    wanted = images
    before = len(stage.calls)
    push = Push(stage.port, folder, *more, scheme=scheme)
    check(push.end() == 0 and "no changes" in push.said, f"the third push:\n{push.said}")
    writes = [one["method"] for one in stage.calls[before:] if "/Create" in one["method"]]
    check(not writes and stage.images() == wanted, f"the third push writes: {writes}")


def wait_until(ready, seconds):
    until = time.monotonic() + seconds
    while not ready() and time.monotonic() < until:
        time.sleep(0.002)


class Trials:
    def __init__(self, where, given):
        self.folder, self.other, self.given = where / "specs", where / "other", given
        write_specs(self.folder, "new")
        write_specs(self.other, "theirs")
        self.passed, self.failed, self.skipped, self.number = 0, 0, 0, -1
        self.until = time.monotonic() + given.limit
        self.tls = Tools(BINARY, where, False).certificates()

    def run(self, title, trial):
        """Runs the trial if it is this worker's."""
        self.number += 1
        share, of = self.given.share
        if self.number % of != share or self.given.k not in title:
            return
        if time.monotonic() > self.until:
            self.skipped += 1
            return
        said, start = "", time.monotonic()
        try:
            trial()
        except Wrong as wrong:
            said = str(wrong)
        except Exception as error:  # one broken trial must not hide the others
            said = f"{type(error).__name__}: {error}"
        if os.environ.get("CHAOS_TIMES"):
            print(f"# {time.monotonic() - start:.2f} s {title}", flush=True)
        self.passed += not said
        self.failed += bool(said)
        if said:
            print(f"not ok - {title}\n# " + said.replace("\n", "\n# "), flush=True)

    # -- at a call -------------------------------------------------------------------------------

    def at_call(self, release, opened, old, at, phase, what):
        stage = Stage(release, at, phase, opened, old)
        port = stage.start()
        wire = Wire(port)
        try:
            # every other time the server is quicker than the news
            strike = Strike(stage, wire, what, 0.3 if at % 2 or what == "TERM" else 0)
            push = strike.begin(Push(wire.port, self.folder))
            code = push.end()
            wait_until(lambda: not stage.working, 2)
            check_after(stage, push, code, what)
            stage.config["faults"], stage.faults.rules = [], []
            check_repair(stage, self.folder)
        except Wrong as wrong:
            raise Wrong(f"{wrong}\nit said: {push.said}") from None
        finally:
            wire.refuse()
            stage.stop()

    def calls_of(self, release, opened):
        """(how many calls an undisturbed push makes, bytes up, bytes down)"""
        stage = Stage(release, opened=opened)
        wire = Wire(stage.start())
        push = Push(wire.port, self.folder)
        check(push.end() == 0, push.said)
        wire.refuse()
        stage.stop()
        return stage.count, *wire.counts

    def points(self, count, most):
        """All of 1..count, or some `most` of them: the first, the last, and one where an old release is writing."""
        if count <= most:
            return range(1, count + 1)
        if most < 6:
            return sorted({1, count * 2 // 3, *range(count - most + 2, count + 1)})
        ends = {1, 2, count - 2, count - 1, count}
        return sorted(ends | {1 + i * (count - 1) // (most - 1) for i in range(most)})

    def all_calls(self, release, opened, count):
        most = 4 if self.given.quick else 60
        for at in self.points(count, most):
            for old, phase, what in itertools.product((10, COUNT), ("before", "after"),
                                                      ("KILL", "TERM", "CUT")):
                if old == COUNT and at + (0 if self.given.quick else 2) < count:
                    continue  # whether there are new ones matters only at the end
                way = (", opened" if opened else "") + (", updates" if old == COUNT else "")
                self.run(f"{release}{way}: {what} {phase} call {at} of {count}",
                         lambda: self.at_call(release, opened, old, at, phase, what))

    # -- at a byte -------------------------------------------------------------------------------

    def on_wire(self, release, **wire_options):
        stage = Stage(release)
        wire = Wire(stage.start(), **wire_options)
        push = Push(wire.port, self.folder)
        try:
            code = push.end()
            wait_until(lambda: not stage.working, 2)
            check_after(stage, push, code, "CUT")
            if not {"cut_up", "cut_down"} & wire_options.keys():
                check(code == 0, f"exit {code}")
            check_repair(stage, self.folder)
        except Wrong as wrong:
            raise Wrong(f"{wrong}\nit said: {push.said}") from None
        finally:
            wire.refuse()
            stage.stop()

    def reordered(self, release, tls, **swap):
        """TLS does not let through what has been changed on the way: that is a lost connection. Without
        it nobody can tell, and what counts is that the push ends in order."""
        stage = Stage(release, tls=self.tls if tls else None)
        secure = ("--ca-file", str(self.tls["ca"]))
        wire = Wire(stage.start(), **swap)
        push = Push(wire.port, self.folder, *(secure if tls else ()), timeout="3s",
                    scheme="grpcs" if tls else "grpc")
        try:
            code = push.end()
            wait_until(lambda: not stage.working, 2)
            check(code in (0, 1, 4, 5), f"exit {code}")
            check(code == 0 or "error: " in push.said, "it does not say why")
            if tls:
                check_after(stage, push, 1 if code == 4 else code, "CUT")
                check_repair(stage, self.folder, *secure, scheme="grpcs")
        except Wrong as wrong:
            raise Wrong(f"{wrong}\nit said: {push.said}") from None
        finally:
            wire.refuse()
            stage.stop()

    def all_orders(self, release, up, down):
        for tls in (True, False):
            for way, count in (("up", up), ("down", down)):
                for at in self.points(count, 2 if self.given.quick else 12):
                    self.run(f"{release}: byte {at} of {count} {way} out of order, "
                             f"{'TLS' if tls else 'plaintext'}",
                             lambda: self.reordered(release, tls, **{f"swap_{way}": at}))

    def all_bytes(self, release, up, down):
        most = 2 if self.given.quick else 20
        for at in self.points(up, most):
            self.run(f"{release}: cut after {at} of {up} bytes up",
                     lambda: self.on_wire(release, cut_up=at))
        for at in self.points(down, most):
            self.run(f"{release}: cut after {at} of {down} bytes down",
                     lambda: self.on_wire(release, cut_down=at))
        for split in (1, 9, 1000):
            self.run(f"{release}: {split} bytes at a time", lambda: self.on_wire(release, split=split))
        for hold in (5, 50):
            self.run(f"{release}: bytes in clumps of {hold} ms",
                     lambda: self.on_wire(release, hold_ms=hold))

    # -- two at once -----------------------------------------------------------------------------

    def race(self, release, same, fresh, wait):
        """Two pushes that have both looked before either writes."""
        stage = Stage(release)
        if fresh:
            stage.store.state.pipelines.clear()
            stage.store.state.repos = {key: "" for key in stage.store.state.repos
                                       if key[1] == "images"}
        port = stage.start()
        barriers = {"before": threading.Barrier(2), "after": threading.Barrier(2)}

        def meet(path, phase):
            if path.endswith("/BatchTransaction"):
                try:
                    barriers[phase].wait(3)
                except threading.BrokenBarrierError:
                    pass  # the other one came too late

        stage.meet = meet
        folders = (self.folder, self.folder if same else self.other)
        pushes = [Push(port, folder, "--wait", wait) for folder in folders]
        try:
            codes = [push.end() for push in pushes]
            said = f"{codes}\n{pushes[0].said}\n{pushes[1].said}"
            images = stage.images()
            tags = {tag for tag, _ in images.values()}
            check(len(images) == COUNT and len(tags) == 1, f"a mixture: {images}\n{said}")
            if same:
                check(codes == [0, 0], said)
                return
            if wait == "none" and codes == [0, 0] and not fresh:
                return  # the later one is what runs; nobody has waited to see it
            check(sorted(codes) == [0, 5], said)
            winner = "new" if codes[0] == 0 else "theirs"
            check(tags == {winner}, f"{tags} runs\n{said}")
        finally:
            stage.stop()

    def all_races(self, release):
        for same in (False, True):
            for fresh in (False, True):
                for wait in ("pipelines", "none"):
                    words = ("the same" if same else "others") + (", all new" if fresh else "")
                    for i in range(1 if self.given.quick else 5):
                        self.run(f"{release}: two pushes of {words}, wait {wait}, {i}",
                                 lambda: self.race(release, same, fresh, wait))

    def all(self):
        named = [one for one in RELEASES if one in self.given.k]
        for release in named or RELEASES:
            for opened in (False, True) if release == RELEASES[-1] else (False,):
                count, up, down = self.calls_of(release, opened)
                self.all_calls(release, opened, count)
                if not opened:
                    self.all_bytes(release, up, down)
                    # below 1.12 a write that is under way gets ten minutes, whatever comes of it
                    if release != "1.7.4":
                        self.all_orders(release, up, down)
            if release != "1.7.4":
                self.all_races(release)


def options():
    parser = argparse.ArgumentParser(description="disturbs a push at every point of its life")
    parser.add_argument("--quick", action="store_true", help="some of the points")
    parser.add_argument("-k", metavar="WORD", default="", help="only trials with this in their name")
    parser.add_argument("--limit", metavar="S", type=float, default=840,
                        help="after so many seconds what is left is left out")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--share", metavar="I/N", help="one worker's part")
    given = parser.parse_args()
    if given.share:
        given.share = tuple(map(int, given.share.split("/")))
    return given


def work(given):
    where = Path(tempfile.mkdtemp(prefix="pachup-chaos-"))
    try:
        trials = Trials(where, given)
        if "prune" not in given.k:
            trials.all()
        if not given.k or "prune" in given.k:
            prune.Prunes(trials, sys.modules[__name__], where).all(given.quick)
        print(trials.passed, trials.failed, trials.skipped, flush=True)
    finally:
        shutil.rmtree(where, ignore_errors=True)


def main():
    given = options()
    if given.share:
        work(given)
        os._exit(0)  # a server may still hold a thread
    if not os.access(BINARY, os.X_OK):
        sys.exit(f"chaos.py: no program '{BINARY}': build it first, or set PACHUP")
    words = sys.argv[1:]
    workers = [subprocess.Popen([sys.executable, __file__, *words, "--share", f"{i}/{given.workers}"],
                                stdout=subprocess.PIPE, text=True) for i in range(given.workers)]
    total = [0, 0, 0]
    for one in workers:
        out, _ = one.communicate()
        *lines, counts = out.splitlines() or [""]
        if one.returncode or len(counts.split()) != 3:
            counts = "0 1 0"
        print("".join(line + "\n" for line in lines), end="")
        total = [a + int(b) for a, b in zip(total, counts.split())]
    print("chaos: {} passed, {} failed, {} skipped".format(*total))
    sys.exit(1 if total[1] or not total[0] else 0)


if __name__ == "__main__":
    main()
