#!/bin/sh
# Everything that `make test` proves, one step after the other; a step that fails does not stop the
# rest. Each step ends with "name: N passed, N failed[, N skipped]"; the last line is their sum.
set -u
cd "$(dirname "$0")/.." || exit 1
jobs=$(getconf _NPROCESSORS_ONLN)
log=build/test.log
passed=0 failed=0 skipped=0
mkdir -p build

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

# The tests of the tests' own tools, with python's unittest.
run_python() {
	good=0 bad=0
	for file in tests/*/test_*.py; do
		if ! ${PYTHON:-/usr/bin/python3} "$file" >"$log.py" 2>&1; then
			cat "$log.py"
			bad=$((bad + 1))
		else
			ran=$(sed -n 's/^Ran \([0-9]*\) test.*/\1/p' "$log.py")
			good=$((good + ${ran:-0})) # none: another file runs these
		fi
	done
	echo "python: $good passed, $bad failed"
	[ "$bad" -eq 0 ]
}

# Skipped where there is no browser; `make proof` installs what it takes.
run_proof() {
	PACHUP=build/dev/pachup ${PYTHON:-/usr/bin/python3} tests/proof/proof.py
}

# The whole of it is `make task`.
run_task() {
	PACHUP=build/dev/pachup ${PYTHON:-/usr/bin/python3} tests/task.py -j "$jobs" --every 6
}

run_checks() {
	PACHUP=build/asan/pachup ${PYTHON:-/usr/bin/python3} tests/checks.py
}

run_edits() {
	PACHUP=build/asan/pachup ${PYTHON:-/usr/bin/python3} tests/edits.py
}

run_completions() {
	PACHUP=build/dev/pachup ${PYTHON:-/usr/bin/python3} tests/completions.py
}

step 'stand-in and harness' run_python
for mode in dev asan; do
	step "$mode: unit tests" run_make MODE=$mode unit
	step "$mode: cases" run_make MODE=$mode cases
done
run_tokens() {
	good=0 bad=0 left=0
	for file in tests/tokens/interop.py tests/tokens/terminal.py tests/tokens/proof.py; do
		PACHUP=build/dev/pachup ${PYTHON:-/usr/bin/python3} "$file" -v >"$log.py" 2>&1 || cat "$log.py"
		good=$((good + $(grep -c ' ok$' "$log.py")))
		bad=$((bad + $(grep -cE ' (FAIL|ERROR)$' "$log.py")))
		left=$((left + $(grep -c ' skipped ' "$log.py")))
		grep ' skipped ' "$log.py"
	done
	echo "tokens: $good passed, $bad failed, $left skipped"
	[ "$bad" -eq 0 ] && [ "$good" -gt 0 ]
}

step 'tokens: other implementations, and no leak' run_tokens
step 'action and task' run_task
step 'proof' run_proof
step 'some chaos' "${PYTHON:-/usr/bin/python3}" tests/chaos/chaos.py --quick
step 'conformance' "${PYTHON:-/usr/bin/python3}" tests/conformance/stand_in.py
step 'checks' run_checks
step 'edits' run_edits
step 'documents' "${PYTHON:-/usr/bin/python3}" tests/docs.py
step 'completions' run_completions
step 'corpora' run_make MODE=asan corpus
step 'light lint' sh tests/lint/run.sh light

if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
