/* Tags that stand elsewhere in the document, under a name: which of them may be changed there. */
#include "tap.h"

#include "base/arena.h"
#include "format/doc.h"
#include "retag/select.h"

#define ARGO        "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nspec:\n"
#define TAG(more)   "  arguments: {parameters: [{name: tag, value: '1'" more "}]}\n"
#define IMAGE(text) "  templates: [{name: a, container: {image: '" text "'}}]\n"
#define BOTH(more)  ARGO TAG(more) IMAGE("r/a:{{workflow.parameters.tag}}")
#define INPUT(input, more)                                                                 \
	ARGO "  templates:\n  - {name: a, inputs: {parameters: [{name: tag, " input "}]}," \
	     " container: {image: 'r/a:{{inputs.parameters.tag}}'}}\n" more

/* Of each image whose tag is somewhere else "IMAGE=TAG". */
static struct str
tags_of(struct arena *a, const char *text, bool is_named)
{
	const struct select_how how = {
		.file = "x.yaml", .is_named = is_named, .kinds = SELECT_ANY
	};
	struct image_places places = { 0 };
	struct diags d = diags_in(a);
	struct doc *doc = doc_parse_any(a, "x.yaml", str_of(text), &d);
	struct str got = STR("");

	ok(d.errors == 0, "the text is sound");
	for (const struct node *n = doc->first; n; n = n->next)
		(void)select_images(&places, a, &how, n);
	for (size_t i = 0; i < places.count; i++)
		if (places.list[i].repo_len > 0)
			got = arena_fmt(a, "%.*s%.*s=%.*s ", STR_FMT(got),
			    STR_FMT(str_head(places.list[i].image->text, places.list[i].repo_len)),
			    STR_FMT(places.list[i].tag->text));
	return got;
}

