#!/bin/sh
# man.sh: the manual pages of all commands are clean for mandoc.
command -v mandoc >/dev/null || {
	echo 'man.sh: there is no mandoc here: skipped'
	exit 0
}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
build/pachup help man >"$work/pachup.1" || exit 1
build/pachup help commands | cut -f 1 | while read -r command; do
	# shellcheck disable=SC2086 # a command may have two words
	build/pachup help man $command >"$work/pachup-$(echo "$command" | tr ' ' -).1" || exit 1
done
set -- "$work"/*.1
[ $# -gt 10 ] || exit 1
# our own pages are not installed where mandoc looks for those that are referred to
(cd "$work" && mandoc -T lint ./*.1) | grep -v 'referenced manual not found: Xr pachup' >"$work/found"
cat "$work/found"
[ ! -s "$work/found" ]
