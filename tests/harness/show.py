"""Calls and states as short lines that a person can compare."""

import hashlib
import json

WRITES = ("Create", "Batch", "Start", "Finish", "Delete", "Stop", "Run", "Rerun", "Update", "Set",
          "Put", "Edit", "Modify", "Revoke", "GetRobotToken", "GetAuthToken", "Extend")
LONG = 200
EFFECTIVE = "effective_json"
MARK = ("pachup/mark", "value")  # keys of a pipeline's mark, which is shown whole


def short(value, key=""):
    """The value with long strings as their length and the begin of their hash."""
    if isinstance(value, dict):
        return {name: short(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [short(one) for one in value]
    if isinstance(value, str):
        text = _settled(value) if key.startswith("effective") else value
        if len(text) > LONG and key not in MARK:
            digest = hashlib.sha256(text.encode()).hexdigest()[:12]
            return f"<{len(text)} characters, sha256 {digest}>"
        return text
    return value


def _settled(text):
    """A server's JSON without its random white space."""
    try:
        return compact(json.loads(text))
    except ValueError:
        return text


def compact(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def is_write(entry):
    method = entry["method"].rsplit("/", 1)[1]
    request = entry["request"] if isinstance(entry["request"], dict) else {}
    return method.startswith(WRITES) and not request.get("dry_run")


def call_line(entry, hide):
    words = ["WRITE" if is_write(entry) else "read", entry["method"]]
    if entry["request"] is not None:
        words.append(hide(compact(short(_hidden(entry["request"], hide)))))
    for name in ("authn-token", "pach-transaction"):
        if name in entry["metadata"]:
            words.append(f"{name}={entry['metadata'][name]}")
    words += entry["unknown"]
    # CANCELLED is what the stand-in answers to a caller that has left
    words.append(f"-> {'gone' if entry['code'] in (None, 1) else entry['code']}")
    return " ".join(words)


def _hidden(value, hide):
    """Placeholders go in before anything is measured or hashed."""
    if isinstance(value, dict):
        return {key: _hidden(one, hide) for key, one in value.items()}
    if isinstance(value, list):
        return [_hidden(one, hide) for one in value]
    return hide(value) if isinstance(value, str) else value


def call_lines(entries, hide):
    """In order; neighbouring reads are sorted, for they may go out at once."""
    lines, reads = [], []
    for entry in entries:
        line = call_line(entry, hide)
        if is_write(entry):
            lines += sorted(reads) + [line]
            reads = []
        else:
            reads.append(line)
    return lines + sorted(reads)


def state_lines(state, hide):
    lines = []
    for pipeline in state["pipelines"]:
        shown = {key: one for key, one in pipeline.items()
                 if one not in (False, "") or key == "project"}
        lines.append("pipeline " + compact(short(_hidden(shown, hide))))
    lines += ["transaction " + compact(one) for one in state["transactions"]]
    lines += ["job " + compact(one) for one in state["jobs"]]
    lines.append("repos " + compact(state["repos"]))
    lines += [f"files {name} {compact(one)}" for name, one in state["files"].items()]
    lines += [f"metadata of {one}" for one in state["metadata"]]
    for name in ("secrets", "tokens_issued", "tokens_revoked"):
        if state[name]:
            lines.append(f"{name} {compact(state[name])}")
    return [hide(line) for line in lines]
