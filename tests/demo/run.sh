#!/bin/sh
# Plays a repository's life against stand-ins: a push, a commit that is planned and pushed, a push of nothing new, and the
# way back; then the same repository with a development and a production cluster.
# Usage: tests/demo/run.sh; the binary is $PACHUP, or build/pachup.
set -eu
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1

here=$(cd "$(dirname "$0")" && pwd)
pachup=${PACHUP:-$here/../../build/pachup}
image="registry.example/demo/housing-prices"
work=$(mktemp -d)
servers=

cleanup() {
	for one in $servers; do
		kill "$one" 2>/dev/null || :
		wait "$one" 2>/dev/null || :
	done
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

# Waits at most 20 seconds for the file $1 of the stand-in $2, whose process is $3.
await() {
	n=0
	while [ ! -e "$1" ]; do
		kill -0 "$3" 2>/dev/null || fail "the stand-in ended: $(cat "$work/$2.log")"
		[ $((n += 1)) -le 200 ] || fail "no $1 after 20 seconds"
		sleep 0.1
	done
}

# Starts the stand-in $1; its address is in $address, its process in $server.
start() {
	"$python" "$here/../fake/pachd.py" --config "$work/config.json" --seed-repo housing_data \
	    --port-file "$work/$1.port" --state "$work/$1.json" >"$work/$1.log" 2>&1 &
	server=$!
	servers="$servers $server"
	await "$work/$1.port" "$1" "$server"
	address=127.0.0.1:$(cat "$work/$1.port")
}

# Asks the stand-in $1 for what it holds: "default/regression v1 image" per pipeline, into $work/state.
state() {
	rm -f "$work/$1.json"
	kill -USR1 "$2"
	await "$work/$1.json" "$1" "$2"
	"$python" - "$work/$1.json" >"$work/state" <<-'PYTHON'
		import json, sys
		for one in json.load(open(sys.argv[1]))["pipelines"]:
		    print(f"{one['project']}/{one['name']} v{one['version']} {one['image']}")
	PYTHON
}

git_in() {
	git -c user.name=demo -c user.email=demo@example.org -c init.defaultBranch=main \
	    -c commit.gpgsign=false -C "$work/repo" "$@"
}

# Runs pachup with the words behind $1, which must exit with $1.
run() {
	want=$1
	shift
	echo
	echo "\$ pachup $*"
	got=0
	(cd "$work/repo" && env -i HOME="$work" timeout 60 "$pachup" "$@") || got=$?
	[ "$got" -eq "$want" ] || fail "$1: exit $got, expected: $want"
}

# The same at the cluster.
pachup_at_cluster() {
	want=$1
	command=$2
	shift 2
	run "$want" "$command" --cluster "grpc://$address" "$@"
}

# Compares what the cluster holds with version $1 at the image of commit $2.
expect() {
	set -- "default/regression v$1 $image:$(git_in rev-parse "$2")"
	state one "$server"
	sed 's/^/cluster holds: /' "$work/state"
	[ "$(cat "$work/state")" = "$1" ] || fail "expected: $1"
}

[ -x "$pachup" ] || fail "no program $pachup: run make first"
pachup=$(cd "$(dirname "$pachup")" && pwd)/$(basename "$pachup")
python=$(find_python)
echo '{"version": "2.11.6"}' >"$work/config.json"
start one

mkdir -p "$work/repo/pipelines"
cp "$here/README.md" "$work/repo"
cp "$here/pipelines/regression.json" "$work/repo/pipelines"
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
echo '# one tree, two environments: pachup.yaml says what dev and prod are, env/ what is different there'
start dev
dev=$server
cp -R "$here/pachup.yaml" "$here/env" "$here/pipelines" "$work/repo"
sed -i "s|grpcs://pachd.dev.example:443|grpc://$address|" "$work/repo/pachup.yaml"
start prod
prod=$server
sed -i "s|grpcs://pachd.prod.example:443|grpc://$address|" "$work/repo/pachup.yaml"
git_in add -A
git_in commit -q -m "two environments"
echo '$ cat pachup.yaml env/prod.yaml'
(cd "$work/repo" && cat pachup.yaml env/prod.yaml)
run 2 compare dev prod
run 0 push --target dev --target prod

echo
echo '$ git commit -am "more memory in production"'
sed -i 's/memory: 2G/memory: 4G/' "$work/repo/env/prod.yaml"
git_in commit -q -am "more memory in production"
run 2 plan --target prod
run 0 push --target prod
state dev "$dev"
sed 's/^/dev holds: /' "$work/state"
state prod "$prod"
sed 's/^/prod holds: /' "$work/state"
[ "$(cut -d ' ' -f 1,2 "$work/state" | tr '\n' ' ')" = "default/nightly v2 default/regression v2 " ] ||
	fail "prod holds: $(cat "$work/state")"
echo
echo "demo: done"
