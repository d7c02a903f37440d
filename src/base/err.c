#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int
err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	va_list args;

	e->kind = kind;
	e->hint[0] = '\0';
	e->hint_about.count = 0;
	va_start(args, fmt);
	e->about = mentions_of(fmt, args);
	(void)vsnprintf(e->text, sizeof(e->text), fmt, args);
	va_end(args);
	return -1;
}

int
err_hint(struct err *e, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	e->hint_about = mentions_of(fmt, args);
	(void)vsnprintf(e->hint, sizeof(e->hint), fmt, args);
	va_end(args);
	return -1;
}

int
err_hint_text(struct err *e, const char *hint)
{
	(void)err_hint(e, "%s", hint);
	e->hint_about = mentions_in(hint);
	return -1;
}

/* The mentions of "CONTEXT: TEXT", of whose context `len` bytes are left; those that do not fit in the list are
 * dropped. */
static struct mentions
mentions_behind(struct mentions context, size_t len, const struct mentions *text)
{
	while (context.count > 0
	       && context.list[context.count - 1].at + context.list[context.count - 1].len > len)
		context.count--; /* it was cut */
	for (size_t i = 0; i < text->count && context.count < MENTIONS_MAX; i++)
		context.list[context.count++] =
		    (struct mention){ text->list[i].at + len + 2, text->list[i].len };
	return context;
}

int
err_wrap(struct err *e, const char *fmt, ...)
{
	char context[256];
	size_t cause = strlen(e->text);
	size_t len, most;
	struct mentions about;
	va_list args;

	va_start(args, fmt);
	about = mentions_of(fmt, args);
	(void)vsnprintf(context, sizeof(context), fmt, args);
	va_end(args);
	len = strlen(context);
	most = cause + 3 > sizeof(e->text) ? 0 : sizeof(e->text) - cause - 3;
	if (len > most)
		len = most;
	if (len == 0)
		return -1;
	memmove(e->text + len + 2, e->text, cause + 1);
	memcpy(e->text, context, len);
	memcpy(e->text + len, ": ", 2);
	e->about = mentions_behind(about, len, &e->about);
	return -1;
}
