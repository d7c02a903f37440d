/* limits.h: every ceiling on what others can make us hold, and its reason. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
	MAX_SPEC_BYTES = 4 << 20, /* one spec file; the largest of 1,355 real ones has 18 KiB */
	MAX_SPEC_DEPTH = 64,      /* nesting of one document; real inputs nest 3 deep */
	MAX_ALIAS_NODES = 200000, /* values that aliases of one file stand for; real ones: a few */
	MAX_YAML_DIRECTIVES = 1000, /* lines that start with '%' in one file; real ones have none */
	MAX_SPEC_FILES = 50000,     /* files of one run; the largest user has about 1,000 */
	MAX_TREE_FILES = 500000,    /* files of a commit that compare looks at; Linux has 90,000 */
	MAX_DIAGS = 10000,          /* mistakes kept; a broken generator must not fill memory */
	MAX_PLAN_BYTES = 32 << 20,  /* a plan's file; 20,000 pipelines take 12 MB */
	MAX_EVENT_BYTES = 16 << 20, /* a CI event payload; GitHub caps webhooks at 25 MB */
	MAX_TOKEN_BYTES = 8 << 10,  /* a Pachyderm token has 32 characters, an ID token 2 KiB */
	MAX_SECRET_BYTES = 64 << 10, /* a file with a secret: a sealed token has at most 18 KiB */
	MAX_CA_BYTES = 4 << 20,      /* a file of certificate authorities; Debian's has 0.2 MiB */
	MAX_RECIPIENTS = 32,      /* keys that can open one sealed token; a team has two or three */
	MAX_REST_BYTES = 1 << 20, /* one answer of a REST API; a page of 100 entries has 200 KiB */
	MAX_TREE_BYTES = 48 << 20, /* a code host's list of files: on GitHub 100,000 of 300 bytes */
	MAX_RPC_BYTES = 20 << 20,  /* one gRPC message, the server's own limit in every release */
	/* messages within one gRPC message, of two bytes at least; a pipeline has some 25, and only 1.x sends many in one */
	MAX_REPLY_MESSAGES = 250000,
	MAX_READ_MESSAGES = 2000000,  /* messages in all answers of a run, or of one poll: 0.6 GB */
	MAX_STREAM_BYTES = 256 << 20, /* all messages of one server stream together */
	MAX_RPC_STREAMS = 100,        /* calls in flight; Envoy in front of pachd allows 100 */
	MAX_RPC_LANES = 4,            /* lanes of calls; lane 0 has no limit of its own */
	DRY_RUN_LANE = 3,             /* the lane of dry runs of pipelines */
	MAX_DRY_RUNS = 16,            /* dry runs in flight: more would keep other users out */
	MAX_LANE_CALLS = 4, /* reads in flight; each takes 2 database connections of perhaps 10 */
	MAX_HEADER_BYTES = 64 << 10, /* all response headers and trailers of one call */
	MAX_DIR_DEPTH = 32,          /* directories below a PATH; ends symlink loops early */
	MAX_ARGUMENTS = 1000,        /* of one Jsonnet template; real ones have ten */
	MAX_DATA_FILES =
	    1000000,            /* files of one put or get; the largest real directories: 100,000 */
	MAX_BUILD_ARGS = 1000,  /* ARG lines before the first FROM of a Dockerfile; real ones: 20 */
	MAX_JSON_DEPTH = 10000, /* nesting of a JSON value that put splits off: Go's own limit */
	MAX_RESULT_BYTES = 16 << 20,  /* a file that a gate reads as JSON */
	MAX_OUTPUT_BYTES = 256 << 10, /* one step output; above it is left empty with a notice */
	CLEANUP_MS = 4000, /* to undo what was begun and ask how it went, after a failure or a
	                      signal: runners send a second signal 7.5 s after the first */
};

#endif
