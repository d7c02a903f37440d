#!/bin/sh
# run.sh PROGRAM...: runs TAP programs, as many at once as there are processors; shows only what failed or was skipped,
# and ends with one line of counts. WRAP: valgrind and its options.
# what a library leaks is not ours to correct
LSAN_OPTIONS=suppressions=tests/harness/leaks:print_suppressions=0
WRAP=${WRAP:-}
export LSAN_OPTIONS WRAP
logs=$(mktemp -d) || exit 1
trap 'rm -rf "$logs"' EXIT
passed=0 failed=0 skipped=0

# shellcheck disable=SC2016 # for the inner shell
for test; do
	echo "$test"
done | xargs -P "$(getconf _NPROCESSORS_ONLN)" -I TEST sh -c '
	log=$1/${2##*/}
	$WRAP "$2" >"$log" 2>&1
	echo $? >"$log.rc"' sh "$logs" TEST

for test; do
	log=$logs/${test##*/}
	rc=$(cat "$log.rc" 2>/dev/null || echo 'not run')
	good=$(grep -c '^ok ' "$log")
	bad=$(grep -c '^not ok ' "$log")
	skips=$(grep -c '^ok .*# SKIP' "$log")
	planned=$(sed -n 's/^1\.\.//p' "$log" | tail -n 1)
	if [ "$bad" -gt 0 ] || [ "$rc" != 0 ] || [ "${planned:-none}" != $((good + bad)) ]; then
		echo "--- $test: exit $rc, planned ${planned:-none}"
		grep -v '^ok ' "$log"
		[ "$bad" -gt 0 ] || bad=1
	fi
	grep '# SKIP' "$log" | sed "s|^|${test##*/}: |"
	passed=$((passed + good - skips)) failed=$((failed + bad)) skipped=$((skipped + skips))
done
echo "unit: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
