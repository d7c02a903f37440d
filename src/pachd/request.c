#include "pachd/client.h"
#include "wire/encode.h"

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
