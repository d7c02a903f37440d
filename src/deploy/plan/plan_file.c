#include "deploy/plan/plan_file.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/version.h"
#include "files/read.h"
#include "files/write.h"
#include "format/json_builder.h"
#include "pachd/pachd.h"
#include "pipeline/mark.h"
#include "pipeline/removal.h"
#include "pipeline/step.h"
#include "secret/digest.h"
#include "session/run.h"

#define PLAN_FORMAT "1"

static void
add_list(struct json *j, const char *key, const char *const *list, size_t count)
{
	json_open(j, key, JSON_ARRAY);
	for (size_t i = 0; i < count; i++)
		json_text(j, NULL, list[i]);
	json_close(j);
}

/* The commit is the one that was found, so that the images of then are those of now. */
static void
add_inputs(struct json *j, struct run *run, struct str sha)
{
	json_open(j, "inputs", JSON_BLOCK_OBJECT);
	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		const struct input *input = &inputs[id];
		struct str text = id == IN_SHA ? sha : str_of(value_text(&run->in, id));

		if (!input->decides)
			continue;
		if (input->kind == INPUT_LIST && run->in.count[id] > 0)
			add_list(j, input->name, run->in.list[id], run->in.count[id]);
		else if (input->kind != INPUT_LIST && text.len > 0)
			json_string(j, input->name, text);
	}
	json_close(j);
}

static struct str
file_hash(struct run *run, const char *file)
{
	for (size_t i = 0; i < run->sources.count; i++)
		if (run->sources.list[i].file == file)
			return digest_hex(run->arena, run->sources.list[i].text);
	return (struct str){ "", 0 };
}

static struct str
spec_hash(struct run *run, const struct step *step)
{
	struct buf json = BUF_INIT(MAX_RPC_BYTES);
	struct node *tree = node_copy(run->arena, step->tree);
	struct str hex;

	mark_drop(tree); /* of a run, not of a spec */
	json_write(&json, tree);
	hex = digest_hex(run->arena, buf_str(&json));
	buf_free(&json);
	return hex;
}

static struct str
version_text_of(struct run *run, const struct deployed *live)
{
	if (!live || !live->exists)
		return STR("none");
	return arena_fmt(run->arena, "%llu", (unsigned long long)live->version);
}

static struct str
action_of(const struct step *step)
{
	if (step->starts && step->action == ACTION_UPDATE)
		return STR("update and start");
	return str_of(step_action(step));
}

void
plan_file_rows(struct run *run, const struct step *step, struct plan_row rows[PLAN_ROWS])
{
	const struct deployed *live = step->live;
	const struct plan_row made[PLAN_ROWS] = {
		{ .key = "project", .value = step->spec->project },
		{ .key = "name", .value = step->spec->name },
		{ .key = "file", .value = str_of(step->spec->file), .what = "its file" },
		{ .key = "live_version",
		    .value = version_text_of(run, live),
		    .what = "its live version" },
		{ .key = "live_spec_commit",
		    .value = live && live->exists ? live->spec_commit : STR(""),
		    .what = "its live spec commit" },
		{ .key = "file_sha256",
		    .value = file_hash(run, step->spec->file),
		    .what = "its file",
		    .is_hash = true },
		{ .key = "image", .value = step->new_image, .what = "its image" },
		{ .key = "image_digest",
		    .value = step->image_digest,
		    .what = "the digest of its image's tag",
		    .is_optional = true },
		{ .key = "spec_sha256",
		    .value = spec_hash(run, step),
		    .what = "the rendered spec",
		    .is_hash = true },
		{ .key = "action", .value = action_of(step), .what = "the action" },
		{ .key = "reprocess",
		    .value = step->reprocess ? STR("true") : STR("false"),
		    .what = "reprocess" },
	};

	memcpy(rows, made, sizeof(made));
}

void
plan_file_removal_rows(
    struct run *run, const struct removal *one, struct plan_row rows[REMOVAL_ROWS])
{
	const struct plan_row made[REMOVAL_ROWS] = {
		{ .key = "project", .value = one->project },
		{ .key = "name", .value = one->name },
		{ .key = "live_version",
		    .value = version_text_of(run, one->live),
		    .what = "its live version" },
		{ .key = "live_spec_commit",
		    .value = one->live->spec_commit,
		    .what = "its live spec commit" },
		{ .key = "action", .value = str_of(removal_word(one->kind)), .what = "the action" },
		{ .key = "data",
		    .value = one->kind == REMOVAL_WITH_DATA ? STR("deleted") : STR("kept"),
		    .what = "its data" },
	};