static void
test_named_tags__workflows(struct arena *a)
{
	static const struct {
		const char *text, *tags;
	} rows[] = {
		{ BOTH(""), "r/a=1 " },
		{ ARGO TAG("") IMAGE("r/a:{{ workflow.parameters.tag }}"), "r/a=1 " },
		{ "apiVersion: argoproj.io/v1alpha1\nkind: CronWorkflow\nspec: {workflowSpec: {"
		  "arguments: {parameters: [{name: my-tag, value: 1}]}, templates: [{name: a, "
		  "script: {image: 'r/a:{{workflow.parameters.my-tag}}'}}]}}",
		    "r/a=1 " },
		/* twice the same image is one image; another one, or any other text, is not */
		{ BOTH("") "  podSpecPatch: 'r/a:{{workflow.parameters.tag}}'\n", "r/a=1 " },
		{ BOTH("") "  podSpecPatch: 'r/b:{{workflow.parameters.tag}}'\n", "" },
		{ BOTH("") "  podSpecPatch: 'v={{ workflow.parameters.tag }}'\n", "" },
		{ BOTH("") "  podSpecPatch: \"{{=workflow.parameters['tag']}}\"\n", "" },
		{ BOTH("") "  podSpecPatch: '{{workflow.parameters}}'\n", "" },
		{ BOTH("") "  podSpecPatch: '{{workflow.parameters.json}}'\n", "" },
		{ BOTH("") "  podSpecPatch: '{{workflow.parameters.tags}}'\n", "r/a=1 " },
		{ BOTH(", enum: ['1']"), "" },
		{ BOTH(", valueFrom: {}"), "" },
		{ BOTH("}, {name: tag, value: '3'"), "" },
		{ ARGO TAG("") IMAGE("r/a:v{{workflow.parameters.tag}}"), "" },
		{ ARGO TAG("") IMAGE("r/a:{{workflow.parameters.tag}}-slim"), "" },
		{ ARGO TAG("") IMAGE("r/{{workflow.parameters.tag}}"), "" },
		{ ARGO TAG("") IMAGE("r/a:{{workflow.name}}"), "" },
		{ ARGO TAG("") IMAGE("r/a:{{workflow.parameters.other}}"), "" },
		{ ARGO TAG("") IMAGE(":{{workflow.parameters.tag}}"), "" },
		{ ARGO TAG("") IMAGE("r/a:{{}}"), "" },
		{ ARGO TAG("") IMAGE("r/a:{{"), "" },
		{ ARGO "  arguments: {parameters: [{name: tag, value: '{{x}}'}]}\n" IMAGE(
		      "r/a:{{workflow.parameters.tag}}"),
		    "" },
		{ ARGO "  arguments: {parameters: [{name: tag, value: null}]}\n" IMAGE(
		      "r/a:{{workflow.parameters.tag}}"),
		    "" },
		{ INPUT("default: '1'", ""), "r/a=1 " },
		{ INPUT("value: '1', default: '2'", ""), "r/a=1 " },
		{ INPUT("default: '1'",
		      "  - {name: b, inputs: {parameters: [{name: tag, value: 3}]}}"),
		    "r/a=1 " },
		{ INPUT("default: '1'",
		      "  - {name: b, script: {source: '{{inputs.parameters.tag}}'}}"),
		    "r/a=1 " },
		/* a call gives another one */
		{ INPUT("default: '1'", "  - steps: [[{template: a, arguments: {parameters: "
		                        "[{name: tag, value: 3}]}}]]"),
		    "" },
		{ INPUT("default: '1'", TAG("")), "" },
		{ "apiVersion: x/v1\nkind: Workflow\nspec:\n" TAG("")
		        IMAGE("r/a:{{workflow.parameters.tag}}"),
		    "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str got = tags_of(a, rows[i].text, false);

		ok(str_is(got, rows[i].tags), "row %zu: %.*s", i, STR_FMT(got));
	}
}

static void
test_named_tags__variables(struct arena *a)
{
	static const struct {
		const char *text, *tags;
	} rows[] = {
		{ "variables: {TAG: 1}\na: {image: 'r/a:$TAG'}", "r/a=1 " },
		{ "variables: {TAG: '1'}\na: {image: 'r/a:${TAG}'}", "r/a=1 " },
		{ "variables: [{name: TAG, value: 1}]\na: {image: 'r/a:$(TAG)'}", "r/a=1 " },
		{ "variables: {TAG: 1, V: $TAG}\na: {image: 'r/a:$TAG'}", "" },
		{ "variables: {TAG: 1}\na: {image: 'r/a:$TAG', script: ['echo %tag%']}", "" },
		{ "variables: {TAG: 1}\na: {image: 'r/a:$TAG', script: ['echo $TAGS']}", "r/a=1 " },
		{ "variables: {TAG: 1}\na: {image: 'r/a:$TAG', variables: {tag: 2}}", "" },
		{ "variables: {TAG: 1}\na: {image: 'r/a:$TAG'}\nb: {image: 'r/b:$TAG'}", "" },
		{ "variables: {TAG: {value: 1}}\na: {image: 'r/a:$TAG'}", "" },
		{ "variables: {TAG: $X}\na: {image: 'r/a:$TAG'}", "" },
		{ "variables: {tag: 1}\na: {image: 'r/a:$TAG'}", "" },
		{ "variables: [{name: TAG, value: 1}, {group: g}]\na: {image: 'r/a:$(TAG)'}", "" },
		{ "variables: [{name: TAG, value: 1}]\na: {v: [{name: TAG}], image: 'r/a:$(TAG)'}",
		    "" },
		{ "variables: 1\na: {image: 'r/a:$TAG'}", "" },
		{ "variables: {TAG: 1}\na: {image: 'r/a:$'}", "" },
		{ "variables: {TAG: 1}\na: {image: 'r/a:${}'}", "" },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str got = tags_of(a, rows[i].text, true);

		ok(str_is(got, rows[i].tags), "row %zu: %.*s", i, STR_FMT(got));
	}
	ok(tags_of(a, rows[0].text, false).len == 0, "a file that nobody named is no CI file");
}

int
main(void)
{
	struct arena *a = arena_new(no_memory);

	test_named_tags__workflows(a);
	test_named_tags__variables(a);
	arena_free(a);
	return done();
}
