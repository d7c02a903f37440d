#!/bin/sh
# Builds the Docker image with a real engine and runs it as GitHub's runner does: its mounts, its
# environment, a workspace that belongs to somebody else. Needs no registry: the base image is made
# of Debian packages. Prints "skipped: reason" and exits 0 where that cannot be done.
# Then every case of tests/cases runs inside; CASES=WORD picks some, CASES=none leaves them out.
# Everything lives in a directory of its own, which is taken down again; only the base image is kept,
# in build/image.
set -u
cd "$(dirname "$0")/.." || exit 1
passed=0 failed=0

skip() {
	echo "skipped: $1"
	exit 0
}

# shellcheck source=tests/engine.sh
. tests/engine.sh
reason=$(no_engine_because | head -n 1)
[ -z "$reason" ] || skip "$reason"
.ci/deps image || exit 1

work=$(mktemp -d "${TMPDIR:-/var/tmp}/pachup-image.XXXXXX") || exit 1
run=$work/run
mkdir -p "$run"
base=build/image/base.tar
trap stop_engine EXIT
trap 'exit 1' INT TERM

ok() { # ok NAME COMMAND...
	name=$1
	shift
	if "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "image: $name: failed"
		[ ! -f "$run/log" ] || sed 's/^/    /' "$run/log"
	fi
}

# The base image, from packages; kept for a week, so that security updates come in.
make_base() {
	mkdir -p "${base%/*}"
	if [ -z "$(find "$base" -mtime -7 2>/dev/null)" ]; then
		mmdebstrap --quiet --variant=minbase --include=ca-certificates bookworm "$work/base.tar" &&
			mv "$work/base.tar" "$base" || exit 1
	fi
	$docker import -c 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
		-c 'CMD ["bash"]' "$base" debian:bookworm-slim >/dev/null || exit 1
}

# A repository with one spec in the workspace, which belongs to the runner's user.
make_workspace() {
	mkdir -p "$run/temp/_github_home" "$run/temp/_github_workflow" "$run/temp/_runner_file_commands" \
		"$run/workspace/pipelines"
	cat >"$run/workspace/pipelines/edges.json" <<-'SPEC'
		{
		  "pipeline": {"name": "edges"},
		  "input": {"pfs": {"repo": "images", "glob": "/*"}},
		  "transform": {"image": "example/edges:old", "cmd": ["edges"]}
		}
	SPEC
	(
		cd "$run/workspace" || exit 1
		export HOME="$run" GIT_CONFIG_NOSYSTEM=1
		git init -q -b main && git add -A &&
			git -c user.name=a -c user.email=a@example.com commit -q -m 'edges: a pipeline'
	) || exit 1
	sha=$(git -C "$run/workspace" rev-parse HEAD)
	printf '{"ref": "refs/heads/main", "before": "%040d", "after": "%s"}\n' 0 "$sha" \
		>"$run/temp/_github_workflow/event.json"
	chown -R 1001:127 "$run/temp" "$run/workspace"
}

# The runner's `docker run`. as_runner DOCKER_OPTION... -- NAME=VALUE...: what this step sets itself.
# Inputs that were not given arrive empty, with their dash.
as_runner() {
	options=
	while [ "$1" != -- ]; do
		options="$options $1"
		shift
	done
	shift
	: >"$run/temp/_runner_file_commands/set_output_1"
	: >"$run/temp/_runner_file_commands/step_summary_1"
	chmod 666 "$run/temp/_runner_file_commands/"*
	inputs=$(awk '/^[a-z]/ { inside = /^inputs:/ } inside && /^  [a-z-]+:/ {
		sub(/:.*/, "")
		print "INPUT_" toupper($1) "="
	}' action.yml 2>/dev/null)
	# shellcheck disable=SC2086 # lists of words
	set -- HOME=/github/home GITHUB_ACTIONS=true CI=true GITHUB_WORKSPACE=/github/workspace \
		GITHUB_REPOSITORY=example/pipelines GITHUB_EVENT_NAME=push GITHUB_REF=refs/heads/main \
		GITHUB_REF_NAME=main GITHUB_SHA="$sha" GITHUB_EVENT_PATH=/github/workflow/event.json \
		GITHUB_OUTPUT=/github/file_commands/set_output_1 \
		GITHUB_STEP_SUMMARY=/github/file_commands/step_summary_1 \
		RUNNER_TEMP=/github/runner_temp RUNNER_OS=Linux RUNNER_ARCH=X64 $inputs "$@"
	names=
	for setting; do
		names="$names -e ${setting%%=*}"
	done
	# shellcheck disable=SC2086
	env "$@" $docker run --name pachup_abcdef --label 0a1b2c --workdir /github/workspace --rm \
		$names $options \
		-v "$run/temp":/github/runner_temp -v "$run/temp/_github_home":/github/home \
		-v "$run/temp/_github_workflow":/github/workflow \
		-v "$run/temp/_runner_file_commands":/github/file_commands \
		-v "$run/workspace":/github/workspace pachup:test >"$run/log" 2>&1
	rc=$?
	[ "$rc" -eq "${want:-0}" ] || {
		echo "exit code $rc, ${want:-0} wanted"
		return 1
	}
}

