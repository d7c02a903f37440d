#!/bin/sh
# headers.sh FILE...: every header compiles alone, and twice.
flags=$(pkg-config --cflags libcurl libcjson libgit2 libsodium libprotobuf-c yaml-0.1) || exit 1
wrong=0
for header; do
	# shellcheck disable=SC2086 # flags are words
	printf '#include "%s"\n#include "%s"\nextern int not_empty;\n' "${header#src/}" "${header#src/}" |
		${CC:-cc} -std=c11 -D_POSIX_C_SOURCE=200809L -Isrc -Ibuild/dev/gen $flags -Wall -Wextra \
			-Wpedantic -Werror -fsyntax-only -x c - || wrong=1
done
exit "$wrong"
