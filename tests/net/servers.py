"""The servers that tests/unit/test_channel.c talks to: real gRPC, and the ways in which it goes wrong.

usage: servers.py DIRECTORY
Makes certificates in DIRECTORY, listens on free loopback ports, prints "name port" for each server
and "ready", then serves until standard input ends.
"""

import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from concurrent import futures

import grpc

MAX = 21 << 20
DIR = sys.argv[1]

# --- certificates -------------------------------------------------------------------------------


def openssl(*args):
    subprocess.run(["openssl", *args], check=True, capture_output=True, cwd=DIR)


def key(name):
    openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", name + ".key")


def signed(name, alt, days):
    """A certificate for `alt`, signed by the test's CA; negative days: it has expired."""
    key(name)
    openssl("req", "-new", "-key", name + ".key", "-subj", "/CN=" + name, "-out", name + ".csr")
    with open(f"{DIR}/{name}.ext", "w") as f:
        f.write("subjectAltName=" + alt)
    openssl("x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-days", str(days), "-extfile", name + ".ext", "-out", name + ".pem")


def certificates():
    key("ca")
    openssl("req", "-x509", "-new", "-key", "ca.key", "-subj", "/CN=test CA", "-days", "2",
            "-out", "ca.pem")
    signed("good", "DNS:localhost,IP:127.0.0.1,DNS:pachd.test", 2)
    signed("elsewhere", "DNS:elsewhere.test", 2)
    signed("expired", "DNS:localhost,IP:127.0.0.1", -1)
    key("self")
    openssl("req", "-x509", "-new", "-key", "self.key", "-subj", "/CN=localhost", "-days", "2",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-out", "self.pem")


# --- gRPC ---------------------------------------------------------------------------------------

cancelled = []


def echo(request, context):
    return request


def meta(request, context):
    lines = sorted(f"{k}={v}" for k, v in context.invocation_metadata())
    left = context.time_remaining()
    lines.append("timeout=" + ("none" if left is None or left > 1e6 else "%.0f" % left))
    return "\n".join(lines).encode()


def fail(request, context):
    """The request is "code message"."""
    code, text = request.decode().split(" ", 1)
    context.abort(next(c for c in grpc.StatusCode if c.value[0] == int(code)), text)


def big(request, context):
    return b"x" * int(request)


def length(request, context):
    return str(len(request)).encode()


def peer(request, context):
    """Who asks: the same text for every call of one connection."""
    return context.peer().encode()


def slow(request, context):
    """The request is "seconds" or "seconds group"."""
    seconds, _, group = request.decode().partition(" ")
    gone = threading.Event()
    context.add_callback(gone.set)
    gone.wait(float(seconds))
    if not context.is_active():
        cancelled.append(group)
    return b"late"


def resets(request, context):
    """How many slow calls of a group ("group count") were cancelled; waits for that many."""
    group, count = request.decode().split()
    for _ in range(2000):
        if cancelled.count(group) >= int(count):
            break
        time.sleep(0.01)
    return str(cancelled.count(group)).encode()


def many(request, context):
    """The request is "count size"."""
    count, size = map(int, request.split())
    for i in range(count):
        yield (b"%d:" % i).ljust(size, b".")


def broken(request, context):
    yield b"first"
    context.abort(grpc.StatusCode.NOT_FOUND, "pipeline not found")


def count(messages, context):
    """How many messages a client stream brings, how many bytes, and the sum of these."""
    lengths = total = number = 0
    for one in messages:
        number, lengths, total = number + 1, lengths + len(one), total + sum(one[:64])
    return f"{number} {lengths} {total}".encode()


def refuse(messages, context):
    """Fails after the first message, whatever else is being sent."""
    context.abort(grpc.StatusCode.NOT_FOUND, "no more of " + next(messages)[:8].decode())


def hurry(messages, context):
    """Is content with the first message."""
    return next(messages)[:8]


def grpc_server(credentials=None, streams=None):
    unary = {f.__name__: grpc.unary_unary_rpc_method_handler(f)
             for f in (echo, meta, fail, big, length, peer, slow, resets)}
    stream = {f.__name__: grpc.unary_stream_rpc_method_handler(f) for f in (many, broken)}
    stream.update({f.__name__: grpc.stream_unary_rpc_method_handler(f)
                   for f in (count, refuse, hurry)})
    options = [("grpc.max_receive_message_length", MAX), ("grpc.max_send_message_length", MAX),
               ("grpc.so_reuseport", 0)]
    if streams:
        options.append(("grpc.max_concurrent_streams", streams))
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=110), options=options)
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("t.T", {**unary, **stream}),))
    port = (server.add_secure_port("127.0.0.1:0", credentials) if credentials
            else server.add_insecure_port("127.0.0.1:0"))
    server.start()
    return server, port


