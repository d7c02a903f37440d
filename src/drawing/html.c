#include "drawing/html.h"

#include "base/arena.h"
#include "base/buf.h"
#include "drawing/label.h"
#include "drawing/svg.h"
#include "format/json_builder.h"
#include "secret/base64.h"
#include "secret/digest.h"

enum { TEXT_MAX = 8 << 20 };

/* 'sha256-…' of CSP Level 2. */
static void
add_hash(struct buf *out, struct arena *a, struct str text)
{
	unsigned char sum[DIGEST_SHA256_BYTES];

	digest_sha256(text, sum);
	buf_fmt(out, "'sha256-%.*s'",
	    STR_FMT(base64_text(a, (struct str){ (const char *)sum, sizeof(sum) }, BASE64_PADDED)));
}

static void
add_head(struct buf *out, struct arena *a, const struct drawing *d)
{
	struct str style = arena_fmt(a, "\n%s%s", svg_style, page_css);
	struct str script = arena_fmt(a, "\n%s", page_js);

	buf_add(out, STR("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	                 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
	                 "'none'; base-uri 'none'; form-action 'none'; style-src "));
	add_hash(out, a, style);
	buf_add(out, STR("; script-src "));
	add_hash(out, a, script);
	buf_add(out,
	    STR("\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"));
	if (d->refresh_s > 0)
		buf_fmt(out,
		    "<noscript><meta http-equiv=\"refresh\" content=\"%lld\"></noscript>\n",
		    (long long)d->refresh_s);
	buf_add(out, STR("<title>"));
	label_xml(out, d->title);
	buf_add(out, STR("</title>\n<style>"));
	buf_add(out, style);
	buf_add(out, STR("</style>\n</head>\n<body>\n"));
}

static void
add_facts(struct buf *out, const struct drawing *d)
{
	buf_add(out, STR("<p>"));
	for (size_t i = 0; i < d->fact_count; i++) {
		const struct drawing_fact *fact = &d->facts[i];

		buf_fmt(out, "%s%s ", i ? " · " : "", fact->name);
		if (fact->url.len > 0) {
			buf_add(out, STR("<a rel=\"noreferrer\" href=\""));
			label_xml(out, fact->url);
			buf_add(out, STR("\">"));
		}
		label_xml(out, fact->value);
		buf_add(out, fact->url.len > 0 ? STR("</a>") : STR(""));
	}
	buf_add(out, STR("</p>\n"));
}

static void
add_legend(struct buf *out, const struct drawing *d)
{
	size_t counts[LOOK_COUNT] = { 0 };

	for (size_t i = 0; i < d->node_count; i++)
		counts[d->nodes[i].look]++;
	buf_add(out, STR("<div id=\"legend\">"));
	for (size_t i = 0; i < LOOK_COUNT; i++)
		if (counts[i] > 0)
			buf_fmt(out,
			    "<button data-look=\"%s\" aria-pressed=\"false\"><span class=\"dot "
			    "%s\"></span>%zu %s</button>",
			    drawing_looks[i], drawing_looks[i], counts[i], drawing_looks[i]);
	buf_add(out, STR("</div>\n"));
}

/* The boxes by look, the worst first, then in the order of the drawing. */
static void
add_list(struct buf *out, const struct drawing *d)
{
	buf_add(out, STR("<nav><ul>\n"));
	for (size_t look = 0; look < LOOK_COUNT; look++)
		for (size_t i = 0; i < d->node_count; i++) {
			const struct drawing_node *node = &d->nodes[i];

			if (node->look != look)
				continue;
			buf_fmt(out, "<li data-node=\"%zu\"><span class=\"dot %s\"></span>", i,
			    drawing_looks[look]);
			label_xml(out, node->title);
			buf_add(out, STR(" <small>"));
			label_xml(out, node->note);
			buf_add(out, STR("</small></li>\n"));
		}
	buf_add(out, STR("</ul></nav>\n"));
}

static void
add_string(struct json *j, const char *key, struct str text)
{
	struct buf clean = BUF_INIT(TEXT_MAX);

	label_clean(&clean, text, true);
	json_string(j, key, buf_str(&clean));
	buf_free(&clean);
}

static void
add_node(struct json *j, const struct drawing_node *node)
{
	json_open(j, NULL, JSON_OBJECT);
	add_string(j, "title", node->title);
	add_string(j, "note", node->note);
	json_text(j, "look", drawing_looks[node->look]);
	json_open(j, "facts", JSON_ARRAY);
	for (size_t i = 0; i < node->fact_count; i++) {
		json_open(j, NULL, JSON_ARRAY);
		json_text(j, NULL, node->facts[i].name);
		add_string(j, NULL, node->facts[i].value);
		add_string(j, NULL, node->facts[i].url);
		json_close(j);
	}
	json_close(j);
	add_string(j, "diff", node->diff);
	add_string(j, "spec", node->spec);
	json_close(j);
}

static void
add_json(struct buf *out, const struct drawing *d)
{
	struct json j = JSON_TO(out);

	json_open(&j, NULL, JSON_OBJECT);
	json_int(&j, "refresh", d->refresh_s);
	json_open(&j, "nodes", JSON_ROWS);
	for (size_t i = 0; i < d->node_count; i++)
		add_node(&j, &d->nodes[i]);
	json_close(&j);
	json_open(&j, "edges", JSON_ARRAY);
	for (size_t i = 0; i < d->edge_count; i++) {
		json_open(&j, NULL, JSON_ARRAY);
		json_uint(&j, NULL, d->edges[i].from);
		json_uint(&j, NULL, d->edges[i].to);
		add_string(&j, NULL, d->edges[i].label);
		json_close(&j);
	}
	json_close(&j);
	json_close(&j);
}

/* HTML ends a script at "</script", and reads "<!--" in it: no '<' is left. */
static void
add_data(struct buf *out, const struct drawing *d)
{
	struct buf json = BUF_INIT(out->max);

	add_json(&json, d);
	buf_add(out, STR("<script type=\"application/json\" id=\"data\">"));
	for (size_t i = 0; i < json.len; i++)
		if (json.ptr[i] == '<')
			buf_add(out, STR("\\u003c"));
		else
			buf_add_char(out, json.ptr[i]);
	buf_add(out, STR("</script>\n"));
	out->full = out->full || json.full;
	buf_free(&json);
}

void
html_write(struct buf *out, struct arena *a, const struct drawing *d)
{
	add_head(out, a, d);
	buf_add(out, STR("<header>\n<h1>"));
	label_xml(out, d->title);
	buf_add(out, STR("</h1>\n"));
	add_facts(out, d);
	add_legend(out, d);
	buf_add(out, STR("<span id=\"stale\"></span>\n<div class=\"tools\"><input id=\"find\" "
	                 "type=\"search\" placeholder=\"Find: name, image, state ( / )\" "
	                 "aria-label=\"Find\"><button id=\"less\" aria-label=\"Smaller\">−</button>"
	                 "<button id=\"more\" aria-label=\"Larger\">+</button>"
	                 "<button id=\"fit\">Fit</button></div>\n</header>\n<main>\n"));
	add_list(out, d);
	buf_add(out, STR("<div id=\"view\">\n"));
	svg_add(out, a, d);
	buf_add(out, STR("</div>\n<aside id=\"side\" hidden></aside>\n</main>\n"));
	add_data(out, d);
	buf_fmt(out, "<script>\n%s</script>\n</body>\n</html>\n", page_js);
}
