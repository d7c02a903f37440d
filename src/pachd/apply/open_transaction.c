/* A transaction that is opened, filled and finished call by call. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "pachd/apply/apply.h"
#include "pachd/apply/change.h"
#include "pachd/pps/poll.h"
#include "process/watch.h"
#include "wire/build.h"

static struct str
reference_to(const struct pachd *p, const char *id)
{
	ProtobufCMessage *ref = rpc_request(p, p->arena, METHOD_FINISH_TRANSACTION);

	build_string(p->arena, build_message(p->arena, ref, "transaction"), "id", str_of(id));
	return message_pack(p->arena, ref);
}

static const char *
hint_of_open(const struct pachd *p, const char *id)
{
	return arena_fmt(p->arena,
	    "transaction %s may still be open; delete it: pachctl delete transaction %s", id, id)
	    .ptr;
}

/* Deletes the open transaction: 1 done, 0 it does not exist. -1: it may still be open, which becomes the hint of
 * *err. */
static int
drop_transaction(const struct pachd *p, const char *id, struct err *err)
{
	struct call call = rpc_call(p, METHOD_DELETE_TRANSACTION);
	struct err ignored;

	call.request = reference_to(p, id);
	channel_grace(p->channel, CLEANUP_MS);
	if (channel_ask(p->channel, &call, 1, p->arena, &ignored) == 0) {
		if (call.status == GRPC_OK)
			return 1;
		if (is_missing_id(&call, str_of(id)))
			return 0;
	}
	return err_hint(err, "%s", hint_of_open(p, id));
}

static int
append_and_finish(
    const struct changes *all, const char *id, struct pachd_result *out, struct err *err)
{
	struct pachd *p = all->pachd;
	struct call finish = rpc_call(p, METHOD_FINISH_TRANSACTION);

	finish.request = reference_to(p, id);
	if (change_create_repos(all, id, out, err) < 0)
		return -1;
	for (size_t i = 0; i < all->count; i++) {
		struct call call = change_call(all, i, id);

		if (change_send_call(all, &call, err) < 0)
			return change_wrap(all, i, err);
		if (call.status != GRPC_OK) {
			(void)rpc_error(p, &call, err);
			return change_wrap(all, i, err);
		}
	}
	if (change_send(all, 0, &finish, out, err) < 0)
		return err_wrap(err, "cannot finish transaction %s", id);
	return 0;
}

/* Ids of transactions. */
struct ids {
	struct str *list;
	size_t count;
	bool known; /* else the cluster did not say */
};

static bool
has_id(const struct ids *ids, struct str id)
{
	for (size_t i = 0; i < ids->count; i++)
		if (str_eq(ids->list[i], id))
			return true;
	return false;
}

/* The open transactions that hold no request, without those of `before`. */
static struct ids
list_empty(const struct pachd *p, const struct ids *before)
{
	struct call call = rpc_call(p, METHOD_LIST_TRANSACTION);
	struct ids ids = { .count = 0 };
	ProtobufCMessage *m = NULL;
	struct err ignored;

	if (channel_ask(p->channel, &call, 1, p->arena, &ignored) == 0)
		m = rpc_answer(p, p->arena, METHOD_LIST_TRANSACTION, &call);
	if (!m)
		return ids;
	ids.known = true;
	ids.list = ARENA_ARRAY(p->arena, message_count(m, "transaction_info"), struct str);
	for (size_t i = 0; i < message_count(m, "transaction_info"); i++) {
		const ProtobufCMessage *one = message_list(m, "transaction_info")[i];
		struct str id = message_string(message_message(one, "transaction"), "id");

		if (message_count(one, "requests") == 0 && !has_id(before, id))
			ids.list[ids.count++] = id;
	}
	return ids;
}

/* Hints at the command that deletes these transactions. Always -1. */
static int
hint_delete(const struct ids *ids, struct err *err)
{
	struct buf text = BUF_INIT(4096);

	for (size_t i = 0; i < ids->count; i++)
		buf_fmt(&text, " %.*s", STR_FMT(ids->list[i]));
	(void)err_hint(err, "delete the open transaction: pachctl delete transaction%.*s",
	    STR_FMT(buf_str(&text)));
	buf_free(&text);
	return -1;
}

/* Cleans up after a lost answer to StartTransaction. One empty transaction that was not there before is taken for
 * ours and deleted: should somebody else have begun it just now, they lose nothing but have to begin again.
 * Several are only named in the hint. Always -1. */
static int
clean_lost_start(const struct pachd *p, const struct ids *before, struct err *err)
{
	struct ids now = { .count = 0 };
	size_t looks = 0;

	channel_grace(p->channel, CLEANUP_MS);
	do
		now = before->known ? list_empty(p, before) : now;
	while (now.known && now.count == 0 && pause_and_retry(&looks));
	if (!now.known)
		return err_hint(err, "an empty transaction may be open: check with 'pachctl list "
		                     "transaction', then push again");
	if (now.count == 0)
		return err_hint(err, "push again; no transaction was left open");
	if (now.count > 1)
		return hint_delete(&now, err);
	if (drop_transaction(p, arena_cstr(p->arena, now.list[0]), err) < 0)
		return -1;
	return err_hint(err, "push again; the open transaction was deleted");
}

static const char *
start_transaction(const struct changes *all, struct pachd_result *out, struct err *err)
{
	struct pachd *p = all->pachd;
	struct call start = rpc_call(p, METHOD_START_TRANSACTION);
	const struct ids nothing = { .count = 0 }, before = list_empty(p, &nothing);
	ProtobufCMessage *transaction;

	if (channel_run(p->channel, &start, 1, p->arena, err) < 0) {
		(void)err_wrap(err, "cannot start a transaction");
		if (start.sent)
			(void)clean_lost_start(p, &before, err);
		return NULL;
	}
	if (start.status != GRPC_OK) {
		(void)rpc_error(p, &start, err);
		(void)err_wrap(err, "cannot start a transaction");
		return NULL;
	}
	transaction = rpc_answer(p, p->arena, METHOD_START_TRANSACTION, &start);
	out->transaction = message_string(transaction, "id");
	if (out->transaction.len > 0)
		return out->transaction.ptr;
	/* calls without an id would change the cluster at once */
	(void)err_set(err, ERR_NETWORK, "the cluster started a transaction without an id");
	(void)hint_proxy(p, err);
	return NULL;
}

/* FinishTransaction deletes the transaction as part of its work. So where its answer was lost, the transaction
 * shows what happened: one that could still be deleted was not finished, and never will be. */
int
change_in_open_transaction(const struct changes *all, struct pachd_result *out, struct err *err)
{
	const char *id = start_transaction(all, out, err);
	int dropped;

	if (!id)
		return -1;
	watch_hint(all->pachd->opts.watch,
	    arena_fmt(all->pachd->arena, "  hint: %s\n", hint_of_open(all->pachd, id)).ptr);
	if (append_and_finish(all, id, out, err) < 0) {
		dropped = drop_transaction(all->pachd, id, err);
		if (dropped >= 0)
			watch_hint(all->pachd->opts.watch, NULL);
		if (out->unknown && dropped > 0) {
			out->unknown = false;
			(void)err_set(err, err->kind,
			    "the response to FinishTransaction of %s was lost; the transaction was "
			    "not finished and is deleted",
			    id);
			return err_hint(err, "push again");
		}
		change_mark_unknown(out, all->list, dropped < 0 ? all->count : 0);
		if (!out->unknown || dropped < 0)
			return -1;
		out->unknown = false;
	}
	change_mark_all_done(all, out);
	return 0;
}
