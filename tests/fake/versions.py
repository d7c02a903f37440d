"""Releases of pachd: how they compare, and which status code each used for which trouble."""

import re


class Version:
    """A release such as "2.11.6" or "2.8.0-rc.1"; compares by its three numbers."""

    def __init__(self, text):
        match = re.fullmatch(r"v?(\d+)\.(\d+)\.(\d+)(-.+)?", text)
        if not match:
            raise ValueError(f"'{text}' is not a release such as 2.11.6")
        self.number = tuple(int(part) for part in match.group(1, 2, 3))
        self.additional = match.group(4) or ""
        self.text = text

    @property
    def line(self):
        """1 or 2: the packages without and with the suffix _v2."""
        return self.number[0]

    @property
    def has_projects(self):
        return self.since("2.5.0")

    def since(self, release):
        return self.number >= parse(release)

    def until(self, release):
        return self.number <= parse(release)

    def within(self, ranges):
        """True when one of the (first, last) pairs holds it; None is an open end."""
        return any(
            (first is None or self.number >= first) and (last is None or self.number <= last)
            for first, last in ranges
        )

    def code(self, trouble):
        """The gRPC status code that this release answers `trouble` with."""
        first, early, late = CODES[trouble]
        return late if self.since(first) else early


def parse(release):
    return tuple(int(part) for part in release.split("."))


CANCELLED, UNKNOWN, INVALID, NOT_FOUND, EXISTS, DENIED, EXHAUSTED = 1, 2, 3, 5, 6, 7, 8
UNIMPLEMENTED, INTERNAL, UNAVAILABLE, UNAUTHENTICATED = 12, 13, 14, 16

# trouble: (the first release with the later code, the code before, the code from then on)
CODES = {
    "pipeline not found": ("2.2.1", UNKNOWN, NOT_FOUND),
    "pipeline exists": ("2.2.1", UNKNOWN, EXISTS),
    "repo not found": ("2.1.0", UNKNOWN, NOT_FOUND),
    "repo exists": ("2.1.0", UNKNOWN, EXISTS),
    "job not found": ("2.2.1", UNKNOWN, NOT_FOUND),
    "project not found": ("2.5.0", NOT_FOUND, NOT_FOUND),
    "transaction not found": ("2.2.0", UNKNOWN, NOT_FOUND),
    "not authorized": ("2.7.0", UNKNOWN, DENIED),
    "not logged in": ("1.7.0", UNAUTHENTICATED, UNAUTHENTICATED),
    "auth off": ("1.7.0", UNIMPLEMENTED, UNIMPLEMENTED),
}
# until here the transaction service turned every code into UNKNOWN
CODES_PRESERVED_SINCE = "2.1.0"


class Fail(Exception):
    """An RPC that ends with a status other than OK."""

    def __init__(self, code, text, details=None):
        super().__init__(text)
        self.code, self.text, self.details = code, text, details


class Cut(Fail):
    """An RPC whose connection is cut; `for_good` when nobody is let in afterwards."""

    def __init__(self, text, for_good=False):
        super().__init__(UNAVAILABLE, text)
        self.for_good = for_good
