#!/usr/bin/env python3
"""Renders summaries as GitHub would and fails on a diagram that does not parse: 1, 5, 40 and 700 pipelines, some created,
some updated, some unchanged, and a failure. Draws the same pipelines as SVG and as a page, at three widths, and fails on a
page whose script or policy complains.

usage: proof.py [DIRECTORY]   where pages and pictures are kept (build/proof)
Skipped where chromium, node or the packages of .ci/npm are missing.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))

from harness.case import Case  # noqa: E402
from harness.place import Tools  # noqa: E402

# pipelines, the files whose image changes, and how many pictures are wanted: none where too much changes to see anything
PLANS = ((1, "p/*", 1), (5, "p/*[05].json", 1), (40, "p/*[05].json", 1), (700, "p/*50.json", 1), (701, "p/*[05].json", 0))
WIDTHS = (1012, 1600, 2560)
MOST = {"characters": 50000, "arrows": 500}  # what Mermaid draws at most


def spec(i, image):
    reads = "images" if i == 0 else f"p{(i - 1) // 3:03}"
    return {"pipeline": {"name": f"p{i:03}"}, "transform": {"image": image, "cmd": ["run"]},
            "input": {"pfs": {"repo": reads, "glob": "/*"}}}


def make_case(path, size, changes="p/*"):
    """Most run already; some of these get another image, the rest is new."""
    known = max(size // 2, size - 5)
    (path / "in/p").mkdir(parents=True)
    for i in range(size):
        (path / f"in/p/{i:03}.json").write_text(json.dumps(spec(i, "reg.example/x:1")))
    (path / "server").write_text(json.dumps({"version": "2.11.6", "repos": ["images"]}))
    (path / "runner").write_text("github\n")
    (path / "git").write_text("")
    cluster = "--cluster grpc://{addr}"
    change = f"! for f in {changes}; do sed -i 's/x:1/x:2/' $f; done"
    first = " ".join(f"p/{i:03}.json" for i in range(known))
    (path / "cmd").write_text(f"push {first} {cluster}\n{change}\nplan p {cluster}\n")


def summary(base, tools, size, changes):
    path = base / f"case-{size}"
    make_case(path, size, changes)
    got = Case(path, tools, base / f"run-{size}").run()
    if got.broken or "### pachup plan" not in got.summary:
        raise RuntimeError("\n".join(got.broken) + got.stdout + got.stderr)
    return "### pachup plan" + got.summary.split("### pachup plan", 1)[1]


def failure(base, tools):
    path = base / "case-failure"
    make_case(path, 5)
    (path / "in/p/001.json").write_text('{"pipeline": {"name": "<b>@all|`x`"}, "transform": {"image": "A b|c"}}')
    (path / "cmd").write_text("plan p --cluster grpc://{addr}\n")
    (path / "env").write_text("INPUT_COMMAND=plan\nINPUT_CLUSTER=grpc://{addr}\nINPUT_SPECS=p\n")
    (path / "cmd").write_text("''\n")
    return Case(path, tools, base / "run-failure").run().summary


def chromium(where, *arguments):
    """What a browser says on both streams."""
    return subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
                           "--disable-background-networking", f"--user-data-dir={where / 'profile'}",
                           "--virtual-time-budget=60000", *arguments],
                          capture_output=True, text=True, timeout=300, check=False)


def pictures(where, base, pachup, size):
    """The pipelines of a case as SVG and as a page; yields what is wrong with them."""
    svg, html = where / f"graph-{size}.svg", where / f"graph-{size}.html"
    subprocess.run([pachup, "graph", "p", "--svg", svg, "--html", html], cwd=base / f"case-{size}/in", check=True)
    for page in (svg, html):
        for width in WIDTHS:
            chromium(where, f"--window-size={width},{width * 10 // 16}",
                     f"--screenshot={page.with_suffix(page.suffix + f'-{width}.png')}", page.as_uri())
    got = chromium(where, "--enable-logging=stderr", "--dump-dom", html.as_uri() + "#p000")
    if "CONSOLE" in got.stderr:
        yield f"graph-{size}: " + next(line for line in got.stderr.splitlines() if "CONSOLE" in line)
    if not re.search(r"<aside[^>]*><button id=\"close\"[^>]*>×</button><h2>p000</h2>", got.stdout):
        yield f"graph-{size}: the page does not show the pipeline that its address names"


def draw(where, name, text):
    """The page's title once its diagrams are drawn."""
    page = where / f"{name}.html"
    (where / f"{name}.md").write_text(text)
    subprocess.run(["node", ROOT / "tests/proof/render.mjs", where / f"{name}.md", page], check=True)
    chromium = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                f"--user-data-dir={where / 'profile'}", "--virtual-time-budget=60000"]
    shot = subprocess.run([*chromium, "--window-size=1200,1800", f"--screenshot={where / (name + '.png')}",
                           page.as_uri()], capture_output=True, text=True, timeout=300, check=False)
    dom = subprocess.run([*chromium, "--dump-dom", page.as_uri()], capture_output=True, text=True, timeout=300,
                         check=False).stdout
    title = re.search(r"<title>(.*?)</title>", dom)
    return title.group(1) if title else f"no page: {shot.stderr[-300:]}"


def faults(name, text, title, wanted):
    diagrams = re.findall(r"```mermaid\n(.*?)```", text, re.S)
    if title != f"drawn {wanted}":
        yield f"{name}: {title}, not {wanted} diagrams"
    for one in diagrams:
        if len(one) > MOST["characters"] or one.count("-->") > MOST["arrows"]:
            yield f"{name}: the diagram is larger than Mermaid draws"


def main():
    where = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/proof").resolve()
    missing = [one for one in ("chromium", "node") if not shutil.which(one)]
    if not (ROOT / "build/npm/installed").exists():
        missing.append("build/npm (.ci/npm/install)")
    if missing:
        print(f"proof: 0 passed, 0 failed, 1 skipped: no {', no '.join(missing)} here")
        return 0
    where.mkdir(parents=True, exist_ok=True)
    base = Path(tempfile.mkdtemp(prefix="pachup-proof-")).resolve()
    passed, wrong = 0, []
    try:
        tools = Tools(Path(os.environ.get("PACHUP", ROOT / "build/pachup")).resolve(), base, False)
        pages = [(f"plan-{size}", summary(base, tools, size, changes), wanted)
                 for size, changes, wanted in PLANS]
        pages.append(("failure", failure(base, tools), 0))
        for size, _, wanted in PLANS:
            found = list(pictures(where, base, tools.binary, size)) if wanted else []
            passed += wanted - bool(found)
            wrong += found
        for name, text, wanted in pages:
            found = list(faults(name, text, draw(where, name, text), wanted))
            passed += not found
            wrong += found
    finally:
        shutil.rmtree(base, ignore_errors=True)
    for line in wrong:
        print(line)
    print(f"proof: {passed} passed, {len(wrong)} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