start_cluster() {
	echo '{"version": "2.11.6"}' >"$run/pachd.json"
	/usr/bin/python3 tests/fake/pachd.py --config "$run/pachd.json" --seed-repo images \
		--port-file "$run/port" >"$run/pachd.log" 2>&1 &
	pids="$! $pids"
	within 20 test -s "$run/port" || {
		cat "$run/pachd.log"
		exit 1
	}
	port=$(cat "$run/port")
}

has_output() { # has_output NAME VALUE, in any of the two notations of GITHUB_OUTPUT
	awk -v name="$1" -v value="$2" '
		$0 == name "=" value { found = 1 }
		index($0, name "<<") == 1 { getline; if ($0 == value) found = 1 }
		END { exit !found }' "$run/temp/_runner_file_commands/set_output_1"
}

is_small() { # is_small BYTES: the sum of the compressed layers, as a registry would hold them
	size=$($docker save pachup:test | gzip -6 | wc -c)
	binary=$($docker run --rm --entrypoint /usr/bin/pachup --network none pachup:test version)
	echo "image: $size bytes compressed; $binary"
	[ "$size" -le "$1" ]
}

# The image under test: built from the Dockerfile, or what `make image` made when ARCHIVE names that.
build_image() {
	make_base
	begin=$(date +%s)
	DOCKER_BUILDKIT=1 $docker build --network host --quiet --build-arg VERSION=test -t pachup:test . >"$run/log" 2>&1 || {
		tail -n 40 "$run/log"
		exit 1
	}
	echo "image: built from the Dockerfile, without any cache, in $(($(date +%s) - begin)) s;" \
		"$(getconf _NPROCESSORS_ONLN) processors, load $(cut -d ' ' -f 1 /proc/loadavg)"
}
load_image() {
	name=$($docker load --quiet --input "$1" | sed -n 's/^Loaded image: //p') && $docker tag "$name" pachup:test || exit 1
}
start_engine || exit 1
if [ -n "${ARCHIVE:-}" ]; then
	load_image "$ARCHIVE"
	ok 'takes at most 2.8 MB to pull' is_small 2800000
else
	build_image
	ok 'is at most 3.5 MB, with all that Debian compiles into its libraries' is_small 3500000
fi
make_workspace
start_cluster
set -- INPUT_SPECS=pipelines/edges.json INPUT_IMAGES=example/edges INPUT_CLUSTER="grpc://127.0.0.1:$port"

ok 'plans without network, rights or a writable disk' \
	as_runner --network none --read-only --cap-drop ALL -- INPUT_SPECS=pipelines/edges.json \
	INPUT_IMAGES=example/edges INPUT_DRY-RUN=true
ok 'names the commit' has_output sha "$sha"
ok 'pushes a new pipeline' as_runner --network host -- "$@"
ok 'says that one was created' has_output created 1
ok 'pushes it again, read-only and without rights' \
	as_runner --network host --read-only --cap-drop ALL -- "$@"
ok 'says that nothing changed' has_output unchanged 1
want=1
ok 'fails when the cluster is not there' as_runner --network host -- "$@" INPUT_CLUSTER=grpc://127.0.0.1:1
ok 'leaves nothing of root in the workspace' \
	test -z "$(find "$run/workspace" ! -uid 1001)"

# -- the image itself

label() {
	$docker inspect --format "{{index .Config.Labels \"org.opencontainers.image.$1\"}}" pachup:test
}
holds_two_files() {
	box=$($docker create pachup:test version) && $docker export "$box" >"$work/all.tar" && $docker rm "$box" >/dev/null
	tar -tf "$work/all.tar" | grep -v '/$' | grep -vE '^(\.dockerenv|dev/|etc/(hostname|hosts|mtab|resolv.conf)$)' |
		LC_ALL=C sort | tr '\n' ' ' >"$run/log"
	[ "$(cat "$run/log")" = 'etc/ssl/certs/ca-certificates.crt usr/bin/pachup ' ]
}
same_binary() { # as the one that `make static` made here, which is the one of a release
	box=$($docker create pachup:test version) && $docker cp "$box:/usr/bin/pachup" "$work/pachup" && $docker rm "$box" >/dev/null
	cmp "$work/pachup" build/static/pachup
}
as_uid() {
	$docker run --rm --network none --read-only --cap-drop ALL --user "$1" pachup:test version >"$run/log" 2>&1
}
ok 'holds the binary and the roots, and nothing else' holds_two_files
ok 'has a title' test "$(label title)" = pachup
ok 'has a version' test -n "$(label version)"
ok 'has a licence' test "$(label licenses)" = Apache-2.0
ok 'runs as nobody' as_uid 65534:65534
ok 'runs as a user that no machine has' as_uid 2147483647
if [ -n "${ARCHIVE:-}" ] && [ -x build/static/pachup ]; then
	ok 'holds the very bytes that are built here' same_binary
fi

# -- every end-to-end case, inside the image

run_cases() {
	DOCKER=$docker /usr/bin/python3 tests/cases.py --image pachup:test -j 2 -k "${CASES:-}" >"$run/cases" 2>&1
	rc=$?
	grep -v '^ok' "$run/cases" | head -n 200 >"$run/log"
	cat "$run/log"
	return $rc
}
[ "${CASES:-all}" = none ] || ok 'keeps every promise of the cases inside' run_cases
echo "image: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
