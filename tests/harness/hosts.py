"""The parts of GitHub's and Azure DevOps' REST APIs that keep secrets, and the ID tokens of a runner, over TLS.

The configuration (file `hosts` of a case):
  token     what must stand in the Authorization header (Bearer, or the password of Basic), or {"Bearer": …, "Basic": …}
  secrets   {"OWNER/REPO" or "OWNER/REPO:ENVIRONMENT" or "ORG": {NAME: {"visibility", "ids": […]}}}: scopes that exist
  groups    {"PROJECT": [a variable group as the API shows it]}
  id_token  {"bearer": …, "value": …}
  faults    [{"method", "path": a part of it, "call": k (absent: each), "until": k, "status", "body", "headers"}]; status null
            closes the connection; "after": true does first what was asked, and only the answer is lost; "edit": {…} is
            merged into every group before the request, as by somebody else; {here} in a header is this server
  page_size how many repositories a page has (absent: as many as are asked for)
A value that is written comes in a sealed box, which is opened with the scope's secret key, as GitHub does. Groups are shown
as Azure DevOps documents them: `variables` first, a secret variable without its value; a variable that is sent back without
one keeps it, and one that is left out is gone.
"""

import base64
import http.server
import json
import ssl
import threading
from urllib.parse import parse_qs, unquote, urlsplit


