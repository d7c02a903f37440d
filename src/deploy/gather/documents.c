#include "deploy/gather/documents.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "deploy/gather/gather.h"
#include "deploy/gather/overlay.h"
#include "files/paths.h"
#include "files/read.h"
#include "format/doc.h"
#include "format/jsonnet.h"
#include "format/utf16.h"
#include "pipeline/spec.h"
#include "session/read.h"
#include "session/run.h"
#include "session/scope.h"
#include "session/weigh.h"

enum { MAX_NAMES = 3, MAX_NAMES_BYTES = 16 << 10 };

/* The text without its NULs: what is left of UTF-16 without a byte order mark. */
static struct str
drop_nuls(struct arena *a, struct str text)
{
	char *to = arena_alloc(a, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] != '\0')
			to[len++] = text.ptr[i];
	return (struct str){ to, len };
}

bool
gather_meant_as_spec(struct arena *a, struct str text)
{
	if (str_find(text, '\0') < text.len)
		text = drop_nuls(a, text);
	return str_holds(text, STR("pipeline"))
	       && (str_holds(text, STR("transform")) || str_holds(text, STR("input")));
}

static void
refuse_aliases(const struct node *n, const char *file, struct diags *d)
{
	if (n->alias.line > 0)
		diag_hint(d,
		    diags_report(d, CHECK_ALIAS, file, n->alias, "aliases are not allowed"),
		    "write the value in full, or set input 'aliases' to 'expand'");
	for (n = n->first; n; n = n->next)
		refuse_aliases(n, file, d);
}

static bool
has_check(const struct diags *d, enum check check)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->list[i].check == check)
			return true;
	return false;
}

/* Whether a broken file that a search found is a mistake; else it is skipped. */
static bool
looks_like_spec(struct run *run, const char *name, struct str text, const struct diags *found)
{
	size_t slash = str_rfind(str_of(name), '/');
	struct str file = slash < strlen(name) ? str_of(name + slash) : str_of(name);

	if (gather_meant_as_spec(run->arena, text))
		return true;
	return has_check(found, CHECK_ENCODING)
	       && str_holds(arena_lower(run->arena, file), STR("pipeline"));
}

static void
read_spec(struct run *run, const char *file, struct node *n, struct node *plain, struct str project,
    struct work *out)
{
	bool is_set = gather_assign(run, &out->assigns, file, n);
	size_t before = out->specs.count;

	spec_read(&out->specs, run->arena, file, n, project, &run->diags);
	if (out->specs.count == before)
		return;
	out->specs.list[before].has_set_values = is_set;
	out->specs.list[before].has_patches = n != plain;
	out->specs.list[before].plain = plain;
}

/* The specs among the documents; how many there are, those included that were named and are none. */
static size_t
read_specs(struct run *run, const struct path *path, const struct doc *doc, struct work *out)
{
	struct str project = scope_project(run);
	struct node *next;
	size_t here = 0;

	for (struct node *n = doc->first; n; n = next) {
		next = n->next;
		if (spec_is_one(n)) {
			struct node *patched = overlay_apply(run, &out->patches, doc->file, n);

			here++;
			if (patched)
				read_spec(run, doc->file, patched, n, project, out);
		} else if (path->origin == PATH_NAMED) {
			here++;
			diag_hint(&run->diags,
			    diags_error(&run->diags, CHECK_NO_SPEC, doc->file, n->at,
			        "not a pipeline spec"),
			    "a spec is an object with \"pipeline\", \"transform\" and \"input\"");
		}
	}
	return here;
}

static void
warn_utf16(struct run *run, const char *name)
{
	diag_hint(&run->diags,
	    diags_warn(&run->diags, CHECK_ENCODING, name, (struct span){ 0 },
	        "the file is UTF-16; pachup reads it, but pachctl and other programs do not"),
	    "save it as UTF-8; PowerShell: Out-File -Encoding utf8");
}

