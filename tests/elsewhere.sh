#!/bin/sh
# elsewhere.sh: a part of each suite where nothing is as at home: in a copy that has no ../shared beside it, with SIGINT
# and SIGTERM ignored, as a script leaves them to what it starts with "&"; run by root, as a user who cannot write there.
# Wants what `make`, and `make unit corpus` with MODE=asan, have built.
set -u
cd "$(dirname "$0")/.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
there=$work/copy/pachup

make_copy() {
	mkdir -p "$there/build/asan" "$work/tmp" || return
	git -c safe.directory="$(pwd)" ls-files -co --exclude-standard | while read -r file; do
		[ ! -f "$file" ] || echo "$file" # one may have been removed
	done >"$work/files"
	tar -c -T "$work/files" | tar -x -C "$there" &&
		cp -R build/dev build/pachup "$there/build/" &&
		cp -R build/asan/pachup build/asan/unit build/asan/corpus "$there/build/asan/" &&
		git -C "$there" init -q && git -C "$there" add -A &&
		chmod -R a+rX,go-w "$work" && chmod 1777 "$work/tmp"
}

# nobody, where we may become that; else who we are
as_another() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
	else
		"$@"
	fi
}

make_copy || exit 1
cd "$there" || exit 1
trap '' INT TERM
as_another env HOME="$work/tmp" TMPDIR="$work/tmp" PYTHONDONTWRITEBYTECODE=1 sh tests/all.sh part </dev/null