class Hosts:
    def __init__(self, config, tools):
        self.config, self.log, self.state, self.seen = config, [], {}, {}
        self.edits, self.values = 0, {}
        self.keys = {}
        handler = type("Handler", (_Handler,), {"hosts": self})
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        files = tools.certificates()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(files["cert"], files["key"])
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True,
                                                 do_handshake_on_connect=False)
        self.server.handle_error = lambda *_: None
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.port = str(self.server.server_port)

    def key(self, scope):
        from nacl.public import PrivateKey

        return self.keys.setdefault(scope, PrivateKey.generate())

    def stop(self):
        """What came, then what is stored, as lines."""
        self.server.shutdown()
        self.server.server_close()
        lines = [line for _, some in sorted(self.state.items()) for line in some]
        return "".join(line + "\n" for line in self.log + sorted(lines))

    # -- answers: (status, JSON or None, headers) ------------------------------------------------

    def answer(self, method, path, headers, body):
        for rule in self.config.get("faults", []):
            if rule.get("method", method) == method and rule["path"] in path:
                count = self.seen[id(rule)] = self.seen.get(id(rule), 0) + 1
                if rule.get("call", count) != count or count > rule.get("until", count):
                    continue
                for group in (one for all in self.config.get("groups", {}).values() for one in all):
                    _merge(group, rule.get("edit", {}))
                if rule.get("after"):
                    self._answer(method, path, headers, body)
                if "status" in rule:
                    named = {key: text.replace("{here}", f"127.0.0.1:{self.port}")
                             for key, text in rule.get("headers", {}).items()}
                    return rule["status"], rule.get("body"), named
        return self._answer(method, path, headers, body)

    def _answer(self, method, path, headers, body):
        url = urlsplit(path)
        if url.path == "/idtoken":
            return self._id_token(headers, parse_qs(url.query))
        if not self._is_known(headers.get("Authorization", "")):
            return 401, {"message": "Bad credentials"}, {}
        parts = [unquote(one) for one in url.path.strip("/").split("/")]
        if "_apis" in parts:
            return self._groups(method, parts, parse_qs(url.query), body)
        if headers.get("X-GitHub-Api-Version") != "2022-11-28" or not headers.get("User-Agent"):
            return 400, {"message": "no version or user agent"}, {}
        return self._secrets(method, parts, parse_qs(url.query), body)

    def _is_known(self, given):
        kind, _, text = given.partition(" ")
        if kind == "Basic":
            text = base64.b64decode(text).decode().removeprefix(":")
            self.log.append("Basic login")
        known = self.config["token"]
        return text == (known[kind] if isinstance(known, dict) else known)

    def _id_token(self, headers, query):
        known = self.config["id_token"]
        self.log.append(f"audience {query['audience'][0]}")
        if headers.get("Authorization") != f"Bearer {known['bearer']}":
            return 401, {"message": "no"}, {}
        return 200, {"count": 1, "value": known["value"]}, {}

    def _secrets(self, method, parts, query, body):
        if parts[0] == "orgs":
            scope, rest = parts[1], parts[4:]
        elif parts[3] == "environments":
            scope, rest = f"{parts[1]}/{parts[2]}:{parts[4]}", parts[6:]
        else:
            scope, rest = f"{parts[1]}/{parts[2]}", parts[5:]
        known = self.config["secrets"].get(scope)
        if known is None:
            return 404, {"message": "Not Found"}, {}
        name = rest[0]
        if method == "GET" and rest == ["public-key"]:
            raw = base64.b64encode(bytes(self.key(scope).public_key)).decode()
            return 200, {"key_id": "5681", "key": raw}, {}
        if method == "GET" and rest[1:] == ["repositories"]:
            return self._repositories(parts, known[name]["ids"], query)
        if method == "GET":
            one = known.get(name)
            shown = {"name": name, **{key: text for key, text in (one or {}).items() if key != "ids"}}
            return (200, shown, {}) if one is not None else (404, {"message": "Not Found"}, {})
        return self._put(scope, known, name, json.loads(body))

    def _repositories(self, parts, ids, query):
        size = min(int(query["per_page"][0]), self.config.get("page_size", 100))
        page = int(query.get("page", ["1"])[0])
        shown = ids[(page - 1) * size:page * size]
        link = f'<https://127.0.0.1:{self.port}/{"/".join(parts)}?per_page={size}&page={page + 1}>; rel="next"'
        headers = {"Link": link} if page * size < len(ids) else {}
        return 200, {"total_count": len(ids), "repositories": [{"id": one, "name": f"r{one}"} for one in shown]}, headers

    def _put(self, scope, known, name, body):
        from nacl.public import SealedBox

        if body["key_id"] != "5681":
            return 422, {"message": "Bad request - key_id"}, {}
        value = SealedBox(self.key(scope)).decrypt(base64.b64decode(body["encrypted_value"])).decode()
        seen = f" visibility {body['visibility']}" if "visibility" in body else ""
        seen += f" {body['selected_repository_ids']}" if "selected_repository_ids" in body else ""
        self.state[f"secret {scope} {name}"] = [f"secret {scope} {name} = {value}{seen}"]
        is_new = name not in known
        known[name] = {"visibility": body.get("visibility"), "ids": body.get("selected_repository_ids", [])}
        return (201 if is_new else 204), ({} if is_new else None), {}

    def _groups(self, method, parts, query, body):
        if query.get("api-version") != ["7.1"]:
            return 400, {"message": "no version"}, {}
        if method == "GET":
            listed = self.config["groups"].get(parts[0])
            if listed is None:
                return 404, {"message": "project does not exist"}, {}
            if parts[-1].isdigit():
                found = [one for one in listed if str(one["id"]) == parts[-1]]
                return (200, self._show(found[0]), {}) if found else (200, {}, {})
            found = [one for one in listed if one["name"] == query["groupName"][0]]
            return 200, {"count": len(found), "value": [self._show(one) for one in found]}, {}
        return self._replace(parts[-1], json.loads(body))

    def _show(self, group):
        """As the API's documentation shows it."""
        known = [*"variables id type name description createdBy createdOn modifiedBy modifiedOn isShared".split(),
                 "providerData", "variableGroupProjectReferences"]
        shown = {"createdBy": {"displayName": "Ada"}, "createdOn": "2026-01-01T00:00:00Z", "isShared": False, **group}
        shown["modifiedOn"] = f"2026-01-01T00:00:{self.edits:02}Z"
        shown["variables"] = {name: {"value": None, **one} for name, one in group["variables"].items()}
        return {name: shown[name] for name in known if name in shown}

    def _replace(self, number, sent):
        group = next(one for all in self.config["groups"].values() for one in all if str(one["id"]) == number)
        if not sent.get("variableGroupProjectReferences"):
            return 400, {"message": "Variable group project references are required."}, {}
        before, self.edits = group["variables"], self.edits + 1
        group.update({name: sent.get(name) for name in ("name", "description", "type", "providerData") if name in sent})
        group["variableGroupProjectReferences"] = sent["variableGroupProjectReferences"]
        group["variables"], lines = {}, []
        for name, one in sorted(sent["variables"].items()):
            value = one.get("value")
            if one.get("isSecret") and value is None:
                value = self.values.get((number, name), "as it was" if name in before else None)
            if one.get("isSecret"):
                self.values[number, name] = value
            group["variables"][name] = {"isSecret": True} if one.get("isSecret") else {"value": value}
            lines.append(f"variable {group['name']} {name} = {value}{' (secret)' if one.get('isSecret') else ''}")
        rest = {name: text for name, text in group.items() if name != "variables"}
        self.state[f"group {number}"] = [*lines, f"group {json.dumps(rest, sort_keys=True)}"]
        return 200, self._show(group), {}


def _merge(into, edit):
    for name, value in edit.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict):
            _merge(into[name], value)
        else:
            into[name] = value


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hosts = None

    def log_message(self, *_):
        pass

    def any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, answer, headers = self.hosts.answer(self.command, self.path, self.headers, body)
        self.hosts.log.append(f"{self.command} {self.path} -> {status or 'closed'}")
        if status is None:
            self.close_connection = True
            return
        raw = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        if status != 204:
            self.wfile.write(raw)

    do_GET = do_PUT = do_POST = do_PATCH = any
