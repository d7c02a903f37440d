#!/bin/sh
# A rehearsal of .github/workflows/release.yaml: the same scripts, with Debian's docker-registry on loopback for the
# registry and a bare repository for the remote. It needs the static binaries of both processors, and takes them from
# build/static*/. Where an engine can run, it pulls the release by digest and runs it; else that is skipped. Only the
# first run may want the network, for Debian packages (.ci/deps) and build/npm (.ci/npm/install); then it is offline.
set -u
cd "$(dirname "$0")/.." || exit 1
passed=0 failed=0 skipped=0
top=$(pwd)

host=$(uname -m)
for machine in x86_64 aarch64; do
	built=build/static-$machine
	[ "$machine" != "$host" ] || built=build/static
	[ -x "$built/pachup" ] || {
		echo "skipped: no $built/pachup: run make static ARCH=$machine"
		exit 0
	}
done
.ci/deps release dist azure && .ci/npm/install || exit 1
# shellcheck source=tests/engine.sh
. tests/engine.sh
work=$(mktemp -d "${TMPDIR:-/var/tmp}/pachup-release.XXXXXX") || exit 1
trap stop_engine EXIT
trap 'exit 1' INT TERM
export HOME="$work/home" GIT_CONFIG_NOSYSTEM=1
mkdir -p "$HOME"
git config --global user.name rehearsal
git config --global user.email rehearsal@example.org
git config --global safe.directory '*'

ok() { # ok NAME COMMAND...
	name=$1
	shift
	if "$@" >"$work/log" 2>&1; then
		passed=$((passed + 1))
		echo "ok - $name"
	else
		failed=$((failed + 1))
		echo "not ok - $name"
		sed 's/^/# /' "$work/log"
	fi
}
skip() {
	skipped=$((skipped + 1))
	echo "skip - $1 # $2"
}
no() {
	! "$@"
}

start_registry() {
	port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
	printf '%s\n' 'version: 0.1' 'log: {accesslog: {disabled: true}}' \
		"storage: {filesystem: {rootdirectory: $work/registry}}" "http: {addr: \"127.0.0.1:$port\"}" >"$work/registry.yml"
	docker-registry serve "$work/registry.yml" >"$work/registry.log" 2>&1 &
	pids="$! $pids"
	within 30 python3 -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$port/v2/')"
}

# A clone of this tree as it is, committed, with the built binaries; its origin is a bare repository.
make_clone() {
	mkdir -p "$work/clone" && git ls-files -z -co --exclude-standard | xargs -0 cp --parents -Pt "$work/clone" &&
		cd "$work/clone" && git init -q -b main && git add -A && git commit -q -m 'main, as it is' &&
		git init -q --bare -b main "$work/origin.git" && git remote add origin "$work/origin.git" &&
		git push -q origin main || return 1
	mkdir build && ln -s "$top/build/npm" build/npm || return 1
	for one in "$top"/build/static "$top"/build/static-*; do
		[ ! -d "$one/lib" ] || { mkdir -p "build/${one##*/}/lib" && cp "$one/pachup" "build/${one##*/}/" &&
			cp "$one/lib/versions" "$one/lib/compiler" "$one/lib/roots.pem" "build/${one##*/}/lib/"; } || return 1
	done
}

dist_twice() {
	.ci/dist build/dist "$version" && cp -r build/dist "$work/first" && .ci/dist build/dist "$version" &&
		diff -r "$work/first" build/dist
}
has_all_files() {
	for file in pachup-linux-amd64 pachup-linux-arm64 pachup-image.tar pachup.spdx.json "pachup_${version}_amd64.deb" \
		"pachup_${version}_arm64.deb" "pachup-azure-$version.vsix"; do
		grep -q " $file\$" build/dist/SHA256SUMS || return 1
	done
	(cd build/dist && sha256sum --quiet --check SHA256SUMS)
}
push() {
	digest=$(PLAIN=1 .ci/push-image build/dist "$image" "v$version") && echo "$digest"
}
has_platforms() { # under the digest, whatever the tag says
	skopeo inspect --tls-verify=false --raw "docker://$image@$digest" | python3 -c '
import json, sys
index = json.load(sys.stdin)
assert sorted(one["platform"]["architecture"] for one in index["manifests"]) == ["amd64", "arm64"], index'
}
tag() {
	git --git-dir "$work/origin.git" rev-parse "refs/tags/$1"
}
at_tag() { # at_tag TAG FILE
	git --git-dir "$work/origin.git" show "$1:$2"
}
all_tags_at() {
	for one in "v$version" "v${version%.*}" "v${version%%.*}"; do
		[ "$(tag "$one")" = "$1" ] || return 1
	done
}
changes_two_files() {
	git --git-dir "$work/origin.git" diff --name-only main "v$version" >"$work/log"
	[ "$(tr '\n' ' ' <"$work/log")" = 'action.yml action/setup/action.yml ' ]
}
names_image() {
	at_tag "v$version" action.yml | grep -qxF "  image: docker://$image@$digest"
}
has_sum() { # has_sum ARCH
	sum=$(sha256sum <"build/dist/pachup-linux-$1" | cut -d ' ' -f 1)
	at_tag "v$version" action/setup/action.yml | grep -qxF "        SUM_$1: $sum"
}
is_refused() { # a version is released once
	before=$(git --git-dir "$work/origin.git" for-each-ref)
	no .ci/release-commit "$version" "$image@$digest" origin &&
		[ "$(git --git-dir "$work/origin.git" for-each-ref)" = "$before" ]
}
refuses() {
	no .ci/release-commit "$@" origin
}

