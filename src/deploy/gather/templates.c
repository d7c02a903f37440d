#include "deploy/gather/templates.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/nearest.h"
#include "base/utf8.h"
#include "deploy/gather/documents.h"
#include "deploy/gather/gather.h"
#include "deploy/gather/instances.h"
#include "files/paths.h"
#include "format/jsonnet.h"
#include "pachd/pachd.h"
#include "pachd/template.h"
#include "pipeline/credential.h"
#include "session/connect.h"
#include "session/read.h"
#include "session/run.h"

enum { SHOWN_VALUE = 40, MAX_TITLE = 4 << 10 };

bool
templates_are_asked(const struct options *opt)
{
	return opt->jsonnet.count + opt->instances.count > 0;
}

static bool
takes_template(struct str name)
{
	return str_ends(name, ".jsonnet");
}

/* The files of input `jsonnet`, each without arguments of its own. */
static int
add_files(struct run *run, struct instances *out, struct err *err)
{
	const struct items *given = &run->opt.jsonnet;
	struct path_list paths = { 0 };

	if (paths_expand(run->arena, given->list, given->count, ci_fence(&run->ci), takes_template,
	        &paths, err)
	    < 0)
		return err_wrap(err, "input 'jsonnet'");
	for (size_t i = 0; i < paths.count; i++) {
		struct instance one = { .file = paths.list[i].name };

		if (paths.list[i].is_stdin) {
			(void)err_set(err, ERR_USAGE,
			    "input 'jsonnet' cannot be standard input: name a file");
			return -1;
		}
		instances_add(out, run->arena, &one);
	}
	return 0;
}

/* The text of each file, read once: places name one and the same pointer. */
static int
read_file(struct run *run, struct instances *all, struct instance *one, struct err *err)
{
	size_t bad;

	for (const struct instance *i = all->list; i < one; i++)
		if (strcmp(i->file, one->file) == 0) {
			one->file = i->file;
			one->text = i->text;
			one->takes = i->takes;
			return 0;
		}
	if (run_read(run, one->file, &one->text, err) < 0)
		return err_wrap(err, "%s", one->place ? one->place : "input 'jsonnet'");
	one->text = utf8_bare(one->text);
	if (!utf8_is_valid(one->text, &bad) || str_find(one->text, '\0') < one->text.len)
		return err_set(err, ERR_SPEC, "template '%s' is not UTF-8 text", one->file);
	one->takes = jsonnet_parameters(run->arena, one->text);
	sources_add(&run->sources, run->arena, one->file, one->text);
	return 0;
}

static const struct jsonnet_parameter *
find_parameter(const struct instance *one, struct str name)
{
	for (size_t i = 0; i < one->takes.count; i++)
		if (str_eq(one->takes.list[i].name, name))
			return &one->takes.list[i];
	return NULL;
}

/* Where arguments are not secret: for messages. */
static struct jsonnet_argument *
shown_arguments(struct arena *a, const struct instance *one)
{
	struct jsonnet_argument *out = ARENA_ARRAY(a, one->count, struct jsonnet_argument);

	for (size_t i = 0; i < one->count; i++) {
		bool is_secret =
		    credential_is_name(one->list[i].name) || credential_is_text(one->list[i].value);

		out[i].name = one->list[i].name;
		out[i].value = is_secret ? STR("***") : one->list[i].value;
	}
	return out;
}

/* "edges.jsonnet(tag=1.3,src=images)": what messages call the rendered document. */
static const char *
title_of(struct arena *a, const struct instance *one)
{
	const struct jsonnet_argument *shown = shown_arguments(a, one);
	struct buf out = BUF_INIT(MAX_TITLE);

	buf_fmt(&out, "%s(", one->file);
	for (size_t i = 0; i < one->count; i++) {
		buf_fmt(&out, "%s%.*s=", i > 0 ? "," : "", STR_FMT(shown[i].name));
		utf8_add_cut(&out, shown[i].value, SHOWN_VALUE);
	}
	buf_add_char(&out, ')');
	if (!buf_is_full(&out))
		return buf_take(&out, a).ptr;
	buf_free(&out);
	return arena_fmt(a, "%s(…)", one->file).ptr;
}

