"""A TCP proxy that does to bytes what networks do: cuts, delays, splits, coalesces and reorders them."""

import socket
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "fake"))

from proxy import Proxy  # noqa: E402


class Wire(Proxy):
    """In front of the port `target`. `cut_up`, `cut_down`: the connection that carries that many bytes of
    its direction, counted over all connections, ends there, once. `split`: so many bytes at a time.
    `hold_ms`: bytes are held back that long and then go in one piece. `swap_up`, `swap_down`: the byte of
    that number changes places with the nearest that differs from it, of those that came along, once. counts: [up, down]."""

    def __init__(self, target, cut_up=None, cut_down=None, split=0, hold_ms=0, swap_up=None,
                 swap_down=None):
        self.swaps = [swap_up, swap_down]
        self.limits, self.counts, self.hold = [cut_up, cut_down], [0, 0], hold_ms / 1000
        self.count_lock = threading.Lock()
        super().__init__(0, target, split=split)

    def _pump(self, source, sink):
        way = 0 if self._is_client(source) else 1
        try:
            while data := source.recv(65536):
                data += self._more(source)
                data = self._swapped(way, data)
                data, last = self._within(way, data)
                self._send(sink, data)
                if last:
                    break
        except OSError:
            pass
        for one in (source, sink):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def _is_client(self, one):
        with self.lock:
            return any(client is one for client, _ in self.pairs)

    def _more(self, source):
        """What comes within the holding time."""
        if not self.hold:
            return b""
        time.sleep(self.hold)
        try:
            return source.recv(1 << 20, socket.MSG_DONTWAIT)
        except OSError:
            return b""

    def _swapped(self, way, data):
        """The same bytes, two of them in the other order when it is their turn."""
        with self.count_lock:
            at = -1 if self.swaps[way] is None else self.swaps[way] - 1 - self.counts[way]
            if not 0 <= at < len(data):
                return data
            self.swaps[way] = None
        out = bytearray(data)
        for other in [*range(at + 1, len(data)), *range(at - 1, -1, -1)]:
            if out[other] != out[at]:
                out[at], out[other] = out[other], out[at]
                break
        return bytes(out)

    def _within(self, way, data):
        """The part of `data` that may pass, and whether the connection ends with it."""
        with self.count_lock:
            limit = self.limits[way]
            left = None if limit is None else limit - self.counts[way]
            last = left is not None and left <= len(data)
            if last:
                data, self.limits[way] = data[:left], None
            self.counts[way] += len(data)
        return data, last