# setup ACTION-FILE NAME=VALUE...: the steps of the composite action, as a runner of that kind would run them
setup() {
	file=$1
	shift
	rm -rf "$work/runner" && mkdir -p "$work/runner"
	python3 -c '
import sys
lines = open(sys.argv[1]).read().split("\n")
begin = next(i for i, line in enumerate(lines) if line.strip() == "run: |")
print("\n".join(line[8:] for line in lines[begin + 1 :]))' "$file" >"$work/runner/script"
	settings=$(sed -n 's/^        \(VERSION\|SUM_amd64\|SUM_arm64\): "\{0,1\}\([^"]*\)"\{0,1\}$/\1=\2/p' "$file")
	# shellcheck disable=SC2086 # a list of words
	env $settings RUNNER_OS=Linux RUNNER_ARCH=X64 RUNNER_TEMP="$work/runner" GITHUB_PATH="$work/runner/path" \
		GITHUB_OUTPUT="$work/runner/output" REPOSITORY=o/r SERVER="file://$work/server" "$@" \
		bash "$work/runner/script" >"$work/runner/log" 2>&1
	rc=$?
	cat "$work/runner/log"
	return $rc
}
setup_says() { # setup_says TEXT ACTION-FILE NAME=VALUE...: it fails, and says so
	text=$1
	shift
	no setup "$@" && grep -qF "$text" "$work/runner/log"
}

ok 'a registry starts' start_registry
image=127.0.0.1:$port/example/pachup
make_clone || {
	echo "release: no clone of this tree"
	exit 1
}
version=$(sed -n 's/^#define PACHUP_VERSION "\(.*\)"/\1/p' src/base/version.h)
ok 'what is handed out is the same twice' dist_twice
ok 'it is complete, and its checksums are right' has_all_files
digest=sha256:none
push >"$work/log" 2>&1
ok 'the image is pushed under the digest that the build printed' grep -qx "index $digest" build/dist/digests
ok 'the digest holds both platforms' has_platforms
ok 'an image without a digest is refused' refuses "$version" "$image:v$version"
ok 'an invalid version is refused' refuses "$version-rc1" "$image@$digest"
commit=$(.ci/release-commit "$version" "$image@$digest" origin)
ok 'one commit has all three tags' all_tags_at "$commit"
ok 'main stays where it was' test "$(git --git-dir "$work/origin.git" rev-parse main)" = "$(git rev-parse HEAD~1)"
ok 'the release changes two files of main' changes_two_files
ok 'its action names the image by digest' names_image
ok 'its setup action knows the checksum of amd64' has_sum amd64
ok 'its setup action knows the checksum of arm64' has_sum arm64
git checkout -q main 2>/dev/null && git reset -q --hard origin/main
ok 'a second release of the version is refused and moves nothing' is_refused
git checkout -q -- .

mkdir -p "$work/server/o/r/releases/download/v$version"
cp build/dist/pachup-linux-* "$work/server/o/r/releases/download/v$version/"
at_tag "v$version" action/setup/action.yml >"$work/setup.yml"
ok 'the setup action installs the binary' setup "$work/setup.yml"
ok 'it puts it on PATH' test -x "$(cat "$work/runner/path" 2>/dev/null)/pachup"
ok 'it says the version' grep -qx "version=$version" "$work/runner/output"
ok 'it has a sentence for macOS' setup_says 'for Linux only, and this runner is macOS' "$work/setup.yml" RUNNER_OS=macOS
ok 'it has a sentence for Windows' setup_says 'for Linux only, and this runner is Windows' "$work/setup.yml" RUNNER_OS=Windows
ok 'it has a sentence for other processors' setup_says 'this runner is ARM' "$work/setup.yml" RUNNER_ARCH=ARM
ok 'it has a sentence for a commit that is not a release' setup_says 'no release of pachup' action/setup/action.yml
echo broken >>"$work/server/o/r/releases/download/v$version/pachup-linux-amd64"
ok 'it refuses a download with another checksum' setup_says 'does not have the checksum' "$work/setup.yml"
ok 'and leaves none of it' no test -e "$work/runner/pachup-$version/pachup"

reason=$(no_engine_because | head -n 1)
[ -n "$reason" ] || .ci/deps image || reason='no Debian packages of an engine'
if [ -n "$reason" ]; then
	skip 'the release by its digest' "$reason"
else
	start_engine || exit 1
	run_release() { # as a runner does with docker://image@digest
		# shellcheck disable=SC2086 # $docker is two words and more
		$docker pull --quiet "$image@$digest" && $docker run --rm --network none --read-only --cap-drop ALL "$image@$digest" \
			version | grep -F "pachup $version"
	}
	load_archive() { # what `make image` makes
		# shellcheck disable=SC2086
		$docker load --quiet --input build/dist/pachup-image.tar && $docker run --rm --network none "pachup:$version" version
	}
	ok 'an engine pulls the release by its digest and runs it' run_release
	ok 'an engine loads the archive' load_archive
fi
echo "release: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