/* The parameter that somebody may have meant by an unknown one, of `count` templates; NULL. */
static const char *
near_parameter(struct arena *a, const struct instance *list, size_t count, struct str name)
{
	struct nearest near = nearest_to(name);

	for (size_t i = 0; i < count; i++)
		for (size_t p = 0; p < list[i].takes.count; p++)
			nearest_offer(&near, arena_cstr(a, list[i].takes.list[p].name));
	return near.found;
}

/* " (deploy/prod.instances:3)", or "". */
static struct str
named_in(struct run *run, const struct instance *one)
{
	return one->place ? arena_fmt(run->arena, " (%s)", one->place) : STR("");
}

/* "tag, src", or "none". */
static struct str
names_of(struct run *run, const struct instance *one)
{
	struct str names = STR("");

	for (size_t i = 0; i < one->takes.count; i++)
		names = arena_listed(run->arena, names, one->takes.list[i].name);
	return names.len > 0 ? names : STR("none");
}

static void
refuse_argument(struct run *run, const struct instance *list, size_t count, struct str name)
{
	struct diags *d = &run->diags;
	const char *near = near_parameter(run->arena, list, count, name);
	struct diag *one = diags_error(d, CHECK_NO_SPEC, list->file, (struct span){ 0 },
	    "the template has no parameter '%.*s'%.*s", STR_FMT(name),
	    STR_FMT(named_in(run, list)));

	if (near)
		diag_hint(d, one, "did you mean '%s'?", near);
	else
		diag_hint(d, one, "its parameters are: %.*s", STR_FMT(names_of(run, list)));
}

/* What input `args` gives to all of them: each gets what it has a parameter for. False: there is no such one. */
static bool
hand_out(struct run *run, struct instances *all)
{
	size_t before = run->diags.count;

	for (size_t k = 0; k < all->common.count; k++) {
		const struct jsonnet_argument *arg = &all->common.list[k];
		bool is_used = all->count == 0;

		for (size_t i = 0; i < all->count; i++) {
			struct instance *one = &all->list[i];
			bool takes = !one->takes.is_known || find_parameter(one, arg->name);

			is_used = is_used || takes;
			if (takes && !instance_has(one, arg->name))
				instance_give(one, run->arena, arg);
		}
		if (!is_used)
			refuse_argument(run, all->list, all->count, arg->name);
	}
	return run->diags.count == before;
}

/* Parameters that get no value. */
static void
check_parameters(struct run *run, const struct instance *one)
{
	struct diags *d = &run->diags;

	for (size_t p = 0; p < one->takes.count; p++) {
		struct str name = one->takes.list[p].name;

		if (one->takes.list[p].is_optional || instance_has(one, name))
			continue;
		diag_hint(d,
		    diags_error(d, CHECK_NO_SPEC, one->file, (struct span){ 0 },
		        "parameter '%.*s' of the template gets no value%.*s", STR_FMT(name),
		        STR_FMT(named_in(run, one))),
		    "add %.*s=VALUE to input 'args', or to the instance", STR_FMT(name));
	}
}

/* What can be said without the cluster. False: there is a mistake. */
static bool
check_arguments(struct run *run, const struct instance *one)
{
	size_t before = run->diags.count;

	for (size_t i = 0; one->takes.is_known && i < one->count; i++)
		if (!find_parameter(one, one->list[i].name))
			refuse_argument(run, one, 1, one->list[i].name);
	/* a name that is mistyped is one mistake */
	if (one->takes.is_known && run->diags.count == before)
		check_parameters(run, one);
	return run->diags.count == before;
}

/* The words to do without the cluster. */
static struct str
words_of(struct run *run, const struct instance *one)
{
	return jsonnet_command(run->arena, one->file, one->text, shown_arguments(run->arena, one),
	    one->count, run->opt.command_name);
}

static struct diag *
report_mistake(struct run *run, const struct instance *one, struct span at, struct str why)
{
	return diags_error(&run->diags, CHECK_NO_SPEC, one->file, at, "%.*s", STR_FMT(why));
}

