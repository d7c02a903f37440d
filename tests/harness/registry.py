"""A registry of images (OCI distribution 1.1) over TLS, with the token flows of real ones.

The configuration (file `registry` of a case):
  images    {"team/edges": {"1.3": {…}}}: what a tag is: {"config": any word, which makes another digest, "type": the media
            type, "digest": what the registry says instead of the true one (null: nothing), "body": other bytes}
  flow      "none", "basic", "docker-hub", "ghcr", "acr", "gitlab": who is asked for what
  login     "NAME:PASSWORD" that may see everything; absent: everybody may
  identity  an identity token that may (acr)
  realm     the address for tokens instead of this server's own
  moves     {"team/edges": {"1.3": {"after": N, …}}}: what a tag is once it was asked for N times
  missing_is_denied  whether what is not there looks as what may not be seen
  open      whether the first question, to /v2/, is answered without a login (registries with anonymous users)
  gap       whether the first page of tags is empty, and not the last
  page      how many tags a page has
  next      the header Link of a page that is not the last, with {last} for its last tag
  faults    [{"path": a part of it, "call": k (absent: each), "status", "headers"}]; status null closes the connection
  plain     true: plain HTTP
"""

import base64
import hashlib
import http.server
import json
import ssl
import threading
from urllib.parse import parse_qs, urlsplit

INDEX = "application/vnd.oci.image.index.v1+json"
FLOWS = {  # how a realm is named, its path, its service, the member of its answer
    "docker-hub": ("/token", "registry.docker.io", ("token", "access_token")),
    "ghcr": ("/token", "ghcr.io", ("token",)),
    "acr": ("/oauth2/token", "team.azurecr.io", ("access_token",)),
    "gitlab": ("/jwt/auth", "container_registry", ("token",)),
}


