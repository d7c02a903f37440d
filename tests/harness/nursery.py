"""Stand-ins that start fast: a process that has loaded all modules forks one for each case."""

import json
import os
import signal
import socket
import subprocess
from pathlib import Path

PACHD = Path(__file__).resolve().parent.parent / "fake/pachd.py"


class Child:
    """A forked stand-in, with the part of subprocess.Popen that the harness uses."""

    def __init__(self, connection, pid, stdin, stdout):
        self.connection, self.pid = connection, pid
        self.stdin, self.stdout = stdin, stdout

    def wait(self, timeout=None):
        self.connection.settimeout(timeout)
        try:
            self.connection.recv(1)  # ends with the child, which holds the other end
        except socket.timeout:
            raise subprocess.TimeoutExpired("pachd.py", timeout) from None
        self.connection.close()
        self.stdout.close()

    def kill(self):
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


class Nursery:
    """Ends, with all its stand-ins' parent, when this process ends."""

    def __init__(self, python, where):
        self.path = str(where / "nursery")
        self.process = subprocess.Popen(
            [python, str(PACHD), "--nursery", self.path], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, "GRPC_VERBOSITY": "NONE"},  # a refused handshake is not a failure
        )
        if self.process.stdout.readline() != b"ready\n":
            raise RuntimeError("the stand-ins' nursery did not start")

    def start(self, arguments, stderr):
        """A Child with the arguments; its stdin and stdout are text pipes."""
        in_child, in_ours = os.pipe()
        out_ours, out_child = os.pipe()
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(self.path)
        socket.send_fds(
            connection, [json.dumps(arguments).encode()], [in_child, out_child, stderr.fileno()]
        )
        os.close(in_child)
        os.close(out_child)
        pid = int(connection.recv(32))
        return Child(connection, pid, os.fdopen(in_ours, "w"), os.fdopen(out_ours))

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
