#!/usr/bin/env python3
"""Every check has a good and a bad specimen (src/diag/check_examples.txt), and no spec of the corpus gets a false
error. PACHUP is the program; --update writes the places of "LINE:X" into the file."""

import collections
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACHUP = Path(os.environ.get("PACHUP", ROOT / "build/pachup")).resolve()
SPECIMENS = ROOT / "src/diag/check_examples.txt"
SHARED = ROOT.parent / "shared"
SOUND = {
    "{S}": '"transform":{"image":"r.example/a:1","cmd":["x"]}',
    "{I}": '"input":{"pfs":{"repo":"r","glob":"/"}}',
    "\\x00": "\0",
}
# reported by files and lists, by set-image, or with a cluster: the cases show them
ELSEWHERE = {"PU010", "PU011", "PU012", "PU034", "PU035", "PU044", "PU061", "PU066", "PU088", "PU089",
             "PU090", "PU091", "PU092", "PU093", "PU094", "PU095", "PU096", "PU097", "PU098"}
# specs of the corpus that no release would take as they are: why
FAULTY = {
    "pachyderm-v1.7.4/doc/examples/redshift/pipeline.json": {"PU055"},  # an input without a glob
    "pachyderm-v2.11.6/examples/redshift/pipeline.pipeline.json": {"PU055"},
    "pachyderm-v2.11.6/examples/run/config/pipeline.pipeline.json": {"PU031", "PU042"},  # a template
}

tally = collections.Counter()


def check(good, what):
    tally[good] += 1
    if not good:
        print(f"not ok - {what}")


def validate(text, release, flags):
    words = [PACHUP, "validate", "--json", "-", *flags]
    if release:
        words += ["--server-version", release]
    done = subprocess.run(words, input=text.encode(), capture_output=True, check=False, env={})
    try:
        return json.loads(done.stdout)["findings"]
    except (ValueError, KeyError):
        sys.exit(f"checks: no findings from {words}:\n{done.stdout.decode()}{done.stderr.decode()}")


def fill(lines):
    text = "\n".join(lines) + "\n"
    for word, value in SOUND.items():
        text = text.replace(word, value)
    return text


def specimens(update):
    seen, lines, out, i = set(), SPECIMENS.read_text().split("\n")[:-1], [], 0
    while i < len(lines) and not lines[i].startswith("== "):
        out.append(lines[i])
        i += 1
    while i < len(lines):
        head = lines[i].split()
        code, place = head[1], head[-1]
        release = next((w for w in head[2:-1] if w[0].isdigit()), None)
        flags = [w for w in head[2:-1] if w.startswith("--")]
        middle = next(k for k in range(i, len(lines)) if re.match(r"--( |$)", lines[k]))
        end = next((k for k in range(middle, len(lines)) if lines[k].startswith("== ")), len(lines))
        bad, good = lines[i + 1:middle], lines[middle + 1:end]
        found = [f for f in validate(fill(bad), release, flags) if f["code"] == code]
        places = [f"{f['line']}:{f['col']}" for f in found]
        check(len(found) == 1 and (update or places[0] == place), f"{code}: bad specimen: {places} is not {place}")
        if update and found:
            lines[i] = " ".join(head[:-1] + places[:1])
        later = lines[middle].split()[1:]
        wrong = [f for f in validate(fill(good), later[0] if later else release, flags)
                 if f["code"] == code or f["level"] == "error"]
        check(not wrong, f"{code}: good specimen: {wrong}")
        seen.add(code)
        out += lines[i:end]
        i = end
    if update:
        SPECIMENS.write_text("\n".join(out) + "\n")
    table = subprocess.check_output([PACHUP, "help", "checks"], text=True, env={}).splitlines()
    missing = {line.split("\t")[0] for line in table} - seen - ELSEWHERE
    check(not missing, f"checks without a specimen: {sorted(missing)}")


def corpus():
    """Releases whose own reader takes a spec must get no error for it, but those that are known to be wrong."""
    table = SHARED / "golden/create_pipeline_request.tsv"
    if not table.exists():
        print("checks: the corpus is not beside the project: skipped")
        tally["skipped"] += 1
        return
    taken = collections.defaultdict(lambda: True)
    for line in table.read_text().splitlines()[1:]:
        release, path, _, _, request = line.split("\t")
        taken[path, release] &= not request.strip('"').startswith("error")
    by_release = collections.defaultdict(list)
    for (path, release), good in taken.items():
        if good:
            by_release[release].append(path)
    for release, paths in sorted(by_release.items()):
        for path in paths:
            wrong = {f["code"] for f in validate_file(path, release) if f["level"] == "error"}
            check(wrong <= FAULTY.get(path, set()), f"{path} on {release}: {wrong}")


def validate_file(path, release):
    done = subprocess.run([PACHUP, "validate", "--json", path, "--server-version", release], check=False,
                          capture_output=True, env={}, cwd=SHARED / "corpus")
    return json.loads(done.stdout)["findings"]


specimens("--update" in sys.argv)
corpus()
print(f"checks: {tally[True]} passed, {tally[False]} failed, {tally['skipped']} skipped")
sys.exit(1 if tally[False] else 0)
