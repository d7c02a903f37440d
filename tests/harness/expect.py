"""What is expected of a case, against its results."""

import difflib
import re

ALWAYS = ("stdout", "stderr", "calls", "requests")  # absent: empty
IF_THERE = ("state", "outputs", "summary", "comments", "forged")  # absent: not checked


def expected(path, name):
    file = path / name
    return file.read_text() if file.exists() else None


def _exits(text, got):
    """The expected exit codes, one per run; absent: 0 each."""
    return text if text is not None else "0\n" * got.exit.count("\n")


def _same_line(want, have):
    """{*} in an expected line means anything within the line."""
    if "{*}" not in want:
        return want == have
    pattern = ".*".join(re.escape(part) for part in want.split("{*}"))
    return re.fullmatch(pattern, have) is not None


def _with_gaps(want, have):
    """A line {**} means any lines, or none."""
    parts = [".*".join(re.escape(part) for part in line.split("{*}")) + "\n"
             if line != "{**}" else "(?:.*\n)*" for line in want.splitlines()]
    return re.fullmatch("".join(parts), have) is not None


def with_wild_lines(want, have):
    """What was got, with the expected lines that hold {*} in the place of those that they match."""
    wanted = want.splitlines()
    wild = [line for line in wanted if "{*}" in line]
    kept = [line if line in wanted else next((w for w in wild if _same_line(w, line)), line)
            for line in have.splitlines()]
    return "".join(line + "\n" for line in kept) if have.endswith("\n") else "\n".join(kept)


def difference(name, want, have):
    """The lines of a diff; none when equal."""
    wanted, had = want.splitlines(), have.splitlines()
    if "{**}" in wanted and _with_gaps(want, have):
        return []
    if len(wanted) == len(had) and all(map(_same_line, wanted, had)):
        if want.endswith("\n") == have.endswith("\n") or "{*}" in want:
            return []
        return [f"{name}: the last line differs by its newline"]
    shown = [
        had[i] if i < len(had) and _same_line(line, had[i]) else line
        for i, line in enumerate(wanted)
    ]
    titles = f"{name} expected", f"{name} got"
    return list(difflib.unified_diff(shown, had, *titles, lineterm="", n=2))


def compare(path, got):
    """What is wrong, as lines to print."""
    wrong = [line for one in got.broken for line in one.splitlines()]
    wrong += difference("exit", _exits(expected(path, "exit"), got), got.exit)
    for name in ALWAYS:
        wrong += difference(name, expected(path, name) or "", getattr(got, name))
    for name in IF_THERE:
        want = expected(path, name)
        if want is not None:
            wrong += difference(name, want, getattr(got, name) or "")
    return wrong + _compare_files(path, got)


def _compare_files(path, got):
    out = path / "out"
    wanted = {str(one.relative_to(out)) for one in out.rglob("*") if one.is_file()}
    wrong = []
    for name in sorted(wanted):
        have = got.read(name)
        if have is None:
            wrong.append(f"out/{name} is not there")
        elif have != (out / name).read_bytes():
            want = (out / name).read_bytes().decode(errors="backslashreplace")
            lines = difference(f"out/{name}", want, have.decode(errors="backslashreplace"))
            if not lines and "{*}" not in want and "{**}" not in want:
                lines = [f"out/{name} differs in bytes that are not text"]
            wrong += lines
    for name, have in sorted(got.files.items()):
        if name not in wanted:
            wrong.append(f"{name} {'vanished' if have is None else 'was written'} (not in out/)")
    return wrong


def update(path, got):
    """Rewrites the expected files; returns what it did."""
    done = []

    def put(file, content):
        old = file.read_bytes() if file.exists() else None
        if content == old:
            return
        if content is None:
            file.unlink()
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        done.append(f"{'removed' if content is None else 'wrote'} {file.relative_to(path)}")

    for name in ("exit",) + ALWAYS + IF_THERE:
        want, have = expected(path, name), getattr(got, name)
        if name in IF_THERE and want is None:
            continue
        wild = want is not None and ("{*}" in want or "{**}" in want)
        if wild and not difference(name, want, have or ""):
            continue
        if wild:
            have = with_wild_lines(want, have or "")
        default = name == "exit" and have == _exits(None, got)
        empty = not have and name not in IF_THERE
        put(path / name, None if default or empty else (have or "").encode())
    for name, have in got.files.items():  # as a last line of ours may have left it
        want = expected(path / "out", name)
        if have and want and "{*}" in want and not difference(name, want, got.read(name).decode()):
            continue
        put(path / "out" / name, have and got.read(name))
    for one in (path / "out").rglob("*"):
        name = str(one.relative_to(path / "out"))
        if one.is_file() and name not in got.files and got.read(name) is not None:
            put(one, got.read(name))
    return done