# --- HTTP/2 by hand -----------------------------------------------------------------------------

DATA, HEADERS, RST, SETTINGS, PING, GOAWAY, WINDOW = 0, 1, 3, 4, 6, 7, 8
END_STREAM, END_HEADERS, ACK = 1, 4, 1
REFUSED_STREAM = 7


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def number(n, bits):
    """An HPACK integer with a prefix of `bits` bits (RFC 7541 5.1)."""
    top = (1 << bits) - 1
    if n < top:
        return bytes([n])
    out, n = [top], n - top
    while n >= 128:
        out.append(n % 128 + 128)
        n //= 128
    return bytes(out + [n])


def hpack(fields):
    """Literals without indexing and without Huffman (RFC 7541 6.2.2)."""
    out = b""
    for name, value in fields:
        value = value if isinstance(value, bytes) else value.encode()
        out += b"\0" + number(len(name), 7) + name.encode() + number(len(value), 7) + value
    return out


def head(stream, fields, end=False):
    return frame(HEADERS, END_HEADERS | (END_STREAM if end else 0), stream, hpack(fields))


def grpc_head(stream, *more):
    return head(stream, [(":status", "200"), ("content-type", "application/grpc"), *more])


def trailers(stream, status="0", *more):
    return head(stream, [("grpc-status", status), *more], end=True)


def message(body, flag=0):
    return struct.pack(">BI", flag, len(body)) + body


def data(stream, payload):
    return frame(DATA, 0, stream, payload)


def status_only(status, *more):
    return lambda s: [head(s, [(":status", status), *more], end=True)]


def page(status, kind="text/html"):
    return lambda s: [head(s, [(":status", status), ("content-type", kind)]),
                      data(s, b"<html>no</html>"), frame(DATA, END_STREAM, s)]


def chopped(s):
    """A stream's messages, one byte in each DATA frame."""
    whole = message(b"one") + message(b"") + message(b"three")
    return [grpc_head(s)] + [data(s, bytes([b])) for b in whole] + [trailers(s)]


CUT = object()   # close the connection here
WAIT = object()  # let what was sent so far arrive

ANSWERS = {
    "redirect-tls": status_only("301", ("location", "https://pachd.test/")),
    "redirect": status_only("302", ("location", "/login")),
    "h404": page("404"),
    "h401": page("401"),
    "h403": page("403"),
    "h502": page("502"),
    "h503": status_only("503", ("content-type", "text/plain")),
    "h504": page("504"),
    "h500": page("500"),
    "html": page("200"),
    "untyped": status_only("200"),
    "status-on-503": status_only("503", ("grpc-status", "14"), ("grpc-message", "no%20backend")),
    "trailers-only": status_only("200", ("content-type", "application/grpc"), ("grpc-status", "5"),
                                 ("grpc-message", "caf%C3%A9 %zz 100%25 %FF %")),
    "odd-status": status_only("200", ("content-type", "application/grpc"), ("grpc-status", "abc")),
    "no-status": lambda s: [grpc_head(s), data(s, message(b"x")), frame(DATA, END_STREAM, s)],
    "none": lambda s: [grpc_head(s), trailers(s)],
    "two": lambda s: [grpc_head(s), data(s, message(b"a") + message(b"b")), trailers(s)],
    "half": lambda s: [grpc_head(s), data(s, message(b"abc")[:6]), trailers(s)],
    "chopped": chopped,
    "continue": lambda s: [head(s, [(":status", "100"), ("grpc-status", "13")]), grpc_head(s),
                           data(s, message(b"ok")), trailers(s)],
    "compressed": lambda s: [grpc_head(s), data(s, message(b"a", 1)), trailers(s)],
    "no-frame": lambda s: [grpc_head(s), data(s, b"hello world"), trailers(s)],
    "too-large": lambda s: [grpc_head(s), data(s, b"\0\x01\x40\0\x01abc"), trailers(s)],
    "headers": lambda s: [head(s, [(":status", "103"), ("x", "y" * 16000)])] * 5
    + [grpc_head(s), data(s, message(b"x")), trailers(s)],
    "cut": lambda s: [grpc_head(s), data(s, message(b"abcdef")[:8]), WAIT, CUT],
    "cut-before": lambda s: [WAIT, CUT],
    "reset": lambda s: [WAIT, frame(RST, 0, s, struct.pack(">I", 2))],
    "goaway": lambda s: [WAIT, frame(GOAWAY, 0, 0, struct.pack(">II", 0, 11) + b"too_many_pings"), CUT],
    "garbage": lambda s: [b"\xff" * 64],
    # HTTP/2 lets a server answer before it has the whole request and then reset the stream with
    # NO_ERROR (RFC 9113 8.1). Envoy's own replies and grpc-go's UNIMPLEMENTED come so, in one write.
    "early": lambda s: [WAIT, status_only("200", ("content-type", "application/grpc"),
                                          ("grpc-status", "12"), ("grpc-message", "unknown"))(s)[0]
                        + frame(RST, 0, s, struct.pack(">I", 0))],
    # the whole answer first, then room for the rest of a large request
    "answer-first": lambda s: [grpc_head(s), data(s, message(b"ok")), trailers(s), WAIT,
                               *[frame(WINDOW, 0, n, struct.pack(">I", 1 << 20)) for n in (0, s)]],
    # the same without room: the rest of the request is never taken
    "answer-only": lambda s: [status_only("200", ("content-type", "application/grpc"),
                                          ("grpc-status", "8"), ("grpc-message", "too much"))(s)[0]],
    "h503-only": status_only("503"),
    "silent": lambda s: [],
}


