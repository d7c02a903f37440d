"""The gRPC server: which methods a release has, the order of its checks, and the call log."""

import json
import sys
import threading
import time
import traceback
import types
from concurrent import futures
from contextlib import nullcontext
from email.utils import formatdate

import grpc

import faults
import deletes  # noqa: F401  these nine register their handlers
import files  # noqa: F401
import jobs  # noqa: F401
import pipelines  # noqa: F401
import projects  # noqa: F401
import protos
import runs  # noqa: F401
import services  # noqa: F401
import templates  # noqa: F401
import transactions  # noqa: F401
from costs import Connections, Costs
from defaults import Defaults
from login import OPEN_METHODS, Auth
from proxy import Proxy
from rpc import METHODS, Call
from store import Store
from versions import CANCELLED, EXHAUSTED, INTERNAL, UNIMPLEMENTED, UNKNOWN, Cut, Fail, Version

MAX_MESSAGE = 20 * 1024 * 1024
STATUS = {code.value[0]: code for code in grpc.StatusCode}


class Pachd:
    """A stand-in of one release, running from start() to stop()."""

    def __init__(self, config, calls=None):
        self.config, self.version = config, Version(config["version"])
        self.lock = threading.RLock()
        self.store = Store(self.version, config)
        self.auth = Auth(self.version, config.get("auth"), self.store)
        self.defaults = Defaults(
            self.version, config.get("cluster_defaults"), config.get("project_defaults")
        )
        self.costs, self.connections = Costs(config.get("costs")), Connections(config.get("connections"))
        self.faults = faults.Faults(config.get("faults", []))
        self.calls, self.open, self.log, self.count = [], {}, calls, 0
        self.busy_until = 0  # until then pachd starts pipelines, and lists of them take that long
        self.run, self.runs = 0, {}  # how often there was a mark, and at how many a connection came
        self.proxy = self.server = self.port = None

    # -- life ------------------------------------------------------------------------------------

    def start(self, port=0):
        needs_proxy = any(self.config.get(key) for key in ("faults", "delay_ms", "bytes", "raw", "flood"))
        self.server = grpc.server(
            futures.ThreadPoolExecutor(max_workers=128),
            handlers=(_Handlers(self),),
            options=[
                ("grpc.max_receive_message_length", 4 * MAX_MESSAGE),
                ("grpc.max_send_message_length", 4 * MAX_MESSAGE),
                ("grpc.so_reuseport", 0),
                ("grpc.max_concurrent_streams", 100),
                ("grpc.keepalive_permit_without_calls", 1),
                ("grpc.http2.min_recv_ping_interval_without_data_ms", 5000),
            ],
        )
        inner = self._bind(f"127.0.0.1:{0 if needs_proxy else port}")
        if not inner:
            raise OSError(f"cannot listen on port {port}")
        self.server.start()
        self.port = inner
        if needs_proxy:
            raw, split = self.config.get("raw"), self.config.get("bytes", {}).get("split", 0)
            self.proxy = Proxy(port, inner, self.config.get("delay_ms", 0), split,
                               raw.encode() if raw is not None else None,
                               self.config.get("flood"))
            self.port = self.proxy.port
        return self.port

    def _bind(self, address):
        tls = self.config.get("tls")
        if not tls:
            return self.server.add_insecure_port(address)
        pair = [open(tls[name], "rb").read() for name in ("key", "cert")]
        return self.server.add_secure_port(address, grpc.ssl_server_credentials([tuple(pair)]))

    def stop(self):
        if self.proxy:
            self.proxy.refuse()
        self.server.stop(0.2).wait()
        with self.lock:
            for entry in list(self.open.values()):
                self._record(entry, None)  # the caller went before the answer

    # -- calls -----------------------------------------------------------------------------------

    def find(self, path):
        """The method of this release, or None."""
        for method in METHODS.get(path, []):
            if method.exists(self.version) and not self._is_away(path):
                return method
        return None

    def _is_away(self, path):
        return self.config.get("paused") and path.split(".")[0] in ("pps_v2", "pfs_v2")

    def serve(self, path, requests, context):
        """Yields the serialized replies of one call; ends it with a status."""
        metadata = {}
        for key, value in context.invocation_metadata():
            metadata.setdefault(key.lower(), []).append(value)
        entry = self._arrived(path, metadata, context)
        if "date_offset_s" in self.config:
            moment = time.time() + self.config["date_offset_s"]
            context.send_initial_metadata((("date", formatdate(moment, usegmt=True)),))
        rule = self.faults.next("/" + path)
        try:
            yield from self._answer(path, requests, context, metadata, entry, rule)
        except Fail as fail:
            entry["text"] = fail.text
            self._record(entry, fail.code)  # before the connection is cut: the client may look
            if isinstance(fail, Cut):
                self.proxy.refuse() if fail.for_good else self.proxy.cut()
            if fail.details:
                context.set_trailing_metadata((("grpc-status-details-bin", fail.details),))
            context.abort(STATUS.get(fail.code, grpc.StatusCode.UNKNOWN), fail.text)
        self._record(entry, 0)

    def _arrived(self, path, metadata, context):
        with self.lock:
            self.count += 1
            run = self.runs.setdefault(context.peer(), self.run)
            entry = {"n": self.count, "run": run, "method": "/" + path, "code": None, "request": None,
                     "metadata": self._public(metadata), "unknown": [],
                     "deadline": context.time_remaining() is not None,
                     "transaction": metadata.get("pach-transaction", [""])[-1]}
            self.open[entry["n"]] = entry
            return entry

    def mark(self):
        """Sets a mark into the call log: connections from here on are of the next run. A call that was broken off may
        be heard of later than the mark, and belongs to the run that its connection is of."""
        with self.lock:
            self.count += 1
            self.run += 1
            self._write({"n": self.count, "mark": True})

    def _public(self, metadata):
        """What may be written into a log: a token never."""
        out = {}
        for key, values in metadata.items():
            shown = [self.auth.mask(one) for one in values] if key == "authn-token" else values
            out[key] = shown[0] if len(shown) == 1 else shown
        return {
            key: value.hex() if isinstance(value, bytes) else value for key, value in out.items()
        }

    def _answer(self, path, requests, context, metadata, entry, rule):
        method = self.find(path)
        if method and method.streams:
            yield from self._take(method, requests, Call(self, context, metadata, entry=entry), rule)
            return
        raw = next(requests, b"")
        if method:
            self._describe(method, raw, entry)
        self._before(rule)
        if not method:
            raise self._no_such(path, metadata)
        if len(raw) > MAX_MESSAGE:
            raise Fail(EXHAUSTED, f"grpc: received message larger than max ({len(raw)} vs."
                                  f" {MAX_MESSAGE})")
        try:
            request, _ = protos.decode(raw, method.request, self.version)
        except protos.Malformed as error:
            raise Fail(INTERNAL, f"grpc: error unmarshalling request: {error}") from None
        call = Call(self, context, metadata, raw=raw, entry=entry)
        if path.rsplit("/", 1)[1] not in OPEN_METHODS:
            with self.lock:
                call.caller = self.auth.user(metadata)
        if not context.is_active() and self.version.since("1.12.0"):
            raise Fail(CANCELLED, "context canceled")  # all that was begun is rolled back
        free = path.endswith(("/GetVersion", "enterprise_v2.API/GetState", "enterprise.API/GetState"))  # no question to the database
        with nullcontext() if free else self.connections.two():
            messages, replies = self._run(method, call, protos.forget_zeros(request))
        if path.endswith("/ListPipeline"):
            time.sleep(max(0, self.busy_until - time.monotonic()))
        if self.costs.config:
            entry["work_ms"] = self.costs.of(path, request, messages)
            self.costs.spend(entry["work_ms"])
        self._after(rule)
        if isinstance(replies, types.GeneratorType):
            yield from self._broken(replies, rule)
            return
        if rule.get("do") == "lie":
            replies = [faults.lie(rule)]
        for reply in replies:
            if len(reply) > MAX_MESSAGE:
                raise Fail(EXHAUSTED, f"trying to send message larger than max ({len(reply)} vs."
                                      f" {MAX_MESSAGE})")
        yield from replies

    def _take(self, method, requests, call, rule):
        """A call with a stream of requests."""
        with self.lock:
            call.caller = self.auth.user(call.metadata)
        try:
            self._before(rule)
        except Fail as fail:
            for _ in requests if not isinstance(fail, Cut) else ():
                pass  # a refusal is heard only by who has sent all
            raise
        messages = self._decoded(method, self._broken(requests, rule), call.entry)
        reply = self._encoded(method.handle(call, messages))
        self._after(rule)
        yield reply

    def _decoded(self, method, requests, entry):
        for raw in requests:
            if len(raw) > MAX_MESSAGE:
                raise Fail(EXHAUSTED, f"grpc: received message larger than max ({len(raw)} vs."
                                      f" {MAX_MESSAGE})")
            if len(raw) > 64 << 10:  # nothing but a file's bytes is that long
                yield method.request.FromString(raw)
                continue
            message, unknown = protos.decode(raw, method.request, self.version)
            for one in unknown:
                if f"unknown:{one}" not in entry["unknown"]:
                    entry["unknown"].append(f"unknown:{one}")
            yield message

    @staticmethod
    def _broken(messages, rule):
        """The stream, cut where the fault wants it."""
        for number, one in enumerate(messages):
            if rule.get("do") == "break" and number == rule.get("after", 1):
                raise Cut("the connection was cut in the middle of a stream")
            yield one

    def _describe(self, method, raw, entry):
        try:
            request, entry["unknown"] = protos.decode(raw, method.request, self.version)
            entry["unknown"] = [f"unknown:{one}" for one in entry["unknown"]]
            entry["request"] = self.auth.without_tokens(protos.to_dict(request, self.version))
            if entry["method"].endswith("/CreateSecret"):  # its handler shows what is in it
                entry["request"] = {"file": f"<{len(request.file)} bytes>"}
        except protos.Malformed as error:
            entry["request"] = f"malformed: {error}"

    def _run(self, method, call, request):
        """The replies, as messages and as bytes."""
        if method.waits:
            replies = list(method.handle(call, request))
            return replies, list(map(self._encoded, replies))
        with self.lock:
            reply = method.handle(call, request)
            if isinstance(reply, types.GeneratorType):
                return [], (self._encoded(one) for one in reply)
            replies = reply if isinstance(reply, list) else [reply]
            return replies, list(map(self._encoded, replies))

    def _encoded(self, message):
        return protos.encode(message, self.version)

    def _before(self, rule):
        kind = rule.get("do")
        if kind == "fail":
            raise Fail(rule.get("code", 14), rule.get("message", "fault"), faults.details(rule))
        if kind == "stall":
            time.sleep(rule.get("seconds", 5))
        if kind == "signal":
            print("signal", rule.get("signal", "INT"), flush=True)
            time.sleep(rule.get("seconds", 1))
        if kind == "flood":
            self.proxy.flood(rule)
        if kind == "other-push":
            with self.lock:
                self.store.other_push(rule["pipeline"], rule.get("image"), rule.get("spec"))
            if "code" in rule:
                raise Fail(rule["code"], rule.get("message", "fault"))
        if kind in ("close", "down"):
            time.sleep(rule.get("seconds", 0))
            raise Cut("connection cut before the call", for_good=kind == "down")

    def _after(self, rule):
        if rule.get("do") == "lost-reply":
            raise Cut("the reply was lost")

    def _no_such(self, path, metadata):
        """What the release says to a method that it does not have."""
        service, _, name = path.partition("/")
        if self.version.line == 2 and self.version.until("2.4.1") and not self._is_away(path):
            if service.split(".")[0] in OLD_PACKAGES:
                return Fail(UNKNOWN, "this server is running pachyderm 2.x, the client 1.x")
            self.auth.user(metadata)
            return Fail(UNKNOWN, f'no auth function for "/{path}", this is a bug')
        known = any(
            key.startswith(service + "/") and any(one.exists(self.version) for one in methods)
            for key, methods in METHODS.items()
        )
        if known and not self._is_away(path):
            return Fail(UNIMPLEMENTED, f"unknown method {name} for service {service}")
        return Fail(UNIMPLEMENTED, f"unknown service {service}")

    def _record(self, entry, code):
        with self.lock:
            entry["code"] = code
            self.open.pop(entry["n"], None)
            self.calls.append(entry)
            self._write(entry)

    def _write(self, entry):
        if self.log:
            self.log.write(json.dumps(entry) + "\n")
            self.log.flush()

    def dump(self):
        """What the cluster holds, for a test to compare."""
        with self.lock:
            store = self.store
            return {
                "version": self.version.text,
                **self._dump_projects(),
                "repos": sorted(store.show(key) for key in store.state.repos),
                "pipelines": [
                    self._dump_pipeline(one) for _, one in sorted(store.state.pipelines.items())
                ],
                "transactions": [
                    {"id": one.id, "requests": len(one.requests)}
                    for one in store.transactions.values()
                ],
                "jobs": [
                    {"pipeline": store.show(job.key), "id": job.id, "state": job.state,
                     "version": job.version}
                    for job in store.jobs
                ],
                "files": store.commits.dump(),
                "metadata": store.notes.dump(store),
                "secrets": store.secrets_made(),
                "tokens_issued": self.auth.issued,
                "tokens_revoked": self.auth.revoked,
            }

    def _dump_projects(self):
        """Those that somebody has made beside what the configuration gives."""
        given = {one if isinstance(one, str) else one["name"] for one in self.config.get("projects", [])}
        made = {name: record for name, record in sorted(self.store.projects.items())
                if name not in given | {"default"}}
        return {"projects": made} if made else {}

    def _dump_pipeline(self, one):
        out = {"project": one.project} if self.version.has_projects else {}
        out.update({
            "name": one.name, "version": one.version, "image": one.request.transform.image,
            "stopped": one.stopped, "spec_commit": one.spec_commit,
            "reprocess": one.salt_changed, "user_spec_json": one.user_json,
            "effective_spec_json": one.effective_json, "created_by": one.created_by,
        })
        if one.harmed:
            out["harmed"] = one.harmed
        if one.key in self.store.state.cut:
            out["cut"] = "its output branch takes nothing from its inputs"
        return out


OLD_PACKAGES = "admin auth debug enterprise identity pfs pps transaction versionpb".split()


class _Handlers(grpc.GenericRpcHandler):
    """Takes every path, with raw bytes both ways."""

    def __init__(self, pachd):
        self.pachd = pachd

    def service(self, handler_call_details):
        path = handler_call_details.method.lstrip("/")

        def behave(requests, context):
            try:
                yield from self.pachd.serve(path, requests, context)
            except Fail:
                raise
            except Exception as error:  # a bug of the stand-in must not look like pachd's answer
                if context.is_active() and type(error) is not Exception:
                    traceback.print_exc(file=sys.stderr)
                raise

        return grpc.stream_stream_rpc_method_handler(behave)
