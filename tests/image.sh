#!/bin/sh
# Builds the Docker image with a real engine and runs it as GitHub's runner does: its mounts, its
# environment, a workspace that belongs to somebody else. Needs no registry: the base image is made
# of Debian packages. Prints "skipped: reason" and exits 0 where that cannot be done.
# Everything lives in a directory of its own, which is taken down again; only the base image is kept,
# in build/image.
set -u
cd "$(dirname "$0")/.." || exit 1
passed=0 failed=0

skip() {
	echo "skipped: $1"
	exit 0
}

[ -f /etc/debian_version ] || skip 'not a Debian machine'
[ "$(id -u)" -eq 0 ] || skip 'not root: dockerd and mmdebstrap want it'
caps=$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)
[ $((0x$caps >> 21 & 1)) -eq 1 ] || skip 'no CAP_SYS_ADMIN: nothing can be mounted'
place=${TMPDIR:-/var/tmp}
free=$(df -Pm "$place" | awk 'NR == 2 { print $4 }')
[ "$free" -ge 3072 ] || skip "only $free MB free in $place, 3072 wanted"
.ci/deps image || exit 1

work=$(mktemp -d "$place/pachup-image.XXXXXX") || exit 1
run=$work/run
base=build/image/base.tar
docker="/usr/bin/docker -H unix://$work/docker.sock" # another client may be first on PATH
pids=

# shellcheck disable=SC2317 # the trap calls it
clean_up() {
	for pid in $pids; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	umount "$work/exec/netns/default" 2>/dev/null
	rm -rf "$work"
}
trap clean_up EXIT
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

within() { # within SECONDS COMMAND...: until it succeeds
	for _ in $(seq "$(($1 * 10))"); do
		shift_command "$@" && return
		sleep 0.1
	done
	echo "image: waited $1 s for: $2"
	return 1
}
shift_command() {
	shift
	"$@" >/dev/null 2>&1
}

start_engine() {
	mkdir -p "$run" "$work/try/upper" "$work/try/work" "$work/try/all"
	driver=vfs # where the file system itself is an overlay, as in a container
	mount -t overlay overlay -o "lowerdir=/etc,upperdir=$work/try/upper,workdir=$work/try/work" "$work/try/all" \
		2>/dev/null && umount "$work/try/all" && driver=overlay2
	dockerd --host "unix://$work/docker.sock" --data-root "$work/data" --exec-root "$work/exec" \
		--pidfile "$work/docker.pid" --iptables=false --ip6tables=false --bridge=none \
		--storage-driver $driver >"$work/dockerd.log" 2>&1 &
	pids="$! $pids"
	# shellcheck disable=SC2086 # $docker is two words and more
	within 30 $docker version || {
		tail -n 20 "$work/dockerd.log"
		exit 1
	}
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

is_small() { # the sum of the compressed layers, as a registry would hold them
	size=$($docker save pachup:test | gzip -6 | wc -c)
	binary=$($docker run --rm --entrypoint /usr/bin/pachup --network none pachup:test version)
	echo "image: $size bytes compressed; $binary"
	[ "$size" -le 2800000 ]
}

start_engine
make_base
DOCKER_BUILDKIT=1 $docker build --network host --quiet -t pachup:test . >"$run/log" 2>&1 || {
	tail -n 40 "$run/log"
	exit 1
}
ok 'holds at most 2.8 MB' is_small
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
echo "image: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