class Registry:
    def __init__(self, config, tools):
        self.config, self.log, self.seen = config, [], {}
        self.lock, self.flow = threading.Lock(), config.get("flow", "none")
        handler = type("Handler", (_Handler,), {"registry": self})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.scheme = "http" if config.get("plain") else "https"
        if not config.get("plain"):
            files = tools.certificates()
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(files["cert"], files["key"])
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True,
                                                     do_handshake_on_connect=False)
        self.server.handle_error = lambda *_: None
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"127.0.0.1:{self.server.server_port}"

    def stop(self):
        """What came, sorted: requests are sent at the same time."""
        self.server.shutdown()
        self.server.server_close()
        return "".join(line + "\n" for line in sorted(self.log))

    def answer(self, method, path, headers, body):
        """(status, bytes, headers)"""
        rules = [rule for rule in self.config.get("faults", []) if rule["path"] in path]
        counts = [self.seen.get(id(rule), 0) + 1 for rule in rules]
        for rule, count in zip(rules, counts):
            self.seen[id(rule)] = count
        for rule, count in zip(rules, counts):
            if rule.get("call", count) == count:
                return rule["status"], b"", rule.get("headers", {})
        url = urlsplit(path)
        if self.flow in FLOWS and url.path == FLOWS[self.flow][0]:
            return self._token(method, parse_qs(url.query), headers, body)
        login = headers.get("Authorization", "")
        if url.path == "/v2/":
            return self._ping(login)
        name, _, rest = url.path.removeprefix("/v2/").partition(
            "/manifests/" if "/manifests/" in url.path else "/tags/")
        refusal = self._refusal(login, name)
        if refusal:
            return refusal
        if rest == "list":
            return self._tags(name, parse_qs(url.query))
        return self._manifest(name, rest, headers)

    # -- who may what ----------------------------------------------------------------------------

    def _is_user(self, login):
        kind, _, text = login.partition(" ")
        return kind == "Basic" and base64.b64decode(text).decode() == self.config.get("login")

    def _challenge(self, name=None):
        if self.flow == "basic":
            return {"WWW-Authenticate": 'Basic realm="Registry"'}
        path, service, _ = FLOWS[self.flow]
        realm = self.config.get("realm", f"{self.scheme}://{self.address}{path}")
        scope = f',scope="repository:{name}:pull"' if name else ""
        if self.flow == "ghcr" and not name:
            scope = ',scope="repository:user/image:pull"'
        return {"WWW-Authenticate": f'Bearer realm="{realm}",service="{service}"{scope}'}

    def _ping(self, login):
        if self.flow == "none" or self.config.get("open") or (self.flow == "basic" and self._is_user(login)):
            return 200, b"{}", {}
        return 401, b"{}", self._challenge()

    def _token(self, method, query, headers, body):
        _, service, members = FLOWS[self.flow]
        if method == "POST":
            query = parse_qs(body.decode())
            if headers.get("Content-Type") != "application/x-www-form-urlencoded":
                return 415, b"", {}
            may = query["grant_type"] == ["refresh_token"] and query["refresh_token"] == [self.config["identity"]]
        else:
            login = headers.get("Authorization", "")
            may = self._is_user(login) or "login" not in self.config
            if not may and (self.flow in ("acr", "gitlab") or login):
                return (403 if self.flow == "gitlab" else 401), b'{"errors": []}', {}
        if query.get("service") != [service]:
            return 400, b"", {}
        word = f"{'yes' if may else 'no'}-{query['scope'][0].split(':')[1]}"
        word = base64.urlsafe_b64encode(word.encode()).decode().rstrip("=")
        return 200, json.dumps({one: word for one in members}).encode(), {}

    def _refusal(self, login, name):
        """None: it may be seen."""
        if self.flow == "none" or (self.flow == "basic" and self._is_user(login)):
            return None
        if self.flow == "basic":
            return 401, b"", self._challenge()
        kind, _, text = login.partition(" ")
        if kind != "Bearer":
            return 401, b"", self._challenge(name)
        may, _, scope = base64.urlsafe_b64decode(text + "==").decode().partition("-")
        if may == "yes" and scope == name and not (self.config.get("missing_is_denied")
                                                   and name not in self.config["images"]):
            return None
        status = 403 if self.flow == "ghcr" else 401
        return status, b'{"errors": [{"code": "DENIED"}]}', self._challenge(name) if status == 401 else {}

    # -- what is there ---------------------------------------------------------------------------

    @staticmethod
    def _bytes(image):
        if "body" in image:
            return image["body"].encode()
        return json.dumps({"schemaVersion": 2, "mediaType": image.get("type", INDEX), "manifests": [],
                           "annotations": {"config": image.get("config", "")}}).encode()

    def _manifest(self, name, reference, headers):
        for tag, image in self.config["images"].get(name, {}).items():
            move = self.config.get("moves", {}).get(name, {}).get(tag) if reference == tag else None
            if move:
                self.seen[name, tag] = self.seen.get((name, tag), 0) + 1
                image = move if self.seen[name, tag] > move["after"] else image
            raw = self._bytes(image)
            digest = "sha256:" + hashlib.sha256(raw).hexdigest()
            if reference not in (tag, digest, image.get("digest")):
                continue
            if image.get("type", INDEX) not in headers.get("Accept", "") and "type" not in image:
                return 404, b"", {}
            out = {"Content-Type": image.get("type", INDEX)}
            if image.get("digest", digest):
                out["Docker-Content-Digest"] = image.get("digest", digest)
            return 200, raw, out
        return 404, b'{"errors": [{"code": "MANIFEST_UNKNOWN"}]}', {}

    def _tags(self, name, query):
        tags = sorted(self.config["images"].get(name, {}))
        if not tags:
            return 404, b"", {}
        if self.config.get("gap") and "last" not in query:
            return 200, json.dumps({"name": name, "tags": []}).encode(), {"Link": f'</v2/{name}/tags/list?last=!>; rel="next"'}
        last, size = query.get("last", [""])[0], self.config.get("page", 1000)
        shown = [tag for tag in tags if tag > last][:size]
        more = shown and shown[-1] != tags[-1]
        link = self.config.get("next", f'</v2/{name}/tags/list?n={size}&last={{last}}>; rel="next"')
        links = {"Link": link.replace("{last}", shown[-1])} if more else {}
        return 200, json.dumps({"name": name, "tags": shown}).encode(), links


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    registry = None

    def log_message(self, *_):
        pass

    def any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.registry.lock:
            status, raw, headers = self.registry.answer(self.command, self.path, self.headers, body)
            kind = self.headers.get("Authorization", "").partition(" ")[0]
            self.registry.log.append(f"{self.command} {self.path}{f' with {kind}' if kind else ''} -> {status or 'closed'}")
        if status is None:
            self.close_connection = True
            return
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(raw)

    do_GET = do_HEAD = do_POST = any
