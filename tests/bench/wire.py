"""Between the client and the stand-in, on loopback: a wire that delays each way, and an end of TLS behind
it that reads the HTTP/2 frames and counts dependent flights.

A flight ends where the client cannot go on without an answer. Over a wire that takes 25 ms each way it is
certain what an answer cannot have caused: a request that arrives less than 50 ms after the answer left.
So a request's flight is one more than the highest flight of which the client can have had an answer, unless
it only waited for a free stream; the TLS 1.3 handshake is one more. In doubt that counts too many, not too few.
"""

import asyncio
import collections
import socket
import ssl
import threading

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, END_STREAM = 0, 1, 3, 1
FULL = 90  # of the 100 streams that the stand-in allows; some have ended that still look open, or the reverse
BURST_S = 0.01  # requests closer than this were written together


class Frames:
    """Cuts one direction's bytes into (type, flags, stream)."""

    def __init__(self, preface=b""):
        self.rest, self.preface = b"", preface

    def feed(self, data):
        self.rest += data
        if self.preface and self.rest.startswith(self.preface):
            self.rest, self.preface = self.rest[len(self.preface):], b""
        while len(self.rest) >= 9:
            size = int.from_bytes(self.rest[:3], "big")
            if len(self.rest) < 9 + size:
                return
            yield self.rest[3], self.rest[4], int.from_bytes(self.rest[5:9], "big") & 0x7FFFFFFF
            self.rest = self.rest[9 + size:]


class Count:
    """The flights of one connection, as seen at the server's end of the wire. Times are in seconds."""

    def __init__(self, round_trip_s):
        self.round_trip = 0.98 * round_trip_s  # a timer may be early
        self.flight = {}  # by stream, in the order sent
        self.open = set()  # as the client can know it
        self.answers = collections.deque()  # on the way to the client: (time, stream, is the last)
        self.heard = 0  # the highest flight that the client has had an answer to
        self.last_s, self.is_queue = 0.0, False  # requests wait at the client for a stream
        self.up, self.down = Frames(PREFACE), Frames()

    @property
    def flights(self):
        return max(self.flight.values(), default=0)

    def sent(self, data, now):
        for kind, _, stream in self.up.feed(data):
            if kind == HEADERS and stream not in self.flight:
                self._request(stream, now)
            elif kind == RST_STREAM:
                self.open.discard(stream)

    def received(self, data, now):
        for kind, flags, stream in self.down.feed(data):
            if stream and kind in (DATA, HEADERS, RST_STREAM):
                last = kind == RST_STREAM or bool(flags & END_STREAM)
                self.answers.append((now, stream, last))

    def _request(self, stream, now):
        was_full, is_burst = len(self.open) >= FULL, now - self.last_s < BURST_S
        while self.answers and self.answers[0][0] <= now - self.round_trip:
            _, answered, last = self.answers.popleft()
            self.heard = max(self.heard, self.flight.get(answered, 0))
            if last:
                self.open.discard(answered)
        # one that waits goes out with the first answer that frees a stream, not after the last
        self.is_queue = bool(self.open) and (was_full or (self.is_queue and is_burst))
        self.flight[stream] = self.flights if self.is_queue else self.heard + 1
        self.open.add(stream)
        self.last_s = now


class Wire:
    """Listens at `port`; `target` is the stand-in's, in plaintext. See `connections`, `flights`, `tls`."""

    def __init__(self, target, delay_s, cert, key):
        self.target, self.delay = target, delay_s
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(cert, key)
        self.context.set_alpn_protocols(["h2"])
        self.counts, self.tls = [], set()
        self.loop, started = asyncio.new_event_loop(), threading.Event()
        threading.Thread(target=self._run, args=(started,), daemon=True).start()
        started.wait()

    @property
    def connections(self):
        return len(self.counts)

    @property
    def flights(self):
        """Of all connections, as if one came after the other, each with its handshake."""
        return sum(self.handshake + count.flights for count in self.counts)

    @property
    def handshake(self):
        """Flights of a handshake: TLS 1.2 takes two."""
        return 1 if self.tls == {"TLSv1.3"} else 2

    def _run(self, started):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._listen())
        started.set()
        self.loop.run_forever()

    async def _listen(self):
        end = await asyncio.start_server(self._end, "127.0.0.1", 0, ssl=self.context)
        self.end_port = end.sockets[0].getsockname()[1]
        front = await asyncio.start_server(self._front, "127.0.0.1", 0)
        self.port = front.sockets[0].getsockname()[1]
        self.servers = [end, front]

    async def _front(self, reader, writer):
        """The delay, on raw bytes."""
        other_reader, other_writer = await asyncio.open_connection("127.0.0.1", self.end_port)
        for one in (writer, other_writer):
            one.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.gather(self._late(reader, other_writer), self._late(other_reader, writer))

    async def _late(self, reader, writer):
        queue = asyncio.Queue()

        async def write():
            while True:
                at, data = await queue.get()
                await asyncio.sleep(max(0.0, at - self.loop.time()))
                writer.write(data)
                if not data:
                    writer.close()
                    return

        task = asyncio.ensure_future(write())
        data = b"x"
        while data:
            try:
                data = await reader.read(262144)
            except OSError:
                data = b""
            queue.put_nowait((self.loop.time() + self.delay, data))
        await task

    async def _end(self, reader, writer):
        """TLS ends here; what goes through is counted."""
        count = Count(2 * self.delay)
        self.counts.append(count)
        self.tls.add(writer.get_extra_info("ssl_object").version())
        other_reader, other_writer = await asyncio.open_connection("127.0.0.1", self.target)
        await asyncio.gather(self._pass(reader, other_writer, count.sent),
                             self._pass(other_reader, writer, count.received))

    async def _pass(self, reader, writer, note):
        data = b"x"
        while data:
            try:
                data = await reader.read(262144)
                note(data, self.loop.time())
                writer.write(data)
                await writer.drain()
            except OSError:
                data = b""
        writer.close()

    def close(self):
        """The loop goes on as a daemon's thread does; what was still open ends with the process."""
        for one in self.servers:
            self.loop.call_soon_threadsafe(one.close)
