/* graph: who reads what, drawn from the specs alone. */
#include <string.h>

#include "base/buf.h"
#include "cmd/command_table.h"
#include "deploy/gather/gather.h"
#include "inputs/exit_code.h"
#include "pipeline/graph.h"
#include "session/run.h"

enum { MAX_GRAPH_BYTES = 64 << 20 };

static void
draw(struct buf *out, const struct graph *g, enum output_form form)
{
	if (form == OUTPUT_MERMAID)
		graph_mermaid(out, g);
	else if (form == OUTPUT_DOT)
		graph_dot(out, g);
	else if (form == OUTPUT_JSON)
		graph_json(out, g);
	else
		graph_text(out, g);
}

int
cmd_graph(struct run *run, struct err *err)
{
	struct buf text = BUF_INIT(MAX_GRAPH_BYTES);
	struct work work = { 0 };
	struct graph g;
	int rc = EXIT_DONE;

	if (gather_specs(run, &work, err) < 0 || gather_show_diags(run, err) < 0)
		return -1;
	g = graph_make(run->arena, &work.specs, work.order);
	draw(&text, &g, run->opt.output);
	if (text.len > 0 && text.ptr[text.len - 1] != '\n')
		buf_add_char(&text, '\n');
	if (buf_is_full(&text))
		rc = err_set(err, ERR_SYSTEM, "the graph is larger than %d bytes", MAX_GRAPH_BYTES);
	else
		ci_result(&run->ci, buf_str(&text));
	buf_free(&text);
	return rc;
}
