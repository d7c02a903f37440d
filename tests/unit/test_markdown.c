/*
 * Untrusted text in Markdown: ci/markdown.c. cmark-gfm, which GitHub uses, renders it; then nothing in the text outside
 * of code may look like what GitHub turns into mentions, references or links.
 */
#include "tap.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "ci/markdown.h"

enum { HTML_MAX = 8192 };

static const char *const texts[] = {
	"@org/team",
	"fix-@org/team-now",
	"`@org/team`",
	"``` @user ```",
	"`",
	"``",
	"a`b``c",
	"|@user|",
	"a\\@user",
	"@user\\",
	"#1",
	"org/repo#12",
	"GH-123",
	"gh-7",
	"org/repo@0123456789012345678901234567890123456789",
	"www.example.com",
	"WWW.example.com",
	"https://example.com/x",
	"http://@user",
	"ftp://example.com",
	"HTTPS://EXAMPLE.COM",
	"mailto:a@example.com",
	"xmpp:a@example.com/x",
	"a@example.com",
	"<https://example.com>",
	"[x](https://example.com)",
	"![x](//example.com)",
	"[x]: https://example.com",
	"<!-- -->@user",
	"</td><a href=x>@user</a>",
	"&#64;user",
	"&commat;user",
	"~~@user~~ **#1** __x__",
	"$@user$ \xef\xbc\xa0user",
	"\xe2\x80\x8b@user",
	"- [ ] @user",
	"1. #1",
	"`` @user `",
	" @user ",
	"--- @user",
	"> @user",
};

/* Renders `markdown`; false: there is no cmark-gfm. */
static bool
render(struct str markdown, char html[HTML_MAX])
{
	char name[] = "/tmp/pachup-markdown-XXXXXX", command[200];
	int fd = mkstemp(name);
	size_t len = 0;
	FILE *from;

	if (fd < 0 || write(fd, markdown.ptr, markdown.len) < 0)
		ok(false, "writing %s", name);
	(void)close(fd);
	(void)snprintf(command, sizeof(command),
	    "cmark-gfm --unsafe -e table -e autolink -e strikethrough <%s", name);
	from = popen(command, "r");
	if (from)
		len = fread(html, 1, HTML_MAX - 1, from);
	html[len] = '\0';
	(void)unlink(name);
	return from && pclose(from) == 0;
}

/* The text that GitHub looks at: no code, no tags, character references replaced; true: a tag was a link. */
static bool
take_text(const char *html, char text[HTML_MAX])
{
	static const struct {
		const char *name;
		char is;
	} names[] = { { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' } };
	bool has_link = false, in_code = false;
	size_t len = 0;

	while (*html) {
		size_t step = 1;
		char c = *html;

		if (c == '<') {
			has_link = has_link || strncmp(html, "<a", 2) == 0
			           || strncmp(html, "<img", 4) == 0;
			in_code = strncmp(html, "<code", 5) == 0
			          || (in_code && strncmp(html, "</code", 6) != 0);
			html += strcspn(html, ">") + 1;
			continue;
		}
		for (size_t i = 0; i < COUNT_OF(names); i++)
			if (strncmp(html, names[i].name, strlen(names[i].name)) == 0) {
				c = names[i].is;
				step = strlen(names[i].name);
			}
		if (!in_code)
			text[len++] = c;
		html += step;
	}
	text[len] = '\0';
	return has_link;
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* What would be a mention, a reference or a link. */
static bool
refers(const char *text)
{
	for (const char *p = text; *p; p++)
		if (((*p == '@' || *p == '#') && is_word(p[1]))
		    || (strncasecmp(p, "gh-", 3) == 0 && is_word(p[3]))
		    || strncasecmp(p, "www.", 4) == 0 || strncmp(p, "://", 3) == 0)
			return true;
	return false;
}

static void
test_rendered(const char *name, void (*add)(struct buf *, struct str), bool in_table)
{
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct buf b = BUF_INIT(4000);
		char html[HTML_MAX], text[HTML_MAX];
		const char *lines;
		size_t cells = 0;
		bool has_link;

		if (in_table)
			buf_add(&b, STR("| x | y |\n| --- | --- |\n| "));
		else
			buf_add(&b, STR("x: "));
		add(&b, str_of(texts[i]));
		buf_add(&b, in_table ? STR(" | end |\n") : STR(" end\n"));
		if (!render(buf_str(&b), html)) {
			ok(false, "cmark-gfm ends well");
			buf_free(&b);
			continue;
		}
		has_link = take_text(html, text);
		ok(!has_link && !refers(text), "%s: '%s' refers to nothing", name, texts[i]);
		for (lines = html; (lines = strstr(lines, "<td>")); lines++)
			cells++;
		ok(!in_table || (cells == 2 && strstr(html, "<td>end</td>")),
		    "%s: '%s' stays in its cell", name, texts[i]);
		buf_free(&b);
	}
}

/* Without a renderer, byte by byte. */
static void
test_md_code__fences(void)
{
	static const struct {
		const char *text, *wanted;
	} rows[] = { { "a", "`a`" }, { "@org/team", "`@org/team`" }, { "a`b", "``a`b``" },
		{ "`a`", "`` `a` ``" }, { "a``b", "```a``b```" }, { "", "" },
		{ "@a|b", "&#64;&#8203;a&#124;b" }, { "#1\\", "&#35;&#8203;1&#92;" } };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct buf b = BUF_INIT(1000);

		md_code(&b, str_of(rows[i].text));
		ok(str_is(buf_str(&b), rows[i].wanted), "'%s' is %.*s", rows[i].text,
		    STR_FMT(buf_str(&b)));
		buf_free(&b);
	}
}

int
main(void)
{
	char html[HTML_MAX];

	test_md_code__fences();
	if (!render(STR("x"), html)) {
		skip("cmark-gfm is not installed (Debian: apt-get install cmark-gfm)");
		return done();
	}
	test_rendered("text", md_text, false);
	test_rendered("text in a table", md_text, true);
	test_rendered("prose", md_prose, false);
	test_rendered("prose in a table", md_prose, true);
	test_rendered("code", md_code, false);
	test_rendered("code in a table", md_code, true);
	return done();
}
