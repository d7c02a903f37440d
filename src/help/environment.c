/* The variables that pachup reads: all of them as a topic of help, and those of one command. */
#include "base/arena.h"
#include "help/help.h"
#include "inputs/inputs.h"

enum { NAME_COLUMN = 26 };

/* Variables beside those of inputs. */
static const struct variable {
	const char *name, *text;
} others[] = {
	{ "PACH_CONFIG", "pachctl's config, instead of ~/.pachyderm/config.json" },
	{ "DOCKER_IMAGE_NAME", "the original action's image, for every spec that has one" },
	{ "SSL_CERT_FILE", "PEM file of root certificates, where --ca-file is not given" },
	{ "HTTPS_PROXY, NO_PROXY", "proxy for connections with TLS, and hosts that need none" },
	{ "NO_COLOR, FORCE_COLOR", "no colours, or colours also without a terminal" },
	{ "COLUMNS", "width of help texts" },
	{ "CI", "any value but 'false': a CI system, where pachctl's config is not read" },
};

static void
add_variable(struct buf *out, const char *name, const char *text, struct layout layout)
{
	buf_fmt(out, "  %-*s", NAME_COLUMN - 2, name);
	if (str_of(name).len + 3 > NAME_COLUMN)
		buf_fmt(out, "\n%*s", NAME_COLUMN, "");
	help_wrap(out, str_of(text), NAME_COLUMN, NAME_COLUMN, layout.width);
	buf_add_char(out, '\n');
}

void
help_environment(struct layout layout, struct buf *out)
{
	buf_add(out, STR("Variables that pachup reads. A flag or an input goes before them.\n\n"));
	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		for (size_t i = 0; i < COUNT_OF(inputs[id].also) && inputs[id].also[i]; i++)
			add_variable(out, inputs[id].also[i], inputs[id].help, layout);
	for (size_t i = 0; i < COUNT_OF(others); i++)
		add_variable(out, others[i].name, others[i].text, layout);
	buf_add(out, STR("\n"
	                 "In a CI job pachup also reads the variables of the CI system "
	                 "(docs/ci-systems.md).\n"));
}

/* Files that are meant for a push are not the arguments of a command that takes names (words_of()). */
static bool
is_others(const struct command *command, enum input_id id)
{
	return id == IN_SPECS && !(command->use & FOR_READERS);
}

void
help_variables_of(
    struct arena *a, const struct command *command, struct layout layout, struct buf *out)
{
	struct str text = STR("");

	for (enum input_id id = 0; id < INPUT_COUNT; id++)
		for (size_t i = 0; i < COUNT_OF(inputs[id].also) && inputs[id].also[i]; i++)
			if (inputs[id].used & command->use && !is_others(command, id))
				text = arena_listed(a, text, str_of(inputs[id].also[i]));
	if (text.len == 0)
		return;
	buf_add_char(out, '\n');
	help_wrap(out,
	    arena_fmt(a, "Variables: %.*s (see 'pachup help environment').", STR_FMT(text)), 0, 0,
	    layout.width);
	buf_add_char(out, '\n');
}
