#!/bin/sh
# Runs TAP programs, shows only what failed or was skipped, and ends with one line of counts.
# what a library leaks is not ours to correct
LSAN_OPTIONS=suppressions=tests/harness/leaks:print_suppressions=0
export LSAN_OPTIONS
passed=0 failed=0 skipped=0
for test; do
	log=$test.log
	${WRAP:-} "$test" >"$log" 2>&1 # WRAP: valgrind and its options
	rc=$?
	good=$(grep -c '^ok ' "$log")
	bad=$(grep -c '^not ok ' "$log")
	skips=$(grep -c '^ok .*# SKIP' "$log")
	planned=$(sed -n 's/^1\.\.//p' "$log" | tail -n 1)
	if [ "$bad" -gt 0 ] || [ "$rc" -ne 0 ] || [ "${planned:-none}" != $((good + bad)) ]; then
		echo "--- $test: exit $rc, planned ${planned:-none}"
		grep -v '^ok ' "$log"
		[ "$bad" -gt 0 ] || bad=1
	fi
	grep '# SKIP' "$log" | sed "s|^|${test##*/}: |"
	passed=$((passed + good - skips)) failed=$((failed + bad)) skipped=$((skipped + skips))
done
echo "unit: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
