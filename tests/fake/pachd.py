#!/usr/bin/env python3
"""A stand-in for pachd on loopback, of any release from 1.7.4 to 2.11.6.

Usage: pachd.py --config FILE [--port N] [--port-file FILE] [--calls FILE] [--state FILE]
                [--seed-repo NAME]... [--stdin-guard]
       pachd.py --nursery SOCKET

Writes its port to stdout (and FILE) once it listens, each call as a JSON line to --calls, and what
it holds to --state: at SIGUSR1, and when it ends (SIGTERM, SIGINT, or the end of stdin with
--stdin-guard). With --stdin-guard a line on stdin sets a mark into the call log, answered by
"marked". The configuration is described in README.md.

With --nursery it loads its modules once, listens on the Unix socket SOCKET, and forks a stand-in for
each connection: the first message holds the arguments as a JSON list and three file descriptors,
which become the stand-in's standard streams; the answer is its process number. The connection ends
with the stand-in, and all stand-ins end with stdin.
"""

import argparse
import json
import os
import signal
import socket
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
try:
    import grpc  # noqa: F401
except ImportError:
    sys.exit("pachd.py: no module grpc: run with a python that has Debian's python3-grpcio and"
             " python3-protobuf, such as /usr/bin/python3")


def options(arguments):
    parser = argparse.ArgumentParser(description="a stand-in for pachd on loopback")
    parser.add_argument("--config", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--port-file")
    parser.add_argument("--calls")
    parser.add_argument("--state")
    parser.add_argument("--seed-repo", action="append", default=[])
    parser.add_argument("--stdin-guard", action="store_true")
    return parser.parse_args(arguments)


def write_whole(path, text):
    """So that a reader never sees half of it."""
    with open(path + ".new", "w", encoding="utf-8") as out:
        out.write(text)
    os.rename(path + ".new", path)


def obey(pachd, ended):
    """Marks the call log at each line of stdin; its end ends the program."""
    for _ in sys.stdin:
        pachd.mark()
        print("marked", flush=True)
    ended.set()


def run(arguments):
    from server import Pachd

    given = options(arguments)
    with open(given.config, encoding="utf-8") as source:
        config = json.load(source)
    config.setdefault("repos", []).extend(given.seed_repo)
    calls = open(given.calls, "a", encoding="utf-8") if given.calls else None
    pachd = Pachd(config, calls)
    ended = threading.Event()

    def save(*_):
        if given.state:
            write_whole(given.state, json.dumps(pachd.dump(), indent=1) + "\n")

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    signal.signal(signal.SIGUSR1, save)
    port = pachd.start(given.port)
    if given.port_file:
        write_whole(given.port_file, f"{port}\n")
    print(port, flush=True)
    if given.stdin_guard:
        threading.Thread(target=obey, args=(pachd, ended), daemon=True).start()
    while not ended.wait(0.5):  # in slices, so that signals are seen
        pass
    pachd.stop()
    save()
    sys.stdout.flush()
    os._exit(0)  # a stalled call may still hold a thread


def become(arguments, streams):
    """The forked child: its standard streams are those of whoever asked for it."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin = open(0, encoding="utf-8", closefd=False)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)
    try:
        run(arguments)
    except SystemExit as end:
        print(end, file=sys.stderr)
    except BaseException:
        import traceback
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(1)


def nurse(path):
    """Forks stand-ins until stdin ends. Nothing of gRPC may run before a fork."""
    import server  # noqa: F401: what takes the time

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(64)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    print("ready", flush=True)
    while True:
        connection, _ = listener.accept()
        text, streams, _, _ = socket.recv_fds(connection, 65536, 3)
        child = os.fork()
        if child == 0:
            listener.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            become(json.loads(text), streams)
        connection.sendall(str(child).encode())
        connection.close()
        for stream in streams:
            os.close(stream)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--nursery"]:
        nurse(sys.argv[2])
    else:
        run(sys.argv[1:])