/* Without a cluster, or with one that is too old. */
static void
refuse_all(struct run *run, const struct instances *all, const struct pachd_facts *facts)
{
	struct diags *d = &run->diags;

	for (size_t i = 0; i < all->count; i++) {
		const struct instance *one = &all->list[i];
		struct str words = words_of(run, one);

		if (facts)
			diag_hint(d,
			    report_mistake(run, one, (struct span){ 0 },
			        arena_fmt(run->arena,
			            "pachd %.*s renders no Jsonnet templates: 2.1 and later do",
			            STR_FMT(facts->text))),
			    "run: %.*s", STR_FMT(words));
		else
			diag_hint(d,
			    report_mistake(run, one, (struct span){ 0 },
			        STR("a Jsonnet template is rendered by the cluster, and none is "
			            "given")),
			    "add input 'cluster' (pachd 2.1 or later), or run: %.*s",
			    STR_FMT(words));
	}
}

/* What Jsonnet says, at the place in the template that it names. */
static void
report_fault(struct run *run, const struct instance *one, struct str fault)
{
	struct span at = { 0 };
	struct str line = str_trim(str_head(fault, str_find(fault, '\n')));

	(void)jsonnet_place(fault, &at.line, &at.col);
	diag_hint(&run->diags,
	    report_mistake(run, one, at,
	        arena_fmt(run->arena, "cannot render '%s': %.*s", one->title, STR_FMT(line))),
	    "to see the whole message, run: %.*s", STR_FMT(words_of(run, one)));
}

/* The specs in what the cluster has rendered, as of a file. */
static void
take_document(struct run *run, const struct instance *one, struct str json, struct work *out)
{
	struct path path = { .name = one->title, .origin = PATH_NAMED };
	size_t before = out->specs.count;

	documents_take(run, &path, json, out);
	for (size_t i = before; i < out->specs.count; i++) {
		out->specs.list[i].template = one->file;
		if (one->count > 0)
			out->specs.list[i].has_set_values = true;
	}
}

static int
ask_to_render(struct run *run, struct pachd *cluster, const struct instances *all, struct work *out,
    struct err *err)
{
	struct pachd_template *list = ARENA_ARRAY(run->arena, all->count, struct pachd_template);
	size_t count = 0;

	if (pachd_probe(cluster, NULL, 0, NULL, err) < 0)
		return -1;
	if (!pachd_can_render(cluster)) {
		refuse_all(run, all, pachd_facts(cluster));
		return 0;
	}
	for (size_t i = 0; i < all->count; i++)
		list[i] = (struct pachd_template){ .text = all->list[i].text,
			.arguments = all->list[i].list,
			.count = all->list[i].count };
	if (pachd_render(cluster, list, all->count, err) < 0)
		return -1;
	for (size_t i = 0; i < all->count; i++) {
		count += list[i].is_rendered;
		if (list[i].is_rendered)
			take_document(run, &all->list[i], list[i].json, out);
		else
			report_fault(run, &all->list[i], list[i].fault);
	}
	ci_log(&run->ci, "%zu Jsonnet template%s rendered by %s", count, count == 1 ? "" : "s",
	    run->opt.cluster);
	return 0;
}

static int
render_all(struct run *run, const struct instances *all, struct work *out, struct err *err)
{
	struct pachd *cluster;
	int rc;

	if (!run->opt.cluster) {
		refuse_all(run, all, NULL);
		return 0;
	}
	connect_drop_token(run);
	cluster = connect_open(run, err);
	rc = cluster ? ask_to_render(run, cluster, all, out, err) : -1;
	pachd_close(cluster);
	return rc < 0 ? err_wrap(err, "cannot render the Jsonnet templates") : 0;
}

int
templates_read(struct run *run, struct work *out, struct err *err)
{
	struct instances all = { 0 };
	bool is_sound;

	if (!templates_are_asked(&run->opt)) {
		if (run->opt.args.count == 0)
			return 0;
		(void)err_set(err, ERR_USAGE, "input 'args' has values, but there is no template");
		return err_hint(err, "name the template in input 'jsonnet'");
	}
	if (add_files(run, &all, err) < 0 || instances_read(run, out, &all, err) < 0)
		return -1;
	for (size_t i = 0; i < all.count; i++)
		if (read_file(run, &all, &all.list[i], err) < 0)
			return -1;
	is_sound = hand_out(run, &all);
	for (size_t i = 0; i < all.count; i++) {
		all.list[i].title = title_of(run->arena, &all.list[i]);
		is_sound = is_sound && check_arguments(run, &all.list[i]);
		documents_forget_template(out, all.list[i].file);
	}
	return is_sound && all.count > 0 ? render_all(run, &all, out, err) : 0;
}
