"""The HTTP servers that tests/unit/test_rest.c talks to.

usage: rest.py DIRECTORY
Makes certificates in DIRECTORY, listens on free loopback ports, prints "name port" for each server
and "ready", then serves until standard input ends. Paths say what happens; /seen says what came.
"""

import http.server
import json
import ssl
import subprocess
import sys
import threading
import time

DIR = sys.argv[1]
seen = []
times = {}


def openssl(*args):
    subprocess.run(["openssl", *args], check=True, capture_output=True, cwd=DIR)


def certificates():
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *curve, "-keyout", "ca.key", "-subj", "/CN=test CA", "-days", "2", "-out", "ca.pem")
    for name, alt in (("good", "DNS:localhost,IP:127.0.0.1"), ("elsewhere", "DNS:elsewhere.test")):
        openssl("req", "-new", *curve, "-keyout", name + ".key", "-subj", "/CN=" + name, "-out", name + ".csr")
        with open(f"{DIR}/{name}.ext", "w") as f:
            f.write("subjectAltName=" + alt)
        openssl("x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                "-CAcreateserial", "-days", "2", "-extfile", name + ".ext", "-out", name + ".pem")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_any(self):
        path = self.path.split("?")[0]
        if path == "/early":  # the body is not even looked at
            self.answer(413, b"too much", Connection="close")
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        seen.append(f"{self.command} {self.path}")
        times[self.path] = times.get(self.path, 0) + 1
        self.work(path, body, times[self.path])

    def work(self, path, body, time_no):
        here = f"https://127.0.0.1:{self.server.server_port}"
        if path == "/seen":
            self.answer(200, "\n".join(seen).encode())
        elif path == "/redirect":
            self.answer(302, Location="https://elsewhere.test/x?sig=s3cret")
        elif path in ("/exact", "/big", "/huge"):
            self.answer(200, b"x" * {"/exact": 1 << 20, "/big": (1 << 20) + 1, "/huge": (2 << 20) + 1}[path])
        elif path == "/limit-once" and time_no == 1:
            self.answer(429, Retry_After=1)
        elif path == "/limit-403-once" and time_no == 1:
            self.answer(403, X_RateLimit_Remaining=0, X_RateLimit_Reset=int(time.time()) + 1)
        elif path == "/limit-far":
            self.answer(403, b"{}", X_RateLimit_Remaining=0, X_RateLimit_Reset=int(time.time()) + 3600)
        elif path == "/forbidden":
            self.answer(403, b"{}", X_RateLimit_Remaining=10, X_GitHub_Request_Id="ABCD:1\x1b[1m")
        elif path == "/503-once" and time_no == 1:
            self.answer(503, Retry_After="Thu, 01 Jan 1970 00:00:00 GMT")
        elif path == "/cut-once" and time_no == 1:
            self.close_connection = True
        elif path == "/half-once" and time_no == 1:
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"half")
            self.close_connection = True
        elif path == "/page":
            self.answer(200, b"one", Link=f'<{here}/page2?x=1>; rel="next", <{here}/page9>; rel="last"')
        elif path == "/page-elsewhere":
            self.answer(200, b"one", Link='<https://elsewhere.test/page2>; rel="next"')
        elif path == "/slow":
            time.sleep(60)
        elif path == "/headers":
            for i in range(2000):
                self.send_header(f"X-Much-{i}", "y" * 60) if i else self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            reported = {"method": self.command, "path": self.path, "body": body.decode(),
                    **{name.lower(): value for name, value in self.headers.items()}}
            self.answer(200, json.dumps(reported).encode())

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = handle_any


def listen(certificate):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{DIR}/{certificate}.pem", f"{DIR}/{certificate}.key")
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port


def main():
    certificates()
    print("tls", listen("good"))
    print("elsewhere", listen("elsewhere"))
    print("plain", listen(None))
    print("ready", 0, flush=True)
    sys.stdin.read()


main()