	memcpy(rows, made, sizeof(made));
}

/* Pipelines that left git, in the order in which they are taken. */
static void
add_removals(struct json *j, struct run *run, const struct plan *plan)
{
	struct plan_row rows[REMOVAL_ROWS];

	if (run->opt.prune == PRUNE_FALSE)
		return;
	json_open(j, "prune", JSON_BLOCK_ARRAY);
	for (size_t i = 0; i < plan->removal_count; i++) {
		plan_file_removal_rows(run, &plan->removals[i], rows);
		json_open(j, NULL, JSON_OBJECT);
		for (size_t k = 0; k < REMOVAL_ROWS; k++)
			json_string(j, rows[k].key, rows[k].value);
		json_close(j);
	}
	json_close(j);
}

static void
add_pipelines(struct json *j, struct run *run, const struct plan *plan)
{
	struct plan_row rows[PLAN_ROWS];

	json_open(j, "pipelines", JSON_BLOCK_ARRAY);
	for (size_t i = 0; i < plan->count; i++) {
		plan_file_rows(run, &plan->steps[i], rows);
		json_open(j, NULL, JSON_OBJECT);
		for (size_t k = 0; k < PLAN_ROWS; k++)
			if (rows[k].value.len > 0 || !rows[k].is_optional)
				json_string(j, rows[k].key, rows[k].value);
		json_close(j);
	}
	json_close(j);
}

const char **
plan_file_repos(struct run *run, const struct plan *plan)
{
	const char **out = ARENA_ARRAY(run->arena, plan->repo_count, const char *);

	for (size_t i = 0; i < plan->repo_count; i++)
		out[i] = arena_cstr(run->arena,
		    spec_title(run->arena, plan->repos[i].project, plan->repos[i].name));
	return out;
}

/* Whether the file at `path` may be replaced: a plan, or one that is empty. */
static int
check_is_plan(struct run *run, const char *path, struct err *err)
{
	struct str text, rest;

	if (file_read(run->arena, path, MAX_PLAN_BYTES, &text, err) < 0)
		return -1;
	rest = str_trim(text);
	if (rest.len == 0)
		return 0;
	if (str_starts(rest, "{") && str_starts(str_trim(str_tail(rest, 1)), "\"pachup_plan\""))
		return 0;
	(void)err_set(err, ERR_USAGE, "'%s' exists and is not a plan file", path);
	return err_hint(err, "use a new file name, or remove that file first");
}

int
plan_file_check_place(struct run *run, struct err *err)
{
	const char *path = run->opt.out;

	if (run->opt.images.count == 0
	    && (env_get(&run->env, "DOCKER_IMAGE_NAME")
	        || env_get(&run->env, "DOCKER_IMAGE_TAG"))) {
		(void)err_set(err, ERR_USAGE,
		    "a plan file cannot record the variables DOCKER_IMAGE_NAME and "
		    "DOCKER_IMAGE_TAG");
		return err_hint(err, "use input 'images' instead");
	}
	if (path_fenced_new(run->arena, path, ci_fence(&run->ci), err) < 0)
		return err_wrap(err, "input 'out'");
	if (access(path, F_OK) == 0 && check_is_plan(run, path, err) < 0)
		return err_wrap(err, "input 'out'");
	return 0;
}

int
plan_file_write(struct run *run, const struct plan_facts *facts, struct err *err)
{
	const struct plan *plan = facts->plan;
	const char *path = run->opt.out;
	struct buf json = BUF_INIT(MAX_PLAN_BYTES);
	struct json j = { .out = &json, .is_spaced = true };
	int rc;

	json_open(&j, NULL, JSON_BLOCK_OBJECT);
	json_raw(&j, "pachup_plan", STR(PLAN_FORMAT));
	json_text(&j, "pachup", PACHUP_VERSION);
	json_string(&j, "sha", facts->work->commit.sha);
	json_open(&j, "cluster", JSON_OBJECT);
	json_string(&j, "address", facts->address);
	json_string(&j, "id", facts->cluster_id);
	json_string(&j, "version", facts->server->text);
	json_close(&j);
	add_inputs(&j, run, facts->work->commit.sha);
	add_list(&j, "create_repos", plan_file_repos(run, plan), plan->repo_count);
	add_pipelines(&j, run, plan);
	add_removals(&j, run, plan);
	json_close(&j);
	(void)json_line(&j);
	if (buf_is_full(&json))
		rc = err_set(
		    err, ERR_SYSTEM, "the plan is larger than %d MiB", MAX_PLAN_BYTES >> 20);
	else
		rc = file_put(run->arena, path, ci_fence(&run->ci), buf_str(&json), err);
	if (rc == 0)
		ci_log(&run->ci, "wrote the plan to %s", path);
	buf_free(&json);
	return rc;
}

