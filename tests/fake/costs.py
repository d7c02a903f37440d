"""What calls make a server do: milliseconds by call, repo and pipeline, as measured on real ones."""

import threading
import time
from contextlib import contextmanager

from versions import UNAVAILABLE, Fail

FIRST_S, SECOND_S = 0.05, 3  # how long a call works on its first connection, and waits for its second


class Costs:
    """`config` is the stand-in's `costs`: `call` for every call that the release has, `repo` for each repo that is shown,
    `pipeline` and `details` for each pipeline that is listed or inspected, `create` and `update` for each pipeline of a
    transaction, `create_alone` for one by its own call. While a server starts what a transaction has changed its reads
    wait: `after_list` and `after_inspect` for each pipeline of the transaction that was before, in the same run. With
    `sleep` the call also takes that long."""

    def __init__(self, config):
        self.config = config or {}
        self.starting = 0  # pipelines of the last transaction

    def of(self, path, request, replies):
        """The milliseconds of one call that was answered."""
        get, name = self.config.get, path.rsplit("/", 1)[1]
        work = get("call", 0)
        if name in ("InspectRepo", "ListRepo"):
            work += get("repo", 0) * self._count(replies, "repo_info")
        elif name in ("InspectPipeline", "ListPipeline"):
            each = get("pipeline", 0) + (get("details", 0) if getattr(request, "details", True) else 0)
            work += each * self._count(replies, "pipeline_info")
            work += get("after_list" if name.startswith("List") else "after_inspect", 0) * self.starting
        elif name in ("CreatePipeline", "CreatePipelineV2") and not getattr(request, "dry_run", False):
            work += get("create_alone", get("create", 0))
        elif name == "BatchTransaction":
            work += sum(get("update" if self._is_update(one) else "create", 0) for one in request.requests)
            self.starting = len(request.requests)
        elif name == "GetVersion":  # a run begins
            self.starting = 0
        return work

    @staticmethod
    def _is_update(element):
        if element.HasField("create_pipeline"):
            return element.create_pipeline.update
        v2 = getattr(element, "create_pipeline_v2", None)
        return v2 is not None and v2.create_pipeline_request.update

    @staticmethod
    def _count(replies, field):
        """1.x has one message for all."""
        return sum(len(getattr(one, field)) if hasattr(one, field) else 1 for one in replies)

    def spend(self, work):
        if self.config.get("sleep"):
            time.sleep(work / 1000)


class Connections:
    """The server's connections to its database, of which each call takes one and then a second one, as a pachd of 2.x does: with
    too many calls at once each holds one and waits for another, and none gets on."""

    def __init__(self, most):
        self.free = threading.Semaphore(most) if most else None

    @contextmanager
    def two(self):
        if not self.free:
            yield
            return
        with self.free:
            time.sleep(FIRST_S)
            if not self.free.acquire(timeout=SECOND_S):
                raise Fail(UNAVAILABLE, "all connections to the database wait for another one")
            try:
                yield
            finally:
                self.free.release()
