#!/bin/sh
# The static binary as a file and as a citizen: how it is hardened, that it holds no trace of where it was built,
# what it does with the environment and the network of a bare machine, how large it is, and that the image, the
# package and the bill of materials that are made of it are the same each time.
# usage: tests/artefact.sh [BINARY]; without it, build/static/pachup, which `make static` made, and then also
# build/static-*/pachup under an emulator. SLOW=1 builds the binary a second time elsewhere and compares.
set -u
cd "$(dirname "$0")/.." || exit 1
passed=0 failed=0 skipped=0
binary=${1:-build/static/pachup}
[ -x "$binary" ] || {
	echo "artefact: no $binary: run make static" >&2
	exit 1
}
binary=$(realpath "$binary")
.ci/deps artefact || exit 1
work=$(mktemp -d) || exit 1
pids=
# shellcheck disable=SC2317 # the trap calls it
clean_up() {
	for pid in $pids; do
		kill "$pid" 2>/dev/null
	done
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

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
skip() { # skip NAME REASON
	skipped=$((skipped + 1))
	echo "skip - $1 # $2"
}
no() { # no COMMAND...: it fails
	! "$@"
}

# -- the file

has() { # has READELF-OPTION PATTERN
	readelf -W "$1" "$binary" | grep -qE "$2"
}
size_at_most() {
	bytes=$(wc -c <"$binary")
	echo "$bytes bytes, $1 at most"
	[ "$bytes" -le "$1" ]
}
holds_text() { # holds_text EXTENDED-PATTERN
	LC_ALL=C grep -aqE "$1" "$binary"
}
ok 'is at most 6 MB' size_at_most 6000000
ok 'is position-independent and static' has -h 'Type: +DYN'
ok 'names no interpreter' no has -l INTERP
ok 'needs no library' no has -d NEEDED
ok 'has relocations that are read-only' has -l GNU_RELRO
ok 'binds at start' has -d BIND_NOW
ok 'has a stack that is not executable' has -l 'GNU_STACK .* RW +0x'
ok 'has no segment that is writable and executable' no has -l 'LOAD .* RWE'
ok 'has a stack protector' holds_text 'stack smashing detected'
ok 'has checked buffers' holds_text 'buffer overflow detected'
ok 'has no build id' no has -n 'Build ID'
ok 'has no symbols' no has -S '\.symtab'
ok 'names no folder of the build' no holds_text "$(pwd | sed 's/[.]/\\./g')|$HOME/|/src/build/"
ok 'names no time of the build' holds_text 'built on: Thu Jan  1 00:00:00 1970'
ok 'knows its release' sh -c "'$binary' version | grep -q '^pachup [0-9]'"

# -- the machine

bare() { # bare NAME=VALUE... -- ARGUMENTS: with nothing in the environment, in a folder of its own, at most 20 s
	set -- "$@"
	settings=
	while [ "$1" != -- ]; do
		settings="$settings $1"
		shift
	done
	shift
	# shellcheck disable=SC2086 # a list of words
	(cd "$work" && timeout 20 env -i $settings "$binary" "$@" >"$work/out" 2>&1)
	echo "exit $?" >>"$work/out"
}
says() { # says PATTERN bare-arguments...
	pattern=$1
	shift
	bare "$@"
	cat "$work/out"
	grep -qE "$pattern" "$work/out"
}
ok 'resolves localhost' says 'connection refused' -- doctor --cluster grpc://localhost:1
ok 'speaks IPv6' says 'connection refused|Cannot assign|unreachable' -- doctor --cluster 'grpc://[::1]:1'
ok 'knows a name that nobody has' says 'cannot resolve host name' -- doctor --cluster grpc://no-such-host.invalid:1
ok 'runs as nobody, in a folder that it may not write to' \
	sh -c "chmod 755 '$work' && setpriv --reuid 65534 --regid 65534 --clear-groups env -i -C / '$binary' version"

# until NAME FILE PATTERN: at most 10 s
until_says() {
	for _ in $(seq 100); do
		grep -qs "$2" "$1" && return
		sleep 0.1
	done
	return 1
}
# A TLS server on loopback, and what it saw; a proxy that notes who asks for what and then hangs up.
start_tls() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout "$work/key.pem" -out "$work/cert.pem" \
		2>/dev/null || return 1
	openssl s_server -www -accept 127.0.0.1:0 -key "$work/key.pem" -cert "$work/cert.pem" -alpn h2 -msg \
		>"$work/server.log" 2>&1 &
	pids="$pids $!"
	until_says "$work/server.log" '^ACCEPT' || return 1
	port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' "$work/server.log")
}
start_proxy() {
	python3 -u -c '
import socket
server = socket.create_server(("127.0.0.1", 0))
print("port", server.getsockname()[1])
while True:
    client, _ = server.accept()
    print(client.recv(4096).split(b"\r\n")[0].decode())
    client.close()' >"$work/proxy.log" 2>&1 &
	pids="$pids $!"
	until_says "$work/proxy.log" ^port && proxy=http://127.0.0.1:$(sed -n 's/^port //p' "$work/proxy.log")
}
mkfifo "$work/openssl.cnf" "$work/module.so"
cat >"$work/real.cnf" <<-END
	openssl_conf = start
	[start]
	providers = them
	[them]
	evil = evil_section
	[evil_section]
	module = $work/module.so
	activate = 1
