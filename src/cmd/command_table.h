/* command_table.h: the commands of pachup, each in a file of its own, unless it only calls its engine. */
#ifndef CMD_COMMAND_TABLE_H
#define CMD_COMMAND_TABLE_H

#include "base/base.h"
#include "base/err.h"
#include "help/command.h"

struct run;

extern const struct commands commands;

/* Commands return 0 or EXIT_CHANGES, or -1 with *err set. */
int cmd_push(struct run *run, struct err *err) NODISCARD;
int cmd_rollback(struct run *run, struct err *err) NODISCARD;
int cmd_validate(struct run *run, struct err *err) NODISCARD;
int cmd_set_image(struct run *run, struct err *err) NODISCARD;
int cmd_inputs(struct run *run, struct err *err) NODISCARD;
int cmd_schema(struct run *run, struct err *err) NODISCARD;
int cmd_render(struct run *run, struct err *err) NODISCARD;
int cmd_compare(struct run *run, struct err *err) NODISCARD;
int cmd_graph(struct run *run, struct err *err) NODISCARD;
int cmd_explain(struct run *run, struct err *err) NODISCARD;
int cmd_down(struct run *run, struct err *err) NODISCARD;
int cmd_status(struct run *run, struct err *err) NODISCARD;
int cmd_drift(struct run *run, struct err *err) NODISCARD;
int cmd_completion(struct run *run, struct err *err) NODISCARD;
int cmd_help(struct run *run, struct err *err) NODISCARD;
int cmd_put(struct run *run, struct err *err) NODISCARD;
int cmd_get(struct run *run, struct err *err) NODISCARD;
int cmd_ls(struct run *run, struct err *err) NODISCARD;
int cmd_repo_ensure(struct run *run, struct err *err) NODISCARD;
int cmd_gate(struct run *run, struct err *err) NODISCARD;
int cmd_secret_set(struct run *run, struct err *err) NODISCARD;
int cmd_secret_ls(struct run *run, struct err *err) NODISCARD;
int cmd_run(struct run *run, struct err *err) NODISCARD;
int cmd_rerun(struct run *run, struct err *err) NODISCARD;
int cmd_logs(struct run *run, struct err *err) NODISCARD;
int cmd_history(struct run *run, struct err *err) NODISCARD;
int cmd_provenance(struct run *run, struct err *err) NODISCARD;

#endif
