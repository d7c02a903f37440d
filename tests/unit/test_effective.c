#include "trial.h"

#include "base/buf.h"
#include "pps_v2.pb-c.h"
#include "wire/effective.h"

static void
test_effective_merge__as_the_server_merges(void)
{
	static const struct {
		const char *name, *answer, *user, *out;
	} rows[] = {
		{ "numbers stay as they are written", "{\"datumTries\":\"3\"}",
		    "{\"datum_tries\":3}", "{\"datumTries\":3}" },
		{ "a default stays", "{\"datumTries\":\"3\",\"outputBranch\":\"master\"}", "{}",
		    "{\"datumTries\":\"3\",\"outputBranch\":\"master\"}" },
		{ "zeros that are spelled out", "{}",
		    "{\"autoscaling\":false,\"description\":\"\"}",
		    "{\"autoscaling\":false,\"description\":\"\"}" },
		{ "within messages", "{\"parallelismSpec\":{\"constant\":\"1\"}}",
		    "{\"parallelism_spec\":{\"constant\":1}}",
		    "{\"parallelismSpec\":{\"constant\":1}}" },
		{ "null takes away", "{\"outputBranch\":\"master\"}", "{\"output_branch\":null}",
		    "{}" },
		{ "maps are merged", "{\"transform\":{\"env\":{\"A\":\"1\",\"B\":\"2\"}}}",
		    "{\"transform\":{\"env\":{\"A\":null,\"C\":\"3\"}}}",
		    "{\"transform\":{\"env\":{\"B\":\"2\",\"C\":\"3\"}}}" },
		{ "lists are replaced, keys in lowerCamelCase",
		    "{\"input\":{\"cross\":[{\"pfs\":{\"emptyFiles\":true}}]}}",
		    "{\"input\":{\"cross\":[{\"pfs\":{\"empty_files\":true,\"lazy\":false}}]}}",
		    "{\"input\":{\"cross\":[{\"pfs\":{\"emptyFiles\":true,\"lazy\":false}}]}}" },
		{ "an enum's number is its name", "{\"tolerations\":[{\"operator\":\"EXISTS\"}]}",
		    "{\"tolerations\":[{\"operator\":1}]}",
		    "{\"tolerations\":[{\"operator\":\"EXISTS\"}]}" },
		{ "a duration as it was sent", "{\"jobTimeout\":\"90.500s\"}",
		    "{\"jobTimeout\":\"90.500000000s\"}", "{\"jobTimeout\":\"90.500000000s\"}" },
		{ "an address in capitals", "{\"egress\":{\"URL\":\"s3://a/b\"}}",
		    "{\"egress\":{\"URL\":\"s3://a/b\"}}", "{\"egress\":{\"URL\":\"s3://a/b\"}}" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct trial answer = trial(rows[i].answer), user = trial(rows[i].user);
		struct buf text = BUF_INIT(4096);

		effective_merge(answer.a, &pps_v2__create_pipeline_request__descriptor,
		    answer.doc->first, user.doc->first);
		json_write(&text, answer.doc->first);
		ok(str_is(buf_str(&text), rows[i].out), "%s: %.*s", rows[i].name,
		    STR_FMT(buf_str(&text)));
		buf_free(&text);
		arena_free(answer.a);
		arena_free(user.a);
	}
}

int
main(void)
{
	test_effective_merge__as_the_server_merges();
	return done();
}
