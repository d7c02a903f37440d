#!/bin/sh
# command_line.sh [--update]: docs/command-line.md is what `pachup help` says, for each command. --update rewrites it.
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export COLUMNS=100
pachup() {
	env -i COLUMNS=100 build/pachup "$@" </dev/null
}

# shellcheck disable=SC2016 # Markdown, not shell
{
	echo '# The command line'
	echo
	echo 'All commands of `pachup` with their flags and examples. An action or task takes the same flags as inputs, without the'
	echo 'dashes: `--wait jobs` is `wait: jobs`. `pachup explain CODE` explains a check, and [checks.md](checks.md) lists them all.'
	echo 'This page is made from `pachup help`; `make install` also installs manual pages (`man pachup-push`) and completions for'
	echo 'bash, zsh and fish.'
	echo
	echo '```text'
	pachup help
	echo '```'
	pachup help commands | cut -f 1 | while read -r command; do
		printf '\n## pachup %s\n\n```text\n' "$command"
		# shellcheck disable=SC2086 # a command may have two words
		pachup help $command
		echo '```'
	done
} >"$work/page"
[ "$(wc -l <"$work/page")" -gt 100 ] || exit 1
if [ "${1:-}" = --update ]; then
	cat "$work/page" >docs/command-line.md
elif ! cmp -s "$work/page" docs/command-line.md; then
	echo "docs/command-line.md is not what 'pachup help' says: run make update"
	exit 1
fi
