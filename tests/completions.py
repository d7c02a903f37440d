#!/usr/bin/env python3
"""What bash, zsh and fish offer behind `pachup`, with the scripts that it prints. PACHUP is the program. A shell that is not
installed is skipped."""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACHUP = Path(os.environ.get("PACHUP", ROOT / "build/pachup")).resolve()
# the line up to the cursor, words that must be offered, words that must not
OFFERS = [
    ("pachup ", ["push", "plan", "token", "help"], ["keygen", "seal"]),
    ("pachup pu", ["push"], ["plan"]),
    ("pachup help set", ["set-image"], ["push"]),
    ("pachup completion ", ["bash", "zsh", "fish"], ["push"]),
    ("pachup push --wai", ["--wait", "--wait-grace"], ["--only"]),
    ("pachup push --wait ", ["none", "pipelines", "jobs"], ["--wait"]),
    ("pachup push --wait p", ["pipelines"], ["jobs"]),
    ("pachup push spe", ["specs/"], ["empty/"]),
    ("pachup push specs/e", ["specs/edges.json"], ["specs/a b.json"]),
    ("pachup push --out plan", ["plan.json"], ["specs/"]),
    ("pachup push -C ", ["specs/", "empty/"], ["plan.json"]),
    ("pachup push --tag ", [], ["plan.json", "push"]),
    ("pachup rollback edges --t", ["--to", "--timeout"], ["--tag"]),
    ("pachup token ", ["keygen"], ["push"]),
    ("pachup token keygen --sa", ["--salt"], ["--wait"]),
]
# what is typed, and the arguments that come out of it
TYPED = [
    ("pachup vali\t", "validate"),
    ("pachup push --wait pip\t", "push --wait pipelines"),
    ("pachup push specs/ed\t", "push specs/edges.json"),
    ("pachup push --out pla\t", "push --out plan.json"),
    ("pachup token key\t", "token keygen"),
    ("pachup rollback --timeo\t", "rollback --timeout"),
    ("pachup help set\t", "help set-image"),
]
passed = failed = skipped = 0


def check(good, what):
    global passed, failed
    passed += good
    failed += not good
    if not good:
        print(f"not ok - {what}")


def skip(shell):
    global skipped
    skipped += 1
    print(f"completions: {shell}: skipped: it is not installed")


def bash_words(line, script, work):
    words = re.split(r"(?<!^) +|(=)", line)
    words = [w for w in words if w is not None] if line.endswith(" ") else [w for w in words if w]
    code = f"""source {script}; COMP_WORDS=({' '.join("'" + w + "'" for w in words)}); COMP_CWORD={len(words) - 1}
        COMP_LINE='{line}'; COMP_POINT={len(line)}; _pachup; printf '%s\\n' "${{COMPREPLY[@]}}" """
    done = subprocess.run(["bash", "--norc", "-c", code], cwd=work, capture_output=True, text=True, check=False)
    check(done.stderr == "", f"bash: '{line}' says: {done.stderr}")
    # readline adds the slash behind directories
    return [w + "/" if w and (work / w).is_dir() else w for w in done.stdout.split("\n")]


def fish_words(line, script, work):
    env = {"HOME": str(work), "PATH": os.environ["PATH"], "XDG_CONFIG_HOME": str(work), "XDG_DATA_HOME": str(work)}
    done = subprocess.run(["fish", "--no-config", "-c", f"source {script}; complete -C '{line}'"], cwd=work, env=env,
                          capture_output=True, text=True, check=False)
    check(done.stderr == "", f"fish: '{line}' says: {done.stderr}")
    return [w.split("\t")[0] for w in done.stdout.split("\n")]


class Zsh:
    """An interactive zsh whose `pachup` only prints its arguments."""

    def __init__(self, script, work):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(work)
            os.execvpe("zsh", ["zsh", "-f", "-i"], {"PATH": os.environ["PATH"], "TERM": "dumb", "HOME": str(work),
                                                    "PS1": "", "LC_ALL": "C"})
        self.run("PS1=; unsetopt zle_bracketed_paste; autoload -Uz compinit && compinit -u -D; "
                 f"source {script}; pachup() {{ print -r -- \"GOT <$*>\" }}; echo REA''DY\n", "READY")

    def run(self, text, until):
        os.write(self.fd, text.encode())
        got, end = "", time.monotonic() + 20
        while until not in got and time.monotonic() < end:
            if select.select([self.fd], [], [], 0.2)[0]:
                try:
                    got += os.read(self.fd, 4096).decode(errors="replace")
                except OSError:
                    break
        return got

    def typed(self, text):
        return re.findall(r"GOT <(.*?)>", self.run(text + "\n", ">"))

    def close(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def main():
    work = Path(tempfile.mkdtemp(prefix="pachup-completions-"))
    (work / "specs").mkdir()
    (work / "empty").mkdir()
    for name in ["plan.json", "specs/edges.json", "specs/a b.json"]:
        (work / name).write_text("{}")
    for shell, words_of in [("bash", bash_words), ("fish", fish_words)]:
        if not shutil.which(shell):
            skip(shell)
            continue
        script = work / f".{shell}"
        script.write_bytes(subprocess.check_output([PACHUP, "completion", shell], env={}))
        for line, wanted, unwanted in OFFERS:
            words = words_of(line, script, work)
            check(set(wanted) <= set(words) and not set(unwanted) & set(words), f"{shell}: '{line}': {words}")
    if shutil.which("zsh"):
        script = work / ".zsh"
        script.write_bytes(subprocess.check_output([PACHUP, "completion", "zsh"], env={}))
        zsh = Zsh(script, work)
        for text, wanted in TYPED:
            got = zsh.typed(text)
            check([g.strip() for g in got] == [wanted], f"zsh: {text!r}: {got}")
        zsh.close()
    else:
        skip("zsh")
    shutil.rmtree(work)
    print(f"completions: {passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(failed > 0)


main()
