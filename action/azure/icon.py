#!/usr/bin/env python3
"""Draws pachup's icon: three pipelines, one of which feeds the other two, and an arrow that lifts them.

usage: icon.py SIZE FILE.png
"""

import struct
import sys
import zlib

BACK, LINE, NODE, LIFT = (0x5B, 0x3F, 0x9E), (0xCB, 0xBD, 0xF0), (0xFF, 0xFF, 0xFF), (0x7B, 0xE0, 0xA4)
SAMPLES = 4  # per pixel and direction


def near_segment(x, y, a, b, width):
    """Whether the point lies on the segment from a to b, drawn `width` wide with round ends."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    share = max(0.0, min(1.0, ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy)))
    return (x - a[0] - share * dx) ** 2 + (y - a[1] - share * dy) ** 2 <= (width / 2) ** 2


def in_square(x, y):
    """A square of side 1 with round corners."""
    corner = 0.18
    dx, dy = max(abs(x - 0.5) - 0.5 + corner, 0), max(abs(y - 0.5) - 0.5 + corner, 0)
    return dx * dx + dy * dy <= corner * corner


def color_at(x, y):
    """(red, green, blue), or None outside of the icon."""
    if not in_square(x, y):
        return None
    first, upper, lower = (0.24, 0.50), (0.52, 0.28), (0.52, 0.72)
    arrow = ((0.78, 0.76), (0.78, 0.27)), ((0.78, 0.25), (0.66, 0.38)), ((0.78, 0.25), (0.90, 0.38))
    if any(near_segment(x, y, a, b, 0.085) for a, b in arrow):
        return LIFT
    if any((x - cx) ** 2 + (y - cy) ** 2 <= 0.11**2 for cx, cy in (first, upper, lower)):
        return NODE
    if any(near_segment(x, y, first, end, 0.06) for end in (upper, lower)):
        return LINE
    return BACK


def pixel(column, row, size):
    """The mean of the samples, as red, green, blue, alpha."""
    total, seen = [0, 0, 0], 0
    for i in range(SAMPLES * SAMPLES):
        x = (column + (i % SAMPLES + 0.5) / SAMPLES) / size
        y = (row + (i // SAMPLES + 0.5) / SAMPLES) / size
        color = color_at(x, y)
        if color:
            total = [have + one for have, one in zip(total, color)]
            seen += 1
    mean = [one // seen if seen else 0 for one in total]
    return bytes(mean + [255 * seen // (SAMPLES * SAMPLES)])


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(size):
    rows = b"".join(
        b"\0" + b"".join(pixel(column, row, size) for column in range(size)) for row in range(size)
    )
    header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9))
            + chunk(b"IEND", b""))


if __name__ == "__main__":
    with open(sys.argv[2], "wb") as out:
        out.write(png(int(sys.argv[1])))