END
not_stuck() { # a pipe that it opens would hold it
	bare "$@"
	cat "$work/out"
	no grep -q 'exit 124' "$work/out"
}
finishes() { # finishes bare-arguments...: the handshake, as the server sees it; what is said over it does not matter
	before=$(grep -c '^<<<.*Finished' "$work/server.log")
	bare "$@"
	cat "$work/out"
	[ "$(grep -c '^<<<.*Finished' "$work/server.log")" -gt "$before" ]
}
if start_tls && start_proxy; then
	url=grpcs://localhost:$port
	ok 'trusts nobody who is not known' says 'CA that is not trusted|self-signed' -- doctor --cluster "$url"
	ok 'offers TLS 1.3' grep -q 'TLS 1.3' "$work/server.log"
	ok 'does not end a handshake with a server that it does not trust' no finishes -- doctor --cluster "$url"
	ok 'trusts SSL_CERT_FILE' finishes "SSL_CERT_FILE=$work/cert.pem" -- doctor --cluster "$url" --timeout 3s
	ok 'trusts --ca-file' finishes -- doctor --cluster "$url" --timeout 3s --ca-file "$work/cert.pem"
	ok 'reads no configuration of OpenSSL' not_stuck "OPENSSL_CONF=$work/openssl.cnf" -- doctor --cluster "$url"
	ok 'loads no provider' not_stuck "OPENSSL_CONF=$work/real.cnf" "OPENSSL_MODULES=$work" -- doctor --cluster "$url"
	bare "SSLKEYLOGFILE=$work/keys" -- doctor --cluster "$url"
	ok 'gives the keys of a session to nobody' test ! -e "$work/keys"
	bare "HTTPS_PROXY=$proxy" -- doctor --cluster grpcs://pachd.example:443
	ok 'asks the proxy for the host by name' grep -q '^CONNECT pachd.example:443 ' "$work/proxy.log"
	ok 'passes the proxy by where NO_PROXY says so' says 'CA that is not trusted|self-signed' "HTTPS_PROXY=$proxy" \
		NO_PROXY=localhost -- doctor --cluster "$url"
else
	skip 'TLS' 'openssl s_server or the proxy does not start'
fi

# -- what is made of it

