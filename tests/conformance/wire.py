"""A TCP proxy in front of a server anywhere, whose connections can be cut."""

import contextlib
import socket
import threading


class Wire:
    """Listens on loopback. After `up` bytes towards the server, or `down` bytes back, all connections end,
    once; counts: [up, down]."""

    def __init__(self, host, port, up=None, down=None):
        self.target, self.limits, self.counts = (host, port), [up, down], [0, 0]
        self.lock, self.open, self.closed = threading.Lock(), set(), False
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closed = True
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.cut()

    def _accept(self):
        while not self.closed:
            try:
                client, _ = self.listener.accept()
                server = socket.create_connection(self.target, timeout=30)
            except OSError:
                continue
            server.settimeout(None)
            with self.lock:
                self.open |= {client, server}
            for way, pair in enumerate(((client, server), (server, client))):
                threading.Thread(target=self._pump, args=(way, *pair), daemon=True).start()

    def _pump(self, way, source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                with self.lock:
                    left = None if self.limits[way] is None else self.limits[way] - self.counts[way]
                    last = left is not None and left <= len(data)
                    if last:
                        data, self.limits[way] = data[:left], None
                    self.counts[way] += len(data)
                sink.sendall(data)
                if last:
                    self.cut()
        for one in (source, sink):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def cut(self):
        """Ends every connection; later ones are let in."""
        with self.lock:
            pairs, self.open = self.open, set()
        for one in pairs:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