/* An input that was not given gets its value from the plan file. */
static int
take_input(
    struct run *run, enum input_id id, const struct node *value, const char *name, struct err *err)
{
	const char **items = ARENA_ARRAY(run->arena, value->count + 1, const char *);
	size_t count = 0;

	if (value->kind == NODE_STRING)
		items[count++] = arena_cstr(run->arena, value->text);
	for (const struct node *n = value->kind == NODE_ARRAY ? value->first : NULL; n; n = n->next)
		if (n->kind == NODE_STRING)
			items[count++] = arena_cstr(run->arena, n->text);
	if ((value->kind == NODE_ARRAY) == (inputs[id].kind == INPUT_LIST))
		value_give(&run->in, id, items, count, name);
	return option_read(&run->opt, &run->in, id, err);
}

int
plan_file_none(const char *path, const char *why, struct err *err)
{
	(void)err_set(err, ERR_SPEC, "'%s' %s", path, why);
	return err_hint(err, "create it with this version: pachup plan --out FILE");
}

/* The words are checked as if they had been given. */
static int
take_inputs(struct run *run, const struct plan_file *file, struct err *err)
{
	const struct node *all = node_get(file->root, "inputs");

	for (enum input_id id = 0; id < INPUT_COUNT; id++) {
		const struct node *value = node_get(all, inputs[id].name);

		if (inputs[id].decides && value && take_input(run, id, value, file->name, err) < 0)
			return err_wrap(err, "plan '%s'", file->name);
	}
	return 0;
}

/* Whose a plan is decides more than its inputs: which branches may push it, and what the marks say. */
static int
check_target(const struct run *run, const struct plan_file *file, struct err *err)
{
	const struct node *list = node_get(node_get(file->root, "inputs"), "target");
	struct str then =
	    list && list->kind == NODE_ARRAY && list->first ? list->first->text : STR("");

	if (then.len == 0 || (run->target_name && str_is(then, run->target_name)))
		return 0;
	(void)err_set(err, ERR_USAGE,
	    "the plan in '%s' is for target '%.*s', and this run is for %s%s%s", file->name,
	    STR_FMT(then), run->target_name ? "target '" : "none",
	    run->target_name ? run->target_name : "", run->target_name ? "'" : "");
	return err_hint(err, "add --target %.*s", STR_FMT(then));
}

int
plan_file_read(struct run *run, struct plan_file *out, struct err *err)
{
	const char *path = run->opt.plan;
	struct diags d = diags_in(run->arena);
	const struct node *format;
	struct doc *doc;
	struct str text;

	if (file_read_in(run->arena, path, ci_fence(&run->ci), MAX_PLAN_BYTES, &text, err) < 0)
		return err_wrap(err, "input 'plan'");
	doc = doc_parse(run->arena, path, text, &d);
	if (d.errors > 0 || doc->count != 1 || doc->first->kind != NODE_OBJECT)
		return plan_file_none(path, "is not a plan file: invalid JSON", err);
	format = node_get(doc->first, "pachup_plan");
	if (!format || format->kind != NODE_NUMBER)
		return plan_file_none(path, "is not a plan file: \"pachup_plan\" is missing", err);
	if (!str_is(format->text, PLAN_FORMAT))
		return plan_file_none(path,
		    arena_fmt(run->arena, "has plan format %.*s, but this version reads format %s",
		        STR_FMT(str_head(format->text, 20)), PLAN_FORMAT)
		        .ptr,
		    err);
	*out = (struct plan_file){ path, doc->first };
	return check_target(run, out, err) < 0 ? -1 : take_inputs(run, out, err);
}
