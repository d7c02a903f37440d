#!/bin/sh
# run_fuzz.sh SECONDS PROGRAM...: runs libFuzzer targets one after the other, from tests/fuzz/corpus.
# New inputs stay in build/fuzz/corpus; an input that breaks something is named crash-… beside it.
seconds=$1 passed=0 failed=0
shift
for program; do
	noun=${program##*/fuzz_}
	found=build/fuzz/corpus/$noun
	mkdir -p "$found"
	set -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
		-artifact_prefix="build/fuzz/$noun-"
	[ ! -f "tests/fuzz/$noun.dict" ] || set -- "$@" -dict="tests/fuzz/$noun.dict"
	if "$program" "$@" "$found" "tests/fuzz/corpus/$noun" >"$program.log" 2>&1; then
		passed=$((passed + 1))
		echo "$noun: $(grep -o 'Done .*' "$program.log")"
	else
		failed=$((failed + 1))
		echo "--- $noun"
		tail -n 60 "$program.log"
	fi
done
echo "fuzz: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
