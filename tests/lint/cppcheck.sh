#!/bin/sh
# cppcheck.sh FILE...: warnings and portability; style is left to clang-tidy and the compiler.
printf '%s\n' "$@" | grep '\.c$' | cppcheck --file-list=- --quiet --std=c11 --language=c -j "$(getconf _NPROCESSORS_ONLN)" \
	--enable=warning,portability,performance --inline-suppr --error-exitcode=1 \
	--suppress=missingIncludeSystem --suppress=internalAstError -Isrc -D_POSIX_C_SOURCE=200809L
