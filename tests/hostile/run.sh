#!/bin/sh
# make hostile: swapped files, hostile tars and names, lying servers, signals. Bounded: each part has its own limit, all
# together less than 10 minutes. A file tests/hostile/*.py is run as a part of its own, with PACHUP in its environment.
# Usage: run.sh BUILD-DIRECTORY
set -u
b=$1 failed=0
: "${PYTHON:=python3}"
PACHUP=$b/pachup
export PACHUP

# part NAME SECONDS COMMAND...: what it prints is shown when it fails
part() {
	name=$1 seconds=$2
	shift 2
	if timeout "$seconds" "$@" >"$b/hostile.log" 2>&1; then
		echo "hostile: $name: held"
	else
		grep -v '^ok' "$b/hostile.log" | tail -40
		echo "hostile: $name: failed"
		failed=$((failed + 1))
	fi
}

for round in 1 2 3; do
	part "swapped files, round $round" 60 "$b/unit/test_fence"
done
part "places of files" 60 "$b/unit/test_unpack"
part "git directories" 10 "$b/unit/test_dotgit"
part "events of all systems" 30 "$b/unit/test_trust"
part "credentials and hosts" 30 "$b/unit/test_audience"
part "lying servers" 120 "$b/unit/test_channel"
part "streams that end badly" 120 "$b/unit/test_flight"
part "tars" 60 "$b/unit/test_tar"
part "markdown" 120 "$b/unit/test_markdown"
for topic in nothing-leaves never-into all-places broken-stream a-signal a-second-signal lost-answer links-in; do
	part "cases: $topic" 100 "$PYTHON" tests/cases.py -j 4 -k "$topic"
done
for file in tests/hostile/*.py; do
	if [ -f "$file" ]; then
		part "$(basename "$file" .py)" 200 "$PYTHON" "$file"
	fi
done
[ "$failed" -eq 0 ]