void
documents_take(struct run *run, const struct path *path, struct str text, struct work *out)
{
	const char *name = path->is_stdin ? STDIN_NAME : path->name;
	struct diags found = diags_in(run->arena);
	bool is_utf16 = utf16_decode(run->arena, text, &text);
	struct doc *doc = doc_parse(run->arena, name, text, &found);
	size_t here;

	sources_add(&run->sources, run->arena, name, text);
	if (run->opt.aliases == ALIASES_REFUSE)
		for (const struct node *n = doc->first; n; n = n->next)
			refuse_aliases(n, name, &found);

	if (found.errors > 0 && path->origin == PATH_FOUND
	    && !looks_like_spec(run, name, text, &found)) {
		out->specs.skipped++;
		return;
	}
	diags_add(&run->diags, &found);
	here = read_specs(run, path, doc, out);
	if (here > 0 && is_utf16)
		warn_utf16(run, name);
	if (here > 0 || found.errors > 0)
		return;
	out->specs.skipped++;
	if (path->origin == PATH_NAMED)
		(void)diags_error(&run->diags, CHECK_NO_SPEC, name, (struct span){ 0 },
		    "no pipeline spec in this file");
}

/* Jsonnet is a language of its own, not broken YAML. */
static void
refuse_jsonnet(struct run *run, const struct path *path, struct str text)
{
	diag_hint(&run->diags,
	    diags_error(&run->diags, CHECK_NO_SPEC, path->name, (struct span){ 0 },
	        "a Jsonnet template is not a spec until it is rendered"),
	    "name it in input 'jsonnet', so that the cluster renders it, or run: %.*s",
	    STR_FMT(jsonnet_command(run->arena, path->name, text, NULL, 0, run->opt.command_name)));
}

/* One that a search found is only counted. */
static void
pass_jsonnet(struct run *run, const struct path *path, struct work *out)
{
	out->specs.skipped++;
	if (!str_ends(str_of(path->name), ".jsonnet")) /* a library is of no use alone */
		return;
	out->templates = arena_grow(run->arena, out->templates, out->template_count,
	    &out->template_room, sizeof(*out->templates));
	out->templates[out->template_count++] = path->name;
}

bool
documents_are_wanted(struct str name)
{
	return path_is_spec(name) || jsonnet_is_name(name);
}

void
documents_forget_template(struct work *work, const char *file)
{
	size_t count = 0;

	for (size_t i = 0; i < work->template_count; i++)
		if (strcmp(work->templates[i], file) != 0)
			work->templates[count++] = work->templates[i];
	work->specs.skipped -= work->template_count - count;
	work->template_count = count;
}

void
documents_note_jsonnet(struct run *run, const struct work *work)
{
	size_t count = work->template_count;
	struct buf names = BUF_INIT(MAX_NAMES_BYTES);

	for (size_t i = 0; i < count && i < MAX_NAMES; i++)
		buf_fmt(&names, "%s'%s'", i ? ", " : "", work->templates[i]);
	if (count > 0)
		ci_note(&run->ci,
		    "%zu Jsonnet template%s not read: %.*s%s; name %s in input 'jsonnet'", count,
		    count == 1 ? " is" : "s are", STR_FMT(buf_str(&names)),
		    count > MAX_NAMES ? ", …" : "", count == 1 ? "it" : "them");
	buf_free(&names);
}

int
documents_read(struct run *run, const struct path *path, struct work *out, struct err *err)
{
	bool is_jsonnet = !path->is_stdin && jsonnet_is_name(str_of(path->name));
	struct str text;
	int rc;

	if (is_jsonnet && path->origin == PATH_FOUND) {
		pass_jsonnet(run, path, out);
		return 0;
	}
	if (path->is_stdin)
		rc =
		    fd_read(run->arena, STDIN_FILENO, "standard input", MAX_SPEC_BYTES, &text, err);
	else
		rc = run_read(run, path->name, &text, err);
	if (rc < 0)
		return -1;
	if (is_jsonnet)
		refuse_jsonnet(run, path, text);
	else
		documents_take(run, path, text, out);
	return 0;
}
