"""What goes wrong on purpose: which call of which method, and what happens to it."""

import base64
import threading

DOABLE = {"fail", "stall", "close", "lie", "lost-reply", "down", "signal", "other-push", "break", "flood"}


class Faults:
    def __init__(self, rules):
        for rule in rules:
            if rule.get("do") not in DOABLE:
                raise ValueError(f"fault: 'do' must be one of {', '.join(sorted(DOABLE))}: {rule}")
        self.rules, self.counts, self.lock = rules, {}, threading.Lock()

    def next(self, method):
        """The rule that befalls this call, or {}."""
        names = (method, method.rsplit("/", 1)[1], "*")
        with self.lock:
            for name in names:
                self.counts[name] = self.counts.get(name, 0) + 1
            for rule in self.rules:
                name = rule["method"]
                if name in names and rule.get("call") in (None, self.counts[name]):
                    return rule
        return {}


def details(rule):
    return base64.b64decode(rule["details_bin"]) if rule.get("details_bin") else None


def lie(rule):
    return base64.b64decode(rule.get("reply", ""))
