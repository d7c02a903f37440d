"""A TCP proxy on loopback in front of the server: cuts, delays and splits what passes."""

import contextlib
import socket
import threading
import time

from flood import flood, flood_on


class Proxy:
    """Listens on `port` (0: any) and forwards to `target` on 127.0.0.1."""

    def __init__(self, port, target, delay_ms=0, split=0, raw=None, floods=None):
        self.target, self.delay, self.split, self.raw = target, delay_ms / 1000, split, raw
        self.floods = floods
        self.pairs, self.lock, self.closed = [], threading.Lock(), False
        self.answering, self.flooding = {}, False  # the lock of what is sent to a client; nothing more is
        self.listener = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while not self.closed:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.floods:
                threading.Thread(target=flood, args=(client, self.floods), daemon=True).start()
                continue
            if self.raw is not None:
                threading.Thread(target=self._answer, args=(client,), daemon=True).start()
                continue
            server = socket.create_connection(("127.0.0.1", self.target))
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self.lock:
                self.pairs.append((client, server))
                self.answering[client] = threading.Lock()
            threading.Thread(target=self._forward, args=(client, server), daemon=True).start()

    def _answer(self, client):
        """Something that is not a gRPC server at all: fixed bytes for whatever is sent."""
        with client:
            try:
                client.recv(65536)
                client.sendall(self.raw)
                client.settimeout(5)
                while client.recv(65536):  # closing on unread bytes would reset what was sent
                    pass
            except OSError:
                pass

    def _forward(self, client, server):
        with client, server:
            back = threading.Thread(target=self._pump, args=(server, client), daemon=True)
            back.start()
            self._pump(client, server)
            back.join()

    def _pump(self, source, sink):
        try:
            while data := source.recv(65536):
                if self.delay:
                    time.sleep(self.delay)
                self._send(sink, data)
        except OSError:
            pass
        for one in (source, sink):
            _end(one)

    def _send(self, sink, data):
        step = self.split or max(len(data), 1)
        with self.answering.get(sink, contextlib.nullcontext()):
            if self.flooding and sink in self.answering:
                return
            for at in range(0, len(data), step):
                sink.sendall(data[at : at + step])

    def flood(self, config):
        """From now on nobody gets an answer; who is connected gets frames that say nothing, as fast as he takes them."""
        with self.lock:
            clients, self.flooding = [client for client, _ in self.pairs], True
        for number, client in enumerate(clients):
            one = config if number == 0 else {**config, "signals": None}
            with self.answering[client]:  # behind a whole answer
                threading.Thread(target=flood_on, args=(client, one), daemon=True).start()

    def cut(self):
        """Ends every connection at once; later ones are let in again."""
        with self.lock:
            pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for one in pair:
                _end(one)

    def refuse(self):
        """From now on nobody is let in."""
        self.closed = True
        _end(self.listener)  # wakes the accepting thread, which close() alone does not
        self.listener.close()
        self.cut()


def _end(one):
    try:
        one.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