def read(conn, count):
    out = b""
    while len(out) < count:
        part = conn.recv(count - len(out))
        if not part:
            raise EOFError
        out += part
    return out


def answer(conn, stream, actions):
    for action in actions:
        if action is WAIT:
            time.sleep(0.05)
            continue
        if action is CUT:
            conn.shutdown(socket.SHUT_RDWR)
            raise EOFError
        conn.sendall(action)


def serve_h2(conn, make):
    """Answers each request's first frame with what `make` says, and keeps the windows open."""
    read(conn, 24)
    conn.sendall(frame(SETTINGS, 0, 0))
    while True:
        top = read(conn, 9)
        payload = read(conn, struct.unpack(">I", b"\0" + top[:3])[0])
        kind, flags, stream = top[3], top[4], struct.unpack(">I", top[5:])[0]
        if kind == SETTINGS and not flags & ACK:
            conn.sendall(frame(SETTINGS, ACK, 0))
        elif kind == PING and not flags & ACK:
            conn.sendall(frame(PING, ACK, 0, payload))
        elif kind == HEADERS:
            answer(conn, stream, make(stream))


class Once:
    """Good answers for the first `good` streams of each connection, then the connection ends."""

    def __init__(self, good):
        self.good = good

    def __call__(self, conn):
        left = [self.good]

        def make(stream):
            left[0] -= 1
            if left[0] < 0:
                return [CUT]
            return [grpc_head(stream), data(stream, message(b"ok")), trailers(stream)]
        serve_h2(conn, make)


def drain(conn):
    """GOAWAY with the first stream as the last one served, as a proxy that restarts sends it."""
    seen = []

    def make(stream):
        seen.append(stream)
        if len(seen) > 1:
            return []
        return [frame(GOAWAY, 0, 0, struct.pack(">II", stream, 0)), grpc_head(stream),
                data(stream, message(b"ok")), trailers(stream)]
    serve_h2(conn, make)


def polite(conn):
    """Ends each connection a moment after its first answer."""
    def make(stream):
        return [grpc_head(stream), data(stream, message(b"ok")), trailers(stream), WAIT, CUT]
    serve_h2(conn, make)


class FirstFails:
    """Ends its first stream, of whatever connection, with what `bad` says; answers all others well."""

    def __init__(self, bad):
        self.bad, self.lock = [bad], threading.Lock()

    def __call__(self, conn):
        def make(stream):
            with self.lock:
                if self.bad:
                    return self.bad.pop()(stream)
            return [grpc_head(stream), data(stream, message(b"ok")), trailers(stream)]
        serve_h2(conn, make)


def flights(conn):
    """Answers nothing until 0.3 s after the last request came, then says how many had come."""
    read(conn, 24)
    conn.settimeout(0.3)
    streams = []
    try:
        while True:
            top = read(conn, 9)
            read(conn, struct.unpack(">I", b"\0" + top[:3])[0])
            if top[3] == HEADERS:
                streams.append(struct.unpack(">I", top[5:])[0])
    except socket.timeout:
        pass
    conn.settimeout(None)
    conn.sendall(frame(SETTINGS, 0, 0))
    count = len(streams)
    for stream in streams:
        answer(conn, stream, [grpc_head(stream), data(stream, message(b"%d" % count)),
                              trailers(stream)])
    conn.settimeout(20)
    while conn.recv(65536):  # closing on unread bytes would reset what was sent
        pass


# --- what is not HTTP/2 at all ------------------------------------------------------------------


def say(text, wait=True):
    def serve(conn):
        if wait:
            conn.recv(64)
            time.sleep(0.05)
        conn.sendall(text)
        time.sleep(0.2)
    return serve


