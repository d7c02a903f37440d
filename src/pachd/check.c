#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "pachd/fill.h"
#include "pachd/fit.h"
#include "pachd/inside.h"
#include "pachd/value.h"

ProtobufCMessage *
request_fill(
    const struct pachd *p, const struct node *tree, const char *file, bool zeros, struct diags *d)
{
	struct fill f = {
		.arena = p->arena,
		.diags = d,
		.file = file,
		.version = p->facts.version,
		.keep_zero = zeros,
	};

	return fill_message(&f, p->generation->line->create_request, tree);
}

void
pachd_check(const struct pachd *p, const struct node *tree, const char *file, struct diags *d)
{
	(void)request_fill(p, tree, file, false, d);
}

/* The mistakes of the tree as a spec of one line. */
static struct diags
try_line(struct arena *a, const struct line *line, const struct node *tree, const char *file,
    uint32_t version)
{
	struct diags d = diags_in(a);
	struct fill f = { .arena = a, .diags = &d, .file = file, .version = version };

	(void)fill_message(&f, line->create_request, tree);
	return d;
}

static void
move(struct diags *to, const struct diags *from)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct diag *one = &from->list[i];

		diag_mend(to, diags_error(to, one->file, one->at, "%.*s", STR_FMT(one->what)),
		    "%.*s", STR_FMT(one->mend));
	}
}

void
pachd_check_offline(
    struct arena *a, const struct node *tree, const char *file, uint32_t version, struct diags *d)
{
	struct diags two, one;

	if (version != 0) {
		two = try_line(a, generation_of(version)->line, tree, file, version);
		move(d, &two);
		return;
	}
	two = try_line(a, &line_2, tree, file, 0);
	if (two.count == 0)
		return;
	one = try_line(a, &line_1, tree, file, 0);
	if (one.count > 0)
		move(d, one.count < two.count ? &one : &two);
}

static void
fit_duration(struct arena *a, struct node *n)
{
	struct span_of_time time;
	const char *sign;
	int64_t nanos;

	if (n->kind != NODE_STRING || !value_duration(n->text, &time))
		return;
	sign = time.seconds < 0 || time.nanos < 0 ? "-" : "";
	nanos = time.nanos < 0 ? -(int64_t)time.nanos : time.nanos;
	if (nanos == 0)
		n->text = arena_fmt(a, "%s%llds", sign,
		    (long long)(time.seconds < 0 ? -time.seconds : time.seconds));
	else
		n->text = arena_fmt(a, "%s%lld.%09llds", sign,
		    (long long)(time.seconds < 0 ? -time.seconds : time.seconds), (long long)nanos);
}

static void
fit_text(struct arena *a, struct node *n)
{
	struct buf text = BUF_INIT(MAX_SPEC_BYTES);

	json_write(&text, n);
	n->kind = NODE_STRING;
	n->first = NULL;
	n->count = 0;
	n->text = buf_take(&text, a);
}

/* Depth is bounded by MAX_SPEC_DEPTH, so recursion is fine. */
void
tree_fit(struct arena *a, const ProtobufCMessageDescriptor *type, struct node *object)
{
	for (struct node *member = object->first; member; member = member->next) {
		const ProtobufCFieldDescriptor *field = fill_find(a, type, member->key);
		const ProtobufCMessageDescriptor *inner;

		if (!field)
			continue;
		if (field->type == PROTOBUF_C_TYPE_STRING
		    && (member->kind == NODE_OBJECT
		        || (member->kind == NODE_ARRAY
		            && field->label != PROTOBUF_C_LABEL_REPEATED)))
			fit_text(a, member);
		if (field->type != PROTOBUF_C_TYPE_MESSAGE || field_is_map(field))
			continue;
		inner = field->descriptor;
		if (str_is(str_of(inner->name), "google.protobuf.Duration"))
			fit_duration(a, member);
		else if (member->kind == NODE_OBJECT)
			tree_fit(a, inner, member);
		else if (member->kind == NODE_ARRAY)
			for (struct node *n = member->first; n; n = n->next)
				if (n->kind == NODE_OBJECT)
					tree_fit(a, inner, n);
	}
}
