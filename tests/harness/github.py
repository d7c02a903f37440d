"""GitHub's REST API as far as comments on a pull request go, on loopback.

Configuration (the case's file `github`, JSON): "comments": [{"id", "body", "type", "author_association", "mine": this token's
user wrote it}], "impostor": somebody else's comment with the same mark comes before the first that is written, "page": comments
on one page (100), "next": the server where the next page is (this one), "status": answer everything with it, "token": the token that is asked for ({token:github})."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class GitHub:
    def __init__(self, config):
        self.config, self.comments, self.log = config, config.get("comments", []), []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        """What was asked and what is there now, as lines."""
        self.server.shutdown()
        self.server.server_close()
        lines = list(self.log)
        for one in self.comments:
            lines += [f"comment {one['id']}:"] + ["| " + line for line in one["body"].splitlines()]
        return "".join(line + "\n" for line in lines)

    def answer(self, method, path, token, body):
        """(status, headers, value)"""
        if self.config.get("status"):
            return self.config["status"], {}, {"message": "no"}
        if token != f"Bearer {self.config['token']}":
            return 401, {}, {"message": "Bad credentials"}
        if path == "/graphql" and method == "POST":
            return self._author(body)
        match = re.fullmatch(r"/repos/o/r/issues/7/comments(?:\?per_page=100(?:&page=(\d+))?)?", path)
        if match and method == "GET":
            return self._page(int(match.group(1) or 1))
        if match and method == "POST":
            if self.config.pop("impostor", False):
                mark = body["body"].splitlines()[0]
                self.comments.insert(0, {"id": 900, "body": f"{mark}\nnot ours", "author_association": "OWNER"})
            self.comments.append({"id": 1000 + len(self.comments), "body": body["body"], "mine": True})
            return 201, {}, self.comments[-1]
        match = re.fullmatch(r"/repos/o/r/issues/comments/(\d+)", path)
        for one in self.comments if match and method == "PATCH" else []:
            if one["id"] == int(match.group(1)):
                one["body"] = body["body"]
                return 200, {}, one
        return 404, {}, {"message": "Not Found"}

    def _author(self, body):
        """GraphQL: whether the token's user wrote a comment; a comment that is not there is null."""
        assert "viewerDidAuthor" in body["query"]
        wanted = [one for one in self.comments if f"IC_{one['id']}" == body["variables"]["id"]]
        return 200, {}, {"data": {"node": {"viewerDidAuthor": wanted[0].get("mine", False)} if wanted else None}}

    def _page(self, number):
        size = self.config.get("page", 100)
        part = self.comments[(number - 1) * size : number * size]
        headers = {}
        if number * size < len(self.comments):
            url = self.config.get("next", self.url)
            headers["Link"] = f'<{url}/repos/o/r/issues/7/comments?per_page=100&page={number + 1}>; rel="next"'
        return 200, headers, [
            {"id": one["id"], "node_id": f"IC_{one['id']}", "body": one["body"], "user": {"login": "x", "type": one.get("type", "Bot")},
             "author_association": one.get("author_association", "NONE")} for one in part
        ]

    def _handler(self):
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *words):
                pass

            def _do(self):
                size = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(size)) if size else None
                status, headers, value = stand_in.answer(
                    self.command, self.path, self.headers.get("Authorization"), body)
                stand_in.log.append(f"{self.command} {self.path} -> {status}")
                data = json.dumps(value).encode()
                self.send_response(status)
                for name, text in {**headers, "Content-Type": "application/json",
                                   "Content-Length": str(len(data))}.items():
                    self.send_header(name, text)
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PATCH = _do

        return Handler
