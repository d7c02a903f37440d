"""A server that never stops to send HTTP/2 frames which no client has a use for."""

import struct
import threading
import time


def _frame(kind, flags, stream, payload=b""):
    head = struct.pack(">I", len(payload))[1:] + bytes((kind, flags))
    return head + struct.pack(">I", stream) + payload


SETTINGS = _frame(4, 0, 0)
# ":status: 200" and "content-type: application/grpc", without a table
ANSWER = _frame(1, 4, 1, b"\x88\x00\x0ccontent-type\x10application/grpc")

KINDS = {
    "empty-data": (ANSWER, _frame(0, 0, 1)),
    "padding": (ANSWER, _frame(0, 8, 1, b"\x00")),
    "unknown": (b"", _frame(0x42, 0, 0, b"x" * 8)),
    "priority": (b"", _frame(2, 0, 1, b"\0\0\0\0\x0f")),
    "window-update": (b"", _frame(8, 0, 1, b"\0\0\0\1")),
}


def flood(client, config):
    """Answers `client` with frames of one kind for at most `seconds` (40); after half a second the signals
    of the configuration are sent, each a tenth of a second after the one before."""
    first, _ = KINDS[config["frames"]]
    with client:
        try:
            client.recv(65536)
            client.sendall(SETTINGS + first)
            flood_on(client, config)
        except OSError:
            pass


def flood_on(client, config):
    """The same on a connection where calls are under way: only frames that belong to none of them."""
    _, frames = KINDS[config["frames"]]
    many = frames * ((1 << 20) // len(frames))  # in one piece: the sender must not be the slower one
    end = time.monotonic() + config.get("seconds", 40)
    if config.get("signals"):
        threading.Thread(target=_signals, args=(config["signals"],), daemon=True).start()
    try:
        while time.monotonic() < end:
            client.sendall(many)
    except OSError:
        pass


def _signals(names):
    time.sleep(0.5)
    for name in names:
        print("signal", name, flush=True)
        time.sleep(0.1)
