"""The transaction services: a list of requests, run as a whole or not at all."""

import time

from files import put_finish, put_start, settle
from protos import extra, transaction, transaction_v2
from rpc import rpc
from store import NOW, Transaction
from versions import CODES_PRESERVED_SINCE, UNKNOWN, Fail

V1 = {"first": "1.9.0", "last": "1.13.99"}
V2 = {"first": "2.0.0"}


def module_of(call):
    return transaction_v2 if call.server.version.line == 2 else transaction


def put_repo(call, state, request):
    server = call.server
    key = server.store.repo_key(request.repo)
    server.auth.may_create_repo(call.caller, state, key)
    server.store.create_repo(state, key, request.description, request.update)


def run(call, requests, commit):
    """A copy of the state with all requests run in order; raises with the place of a failure."""
    server = call.server
    state = server.store.state.copy()
    authorize = server.auth.authorizer(call.caller, state)
    for i, (what, request, kept) in enumerate(requests, 1):
        try:
            if what == "create_repo":
                put_repo(call, state, request)
            elif what == "start_commit" and server.version.line == 2:
                put_start(call, state, request, commit)
            elif what == "finish_commit" and server.version.line == 2:
                put_finish(call, state, request)
            elif what == "create_pipeline":
                own = commit if server.version.line == 2 else server.store.new_id("commit")
                server.store.create_pipeline(state, request, own, authorize, **kept)
            else:
                raise Fail(UNKNOWN, "unrecognized transaction request type")
        except Fail as fail:
            code = fail.code if server.version.since(CODES_PRESERVED_SINCE) else UNKNOWN
            text = f"error running request {i} of {len(requests)}: {fail.text}"
            raise Fail(code, text) from None
    return state


def append(call, requests):
    """Adds to the caller's open transaction, after a dry run of the whole list."""
    found = _find(call, call.transaction)
    counters = dict(call.server.store.counters)
    try:
        run(call, found.requests + requests, found.id)
    finally:
        call.server.store.counters = counters
    found.requests += requests


def _find(call, transaction_id):
    found = call.server.store.transactions.get(transaction_id)
    if not found:
        raise Fail(call.server.version.code("transaction not found"),
                   f'transaction "{transaction_id}" not found')
    return found


def _info(call, one, finished=False):
    reply = module_of(call).TransactionInfo()
    reply.transaction.id, reply.started.seconds = one.id, NOW
    for what, request, kept in one.requests:
        element = reply.requests.add()
        if what == "create_pipeline" and call.server.version.since("2.8.0"):
            v2 = element.create_pipeline_v2
            v2.create_pipeline_request.CopyFrom(request)
            v2.user_json, v2.effective_json = kept["user_json"], kept["effective_json"]
            v2.created_by = kept.get("created_by", "")
        elif what:
            getattr(element, what).CopyFrom(request)
        if finished:
            reply.responses.add()
    if call.server.version.line == 2:
        reply.version = len(one.requests)
    return reply


def _element(element):
    """(what, request, what is stored beside it) of one member of a batch."""
    for what in ("create_repo", "start_commit", "finish_commit", "create_pipeline"):
        if what in element.DESCRIPTOR.fields_by_name and element.HasField(what):
            return what, getattr(element, what), {}
    if "create_pipeline_v2" in element.DESCRIPTOR.fields_by_name:
        if element.HasField("create_pipeline_v2"):
            v2 = element.create_pipeline_v2
            kept = {"user_json": v2.user_json, "effective_json": v2.effective_json}
            kept["created_by"] = v2.created_by
            return "create_pipeline", v2.create_pipeline_request, kept
    return "", None, {}


@rpc("transaction.API/BatchTransaction", transaction.BatchTransactionRequest, "1.9.11", "1.13.99")
@rpc("transaction_v2.API/BatchTransaction", transaction_v2.BatchTransactionRequest, **V2)
def batch(call, request):
    one = Transaction(call.server.store.new_id("transaction"))
    one.requests = [_element(element) for element in request.requests]
    return _run_for_real(call, one)


def _run_for_real(call, one):
    state = run(call, one.requests, one.id)
    call.server.store.commit(state, one.id)
    settle(call, state, one.id)
    call.server.busy_until = time.monotonic() + call.server.config.get("busy_ms", 0) / 1000
    return _info(call, one, finished=True)


@rpc("transaction.API/StartTransaction", transaction.StartTransactionRequest, **V1)
@rpc("transaction_v2.API/StartTransaction", transaction_v2.StartTransactionRequest, **V2)
def start(call, _):
    one = Transaction(call.server.store.new_id("transaction"))
    call.server.store.transactions[one.id] = one
    return module_of(call).Transaction(id=one.id)


@rpc("transaction.API/InspectTransaction", transaction.InspectTransactionRequest, **V1)
@rpc("transaction_v2.API/InspectTransaction", transaction_v2.InspectTransactionRequest, **V2)
def inspect(call, request):
    return _info(call, _find(call, request.transaction.id))


@rpc("transaction.API/FinishTransaction", transaction.FinishTransactionRequest, **V1)
@rpc("transaction_v2.API/FinishTransaction", transaction_v2.FinishTransactionRequest, **V2)
def finish(call, request):
    one = _find(call, request.transaction.id)
    reply = _run_for_real(call, one)
    del call.server.store.transactions[one.id]
    return reply


@rpc("transaction.API/DeleteTransaction", transaction.DeleteTransactionRequest, **V1)
@rpc("transaction_v2.API/DeleteTransaction", transaction_v2.DeleteTransactionRequest, **V2)
def delete(call, request):
    one = _find(call, request.transaction.id)
    del call.server.store.transactions[one.id]
    return extra.Empty()


@rpc("transaction.API/ListTransaction", extra.ListTransactionRequest, **V1)
@rpc("transaction_v2.API/ListTransaction", extra.ListTransactionRequest, **V2)
def list_transactions(call, _):
    line = extra.TransactionInfos2 if call.server.version.line == 2 else extra.TransactionInfos1
    return line(
        transaction_info=[_info(call, one) for one in call.server.store.transactions.values()]
    )