def http1(conn):
    """One HTTP/1.1 answer on a TLS connection whose ALPN chose http/1.1."""
    conn.recv(4096)
    conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi")
    time.sleep(0.2)


def close(conn):
    conn.recv(64)
    time.sleep(0.05)


def swallow(conn):
    while conn.recv(65536):
        pass


def reset_upload(conn):
    """Takes some of a large request, then ends the connection with a reset (SO_LINGER 0)."""
    conn.recv(100000)
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def tunnel(port):
    """An HTTP proxy whose CONNECT leads to `port` whatever was asked for; 0: it says 403."""
    def pump(source, sink):
        try:
            while part := source.recv(65536):
                sink.sendall(part)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def serve(conn):
        asked = b""
        while not asked.endswith(b"\r\n\r\n"):
            asked += read(conn, 1)
        if not port or b"token" in asked:
            conn.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        conn.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with socket.create_connection(("127.0.0.1", port)) as there:
            threading.Thread(target=pump, args=(there, conn), daemon=True).start()
            pump(conn, there)
    return serve


def tls_context(name, alpn):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{DIR}/{name}.pem", f"{DIR}/{name}.key")
    if alpn:
        context.set_alpn_protocols(alpn)
    return context


def one(conn, serve, context):
    try:
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context:
            conn = context.wrap_socket(conn, server_side=True)
        serve(conn)
    except (OSError, EOFError):
        pass
    finally:
        conn.close()


def listen(serve, context=None):
    sock = socket.create_server(("127.0.0.1", 0), backlog=64)

    def loop():
        while True:
            conn, _ = sock.accept()
            threading.Thread(target=one, args=(conn, serve, context), daemon=True).start()
    threading.Thread(target=loop, daemon=True).start()
    return sock.getsockname()[1]


def main():
    certificates()
    pem = [open(f"{DIR}/good.{end}", "rb").read() for end in ("key", "pem")]
    plain, plain_port = grpc_server()
    few, few_port = grpc_server(streams=10)
    tls, tls_port = grpc_server(grpc.ssl_server_credentials([tuple(pem)]))
    h2 = tls_context("good", ["h2"])
    full = socket.create_server(("127.0.0.1", 0), backlog=0)  # accepts nobody
    fill = [socket.socket() for _ in range(4)]
    for s in fill:
        s.setblocking(False)
        s.connect_ex(full.getsockname())
    ports = {"plain": plain_port, "few": few_port, "tls": tls_port, "full": full.getsockname()[1]}
    for name, make in ANSWERS.items():
        ports[name] = listen(lambda conn, make=make: serve_h2(conn, make))
    ports["flights"] = listen(flights)
    ports["flights-tls"] = listen(flights, h2)
    ports["once"] = listen(Once(1))
    ports["polite"] = listen(polite)
    ports["drain"] = listen(drain)
    ports["first-refused"] = listen(FirstFails(lambda s: [frame(RST, 0, s, struct.pack(">I", 7))]))
    ports["second-refused"] = listen(FirstFails(lambda s: [frame(RST, 0, s, struct.pack(">I", 7))]))
    ports["first-cut"] = listen(FirstFails(lambda s: [WAIT, CUT]))
    ports["first-503"] = listen(FirstFails(ANSWERS["h503"]))
    ports["first-14"] = listen(FirstFails(lambda s: [head(
        s, [(":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "14")], end=True)]))
    ports["http1"] = listen(say(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"))
    ports["http1-first"] = listen(say(b"HTTP/1.1 400 Bad Request\r\n\r\n", wait=False))
    ports["ssh"] = listen(say(b"SSH-2.0-OpenSSH_9.2\r\n"))
    ports["close"] = listen(close)
    ports["alert"] = listen(say(b"\x15\x03\x01\x00\x02\x02\x46"))
    ports["tls-http1"] = listen(http1, tls_context("good", ["http/1.1"]))
    ports["tls-no-alpn"] = listen(http1, tls_context("good", None))
    ports["tls-expired"] = listen(swallow, tls_context("expired", ["h2"]))
    ports["tls-self"] = listen(swallow, tls_context("self", ["h2"]))
    ports["tls-elsewhere"] = listen(swallow, tls_context("elsewhere", ["h2"]))
    ports["tls-reset"] = listen(reset_upload, h2)
    ports["proxy"] = listen(tunnel(tls_port))
    ports["proxy-403"] = listen(tunnel(0))
    nobody = socket.socket()  # bound for as long as the tests run, so that no other program listens there meanwhile
    nobody.bind(("127.0.0.1", 0))
    ports["nobody"] = nobody.getsockname()[1]
    for name, port in ports.items():
        print(name, port)
    print("ready", 0, flush=True)
    sys.stdin.read()


main()
