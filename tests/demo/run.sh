#!/bin/sh
# Plays a repository's life against the stand-in: a push, a commit that is planned and pushed, a push of
# nothing new, and the way back.
# Usage: tests/demo/run.sh; the binary is $PACHUP, or build/pachup.
set -eu
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1

here=$(cd "$(dirname "$0")" && pwd)
pachup=${PACHUP:-$here/../../build/pachup}
image="pachup-demo/housing-prices"
work=$(mktemp -d)
server=

cleanup() {
	[ -z "$server" ] || kill "$server" 2>/dev/null || :
	[ -z "$server" ] || wait "$server" 2>/dev/null || :
	rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
	echo "demo: $*" >&2
	exit 1
}

find_python() {
	for one in "${PYTHON:-python3}" /usr/bin/python3; do
		"$one" -c 'import grpc, google.protobuf' 2>/dev/null && echo "$one" && return
	done
	fail "no python has the module grpc: install python3-grpcio and python3-protobuf"
}

# Waits at most 20 seconds for the file $1.
await() {
	n=0
	while [ ! -e "$1" ]; do
		kill -0 "$server" 2>/dev/null || fail "the stand-in ended: $(cat "$work/server.log")"
		[ $((n += 1)) -le 200 ] || fail "no $1 after 20 seconds"
		sleep 0.1
	done
}

# Asks the stand-in for what it holds: "default/regression v1 image" per pipeline, into $work/state.
state() {
	rm -f "$work/state.json"
	kill -USR1 "$server"
	await "$work/state.json"
	"$python" - "$work/state.json" >"$work/state" <<-'PYTHON'
		import json, sys
		for one in json.load(open(sys.argv[1]))["pipelines"]:
		    print(f"{one['project']}/{one['name']} v{one['version']} {one['image']}")
	PYTHON
}

git_in() {
	git -c user.name=demo -c user.email=demo@example.org -c init.defaultBranch=main \
	    -c commit.gpgsign=false -C "$work/repo" "$@"
}

# Runs pachup at the cluster with the words behind $1, which must exit with $1.
pachup_at_cluster() {
	want=$1
	command=$2
	shift 2
	echo
	echo "\$ pachup $command --cluster grpc://$address $*"
	got=0
	(cd "$work/repo" && env -i HOME="$work" timeout 60 "$pachup" "$command" \
	    --cluster "grpc://$address" "$@") || got=$?
	[ "$got" -eq "$want" ] || fail "$command: exit $got, expected: $want"
}

# Compares what the cluster holds with version $1 at the image of commit $2.
expect() {
	set -- "default/regression v$1 $image:$(git_in rev-parse "$2")"
	state
	sed 's/^/cluster holds: /' "$work/state"
	[ "$(cat "$work/state")" = "$1" ] || fail "expected: $1"
}

[ -x "$pachup" ] || fail "no program $pachup: run make first"
pachup=$(cd "$(dirname "$pachup")" && pwd)/$(basename "$pachup")
python=$(find_python)
echo '{"version": "2.11.6"}' >"$work/config.json"
"$python" "$here/../fake/pachd.py" --config "$work/config.json" --seed-repo housing_data \
    --port-file "$work/port" --state "$work/state.json" >"$work/server.log" 2>&1 &
server=$!
await "$work/port"
address=127.0.0.1:$(cat "$work/port")

mkdir "$work/repo"
cp -R "$here/README.md" "$here/pipelines" "$work/repo"
git_in init -q
git_in add -A
git_in commit -q -m "a first regression"
echo "$ git log: $(git_in log --format='%h %s')"
pachup_at_cluster 0 push --image "$image" --wait pipelines pipelines/
expect 1 HEAD

echo
echo '$ git commit -am "also say how sure the model is"'
sed -i 's/one model per file/one model per file, with its error/' "$work/repo/pipelines/regression.json"
git_in commit -q -am "also say how sure the model is"
pachup_at_cluster 2 plan --image "$image" --out plan.json pipelines/
pachup_at_cluster 0 push --plan plan.json --wait pipelines
expect 2 HEAD

echo
echo '# and once more, with nothing new:'
pachup_at_cluster 0 push --image "$image" pipelines/
expect 2 HEAD

echo
echo '# and back:'
pachup_at_cluster 0 rollback regression
expect 3 HEAD~1
pachup_at_cluster 0 status
echo
echo "demo: done"
