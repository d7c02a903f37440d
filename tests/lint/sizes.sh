#!/bin/sh
# sizes.sh FILE...: functions of at most 60 lines and cyclomatic complexity 15, files of at most 600
# lines. The house aims lower (20 lines, 12); this is the fence.
pmccabe "$@" | awk -F '\t' '
	$5 > 60 { print $6 ": " $5 " lines, at most 60"; wrong = 1 }
	$1 > 15 { print $6 ": complexity " $1 ", at most 15"; wrong = 1 }
	END { exit wrong }'
functions=$?
wc -l "$@" | awk '$2 != "total" && $1 > 600 { print $2 ": " $1 " lines, at most 600"; wrong = 1 } END { exit wrong }' &&
	[ "$functions" -eq 0 ]
