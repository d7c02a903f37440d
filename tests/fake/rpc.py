"""The table of methods, and one call as its handler sees it."""

import time
from dataclasses import dataclass, field

from versions import CANCELLED, Fail, Version

METHODS = {}  # "pps.API/CreatePipeline" -> [Method]; one name may differ between releases


@dataclass(frozen=True)
class Method:
    request: type
    handle: object
    first: str
    last: str
    waits: bool  # takes the lock itself
    streams: bool = False  # its request is a stream of messages, which it takes itself

    def exists(self, version):
        return version.since(self.first) and version.until(self.last)

    def meets(self, other):
        """Whether a release has both."""
        return self.exists(Version(other.first)) or other.exists(Version(self.first))


@dataclass
class Call:
    """One RPC as its handler sees it."""

    server: object
    context: object
    metadata: dict
    caller: dict = field(default_factory=dict)
    raw: bytes = b""
    entry: dict = field(default_factory=dict)  # its line of the call log

    @property
    def transaction(self):
        return self.metadata.get("pach-transaction", [""])[-1]

    def wait_until(self, ready):
        """Polls `ready` until it holds or the caller is gone."""
        while True:
            with self.server.lock:
                if ready():
                    return
            if not self.context.is_active():
                raise Fail(CANCELLED, "context canceled")
            time.sleep(0.02)


def rpc(path, request, first="1.7.0", last="9.0.0", waits=False, streams=False):
    """Registers a handler(call, request or requests) -> message, list or generator of messages."""

    def add(handle):
        method = Method(request, handle, first, last, waits, streams)
        others = METHODS.setdefault(path, [])
        if any(method.meets(other) for other in others):
            raise ValueError(f"two handlers of {path} for the same release")
        others.append(method)
        return handle

    return add
