#!/bin/sh
# checks.sh [--update]: docs/checks.md is what 'pachup help checks' says. --update rewrites it.
work=$(mktemp) || exit 1
trap 'rm -f "$work"' EXIT

# columns: code, level, whether it can be ignored, title, why, hint
# shellcheck disable=SC2016 # Markdown, not shell
{
	echo '# Checks'
	echo
	echo 'What `pachup validate`, `plan` and `push` find in specs, for the release of pachd that is asked (`server-version`, or the'
	echo "cluster's own). This file is made from \`pachup help checks\`."
	echo
	echo 'A check that can be ignored is silenced by `--ignore PU055`, by `--ignore "PU055=pipelines/old/**"` for some files, or in YAML by a'
	echo 'remark on its line or the line before: `# pachup: ignore PU055`. Input `strict` turns warnings into errors.'
	echo 'Errors of checks marked "files" can be ignored for named files only; the pipelines of these files are then left out.'
	echo
	echo '| code | level | can be ignored | check | why | what to do |'
	echo '| --- | --- | --- | --- | --- | --- |'
	build/pachup help checks | awk -F '\t' '{ gsub(/\|/, "\\|"); printf "| <a id=\"" tolower($1) "\"></a>%s | %s | %s | %s | %s | %s |\n", $1, $2, $3, $4, $5, $6 }'
} >"$work"
[ "$(wc -l <"$work")" -gt 20 ] || exit 1
if [ "${1:-}" = --update ]; then
	mkdir -p docs && cat "$work" >docs/checks.md
elif ! cmp -s "$work" docs/checks.md; then
	echo "docs/checks.md is not what 'pachup help checks' says: run make update"
	exit 1
fi
