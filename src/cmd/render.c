/* render: prints the specs as they would be sent, without a cluster. */
#include "base/buf.h"
#include "cmd/command_table.h"
#include "deploy/gather/gather.h"
#include "format/json_builder.h"
#include "format/yaml_write.h"
#include "session/run.h"

enum { MAX_RENDER_BYTES = 256 << 20 };

static void
add_yaml(struct buf *out, const struct work *work)
{
	for (size_t i = 0; i < work->count; i++) {
		buf_add(out, i > 0 ? STR("---\n") : STR(""));
		yaml_write(out, work->list[i].tree);
	}
}

static void
add_json(struct buf *out, const struct work *work)
{
	struct json j = JSON_TO(out);

	json_open(&j, NULL, JSON_ARRAY);
	for (size_t i = 0; i < work->count; i++)
		json_node(&j, NULL, work->list[i].tree);
	json_close(&j);
	(void)json_line(&j);
}

int
cmd_render(struct run *run, struct err *err)
{
	struct buf text = BUF_INIT(MAX_RENDER_BYTES);
	struct work work;

	if (gather(run, &work, err) < 0)
		return -1;
	if (output_is_json(&run->in))
		add_json(&text, &work);
	else
		add_yaml(&text, &work);
	return ci_result_take(&run->ci, &text, "the list of specs", err);
}