twice() { # twice COMMAND... FILE: makes the same FILE twice
	for last; do :; done
	"$@" && mv "$last" "$last.first" && "$@" && cmp "$last.first" "$last"
}
make_image() {
	SOURCE_DATE_EPOCH=1 .ci/oci "$1" --roots "$lib/roots.pem" --version 0 "amd64=$binary" "arm64=$binary" >"$work/digests"
}
is_small() { # the bytes to pull
	cat "$work/digests"
	awk '/^linux/ { if ($3 > 2800000) bad = 1 } END { exit bad || NR < 3 }' "$work/digests"
}
names_image() {
	tar -xOf "$work/image.tar" index.json | grep -F '"io.containerd.image.name":"docker.io/library/pachup:0"'
}
make_package() {
	arch=$(dpkg --print-architecture)
	.ci/docs "$binary" "$work/docs" && SOURCE_DATE_EPOCH=1764000000 .ci/deb "$binary" "$arch" 0.0.1 "$work" "$work/docs" &&
		mv "$work/pachup_0.0.1_$arch.deb" "$1"
}
holds_docs() {
	dpkg-deb --contents "$work/pachup.deb" >"$work/contents"
	for file in man/man1/pachup.1.gz man/man1/pachup-push.1.gz bash-completion/completions/pachup \
		zsh/vendor-completions/_pachup fish/vendor_completions.d/pachup.fish; do
		grep -q " ./usr/share/$file\$" "$work/contents" || {
			echo "no $file"
			return 1
		}
	done
}
make_list() {
	.ci/sbom --version 0 --lib "$lib" "$binary" >"$1"
}
is_complete() { # a version and a checksum of each source
	python3 -c '
import json, sys
pins = [line.split()[:3] for line in open(".ci/static/sources") if not line.startswith("#")]
have = {one["name"]: one for one in json.load(open(sys.argv[1]))["packages"]}
for name, version, sum in pins:
    one = have[name]
    assert one["versionInfo"] != version or one["checksums"][0]["checksumValue"] == sum, name
assert have["glibc"] and have["pachup"]' "$1"
}
lib=$(dirname "$binary")/lib
if [ -f "$lib/roots.pem" ]; then
	ok 'makes the same image twice' twice make_image "$work/image.tar"
	ok 'makes an image of at most 2.8 MB' is_small
	ok 'names the image for containerd and podman' names_image
	ok 'makes the same bill of materials twice' twice make_list "$work/pachup.spdx.json"
	ok 'lists all that it is made of' is_complete "$work/pachup.spdx.json"
	ok 'has the roots of the pinned package' sh -c "[ \$(grep -c BEGIN '$lib/roots.pem') -gt 100 ]"
	ok 'makes the same package twice' twice make_package "$work/pachup.deb"
	ok 'makes a package with manual pages and completions' holds_docs
	ok 'makes a package that lintian finds no error in' lintian --fail-on error "$work/pachup.deb"
else
	skip 'images and packages' "no $lib/roots.pem"
fi

# -- the other processor

for other in build/static-*/pachup; do
	[ -x "$other" ] || continue
	[ $# -eq 0 ] || continue
	machine=${other#build/static-} machine=${machine%/pachup}
	emulator=$(command -v "qemu-$machine-static") || {
		skip "$machine" "no qemu-$machine-static"
		continue
	}
	binary=$(realpath "$other")
	ok "$machine: is at most 6 MB" size_at_most 6000000
	ok "$machine: links Debian's glibc with its updates" sh -c "! grep '^glibc .*cross' '${other%/*}/lib/compiler'"
	ok "$machine: is position-independent, static, read-only where it can be" sh -c \
		"readelf -Whld '$binary' | grep -q 'Type: *DYN' && ! readelf -Wl '$binary' | grep -q INTERP &&
		readelf -Wd '$binary' | grep -q BIND_NOW && readelf -Wl '$binary' | grep -q GNU_RELRO"
	ok "$machine: has no folder of the build" no holds_text "$(pwd | sed 's/[.]/\\./g')|$HOME/"
	ok "$machine: runs" sh -c "'$emulator' '$binary' version | grep -q '^pachup [0-9]'"
	ok "$machine: does all that its cases say" python3 tests/cases.py -j 2 --under "$emulator" --binary "$binary" \
		-k "${CASES_OTHER:-set-image/}"
	ok "$machine: pushes over TLS" python3 tests/cases.py -j 2 --under "$emulator" --binary "$binary" -k tls
done

copy_source() { # a checkout may belong to somebody else, as in a CI container
	git -c safe.directory='*' ls-files -z -co --exclude-standard >"$work/files" && [ -s "$work/files" ] &&
		xargs -0 cp --parents -Pt "$copy" <"$work/files"
}
if [ "${SLOW:-0}" = 1 ]; then
	copy=$work/another/folder/whose/name/is/longer
	mkdir -p "$copy"
	ok 'its source can be copied elsewhere' copy_source
	ok 'builds the same bytes elsewhere' env PACHUP_SOURCES="$(pwd)/build/sources" make -C "$copy" static
	ok 'the same bytes, indeed' cmp "$copy/build/static/pachup" build/static/pachup
else
	echo '# SLOW=1 builds the same bytes elsewhere, too'
fi

echo "artefact: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
