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
	va_start(args, fmt);
	(void)vsnprintf(e->text, sizeof(e->text), fmt, args);
	va_end(args);
	return -1;
}

int
err_hint(struct err *e, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(e->hint, sizeof(e->hint), fmt, args);
	va_end(args);
	return -1;
}

int
err_wrap(struct err *e, const char *fmt, ...)
{
	char context[256];
	size_t cause = strlen(e->text);
	size_t len, most;
	va_list args;

	va_start(args, fmt);
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
	return -1;
}
