#!/bin/sh
# all.sh SERIES...: runs the steps of these series, one after the other; a step that fails does not stop the rest.
#   test   what a newcomer runs: unit tests, cases, documents, light lint
#   rest   what CI proves besides
#   part   some of all that with what is built already; see elsewhere.sh
# Each step ends with "name: N passed, N failed[, N skipped]"; the last line is their sum.
set -u
cd "$(dirname "$0")/.." || exit 1
python=${PYTHON:-/usr/bin/python3}
jobs=$(getconf _NPROCESSORS_ONLN)
waiting=$((4 * jobs)) # jobs that mostly wait for each other
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
log=$work/log
passed=0 failed=0 skipped=0

# The number before the word in the log's last line of counts; 0 when there is no such line.
count_of() {
	grep -E '^([a-z]+: )?[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1 |
		grep -oE "[0-9]+ $1" | cut -d ' ' -f 1 | grep . || echo 0
}

# step NAME COMMAND...: a failure that nobody counted (a build, a crash) counts as one, and so does
# a step that tested nothing.
step() {
	name=$1
	shift
	echo "== $name"
	start=$(date +%s)
	{
		"$@" 2>&1
		echo $? >"$log.rc"
	} | tee "$log"
	rc=$(cat "$log.rc") good=$(count_of passed) bad=$(count_of failed)
	if [ "$bad" -eq 0 ] && { [ "$rc" -ne 0 ] || [ $((good + $(count_of skipped))) -eq 0 ]; }; then
		echo "$name: exit $rc, $good passed"
		bad=1
	fi
	passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + $(count_of skipped)))
	echo "== $name: $(($(date +%s) - start)) s"
}

run_make() {
	${MAKE:-make} --no-print-directory -j"$jobs" "$@"
}

run_with() { # run_with MODE PROGRAM...: PROGRAM is python, and tests the binary of MODE
	mode=$1
	shift
	PACHUP=build/$mode/pachup "$python" "$@"
}

# run_unittest NAME FILE...: files of python's unittest, all at once; PACHUP is the program that they run.
run_unittest() {
	name=$1 good=0 bad=0 left=0
	shift
	rm -rf "$work/unittest" && mkdir "$work/unittest"
	# shellcheck disable=SC2016 # for the inner shell
	printf '%s\n' "$@" | PACHUP=build/dev/pachup xargs -P "$waiting" -I FILE sh -c '
		log=$1/$(basename "$3").log
		"$2" "$3" >"$log" 2>&1 || touch "$log.bad"' sh "$work/unittest" "$python" FILE
	for file in "$work"/unittest/*.log; do
		ran=$(sed -n 's/^Ran \([0-9]*\) test.*/\1/p' "$file")
		skips=$(sed -n 's/^OK (skipped=\([0-9]*\))$/\1/p' "$file")
		if [ -e "$file.bad" ]; then
			cat "$file"
			bad=$((bad + 1))
		else
			good=$((good + ${ran:-0} - ${skips:-0})) # none: another file runs these
			left=$((left + ${skips:-0}))
		fi
	done
	echo "$name: $good passed, $bad failed, $left skipped"
	[ "$bad" -eq 0 ] && [ "$good" -gt 0 ]
}

# The tests of the tests' own tools.
run_tools() {
	run_unittest tools tests/*/test_*.py
}

run_tokens() {
	run_unittest tokens tests/tokens/interop.py tests/tokens/terminal.py tests/tokens/proof.py
}

series_test() {
	step 'unit tests' run_make unit
	step 'cases' run_make cases
	step 'documents' run_with dev tests/docs.py
	step 'light lint' sh tests/lint/run.sh light
}

series_rest() {
	step 'stand-in and harness' run_tools
	step 'sanitizers: unit tests' run_make MODE=asan unit
	step 'sanitizers: cases' run_make MODE=asan cases
	step 'sanitizers: corpora' run_make MODE=asan corpus
	step 'checks' run_with asan tests/checks.py
	step 'edits' run_with asan tests/edits.py
	step 'branches' run_with dev tests/branches.py
	step 'untrusted events' run_with dev tests/untrusted.py
	step 'write-back: 20 runs at once' run_with dev tests/writeback.py
	step 'images in a real registry' run_with dev tests/registry.py # skipped where there is none
	step 'tokens: other implementations, and no leak' run_tokens
	step 'YAML of the documents' run_with dev tests/snippets.py
	step 'action and task' run_with dev tests/task.py -j "$waiting" --every 6 # all of it: make task
	step 'a question on a terminal' run_with dev tests/ask.py
	step 'completions' run_with dev tests/completions.py
	step 'schema' run_with dev tests/schema.py
	step 'summaries in a browser' run_with dev tests/proof/proof.py # skipped where there is none: make proof
	step 'some chaos' run_with dev tests/chaos/chaos.py --quick
	step 'some chaos of previews' run_with dev tests/chaos/previews.py --quick
	step 'conformance' run_with dev tests/conformance/stand_in.py
	step 'elsewhere' sh tests/elsewhere.sh
}

series_part() {
	step 'unit tests' sh tests/unit/run.sh build/asan/unit/test_*
	step 'cases' run_with asan tests/cases.py -j "$waiting" --every 8
	step 'documents' run_with dev tests/docs.py
	step 'light lint' sh tests/lint/run.sh light
	step 'stand-in and harness' run_tools
	step 'corpora' sh tests/fuzz/run_corpus.sh build/asan/corpus/fuzz_*
	step 'checks' run_with asan tests/checks.py
	step 'edits' run_with asan tests/edits.py --count 60
	step 'branches' run_with dev tests/branches.py --count 100
	step 'tokens' run_tokens
	step 'YAML of the documents' run_with dev tests/snippets.py
	step 'action and task' run_with dev tests/task.py -j "$waiting" --every 40
	step 'a question on a terminal' run_with dev tests/ask.py
	step 'completions' run_with dev tests/completions.py
	step 'summaries in a browser' run_with dev tests/proof/proof.py
	step 'some chaos' run_with dev tests/chaos/chaos.py --quick -k 2.11.6
	step 'conformance' run_with dev tests/conformance/stand_in.py -k 2.11.6
}

# Whether Debian has newer sources of the static binary's libraries: asked beside the tests, and only a warning, for no
# change to our source is at fault. The job `libraries-are-the-newest` of CI fails.
ask_for_newer() {
	timeout 60 "${DEPS_CHECK:-.ci/static/check}" build/sources/lists >"$work/deps" 2>&1 </dev/null
	echo $? >"$work/deps.rc"
}

warn_of_newer() {
	wait
	rc=$(cat "$work/deps.rc" 2>/dev/null || echo none)
	if [ "$rc" = 1 ] && grep -q ': Debian has ' "$work/deps"; then
		sed -n 's/^\(.*: Debian has .*\)/warning: deps-check: \1/p' "$work/deps"
	elif [ "$rc" != 0 ]; then
		echo "warning: deps-check: Debian cannot be asked for newer libraries: make deps-check says why"
	fi
}

case " $* " in
*' test '*)
	mkdir -p build/sources
	ask_for_newer &
	;;
esac
for series; do
	"series_$series" || exit 64
done
case " $* " in
*' test '*) warn_of_newer ;;
esac
if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
