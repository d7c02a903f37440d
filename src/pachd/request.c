#include "pachd/rpc.h"
#include "wire/encode.h"

ProtobufCMessage *
request_encode(const struct pachd *p, struct arena *a, const struct node *tree, const char *file,
    bool zeros, struct diags *d)
{
	struct encode f = {
		.arena = a,
		.diags = d,
		.file = file,
		.version = p->facts.release,
		.keep_zero = zeros,
	};

	return encode_message(&f, rpc_method(p, METHOD_CREATE_PIPELINE)->request, tree);
}
