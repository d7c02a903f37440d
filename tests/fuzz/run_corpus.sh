#!/bin/sh
# run_corpus.sh PROGRAM...: each program fuzz_<noun> replays tests/fuzz/corpus/<noun>.
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
passed=0 failed=0
for program; do
	noun=${program##*/fuzz_}
	if "$program" "tests/fuzz/corpus/$noun" >"$log" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "--- $program"
		cat "$log"
	fi
done
echo "corpus: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
