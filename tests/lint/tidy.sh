#!/bin/sh
# tidy.sh FILE...: clang-tidy (.clang-tidy says what) on every .c file; wants the generated headers.
flags=$(pkg-config --cflags libcurl libcjson libgit2 libsodium libprotobuf-c yaml-0.1) || exit 1
# shellcheck disable=SC2016 # the inner shell expands
printf '%s\n' "$@" | grep '\.c$' | xargs -P "$(getconf _NPROCESSORS_ONLN)" -n 8 \
	sh -c 'flags=$1; shift; clang-tidy --quiet "$@" -- -std=c11 -D_POSIX_C_SOURCE=200809L -Isrc -Ibuild/dev/gen $flags 2>/dev/null' \
	tidy.sh "$flags"
