#!/bin/sh
# lonely.sh DIR: a function of ours that no other object and no test uses must be static.
# DIR is a build directory; generated code is left out.
dir=$1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
find "$dir" -name '*.o' ! -path "$dir/gen/*" | while read -r object; do # of a source that is still there
	source=${object#"$dir"/}
	[ ! -f "src/${source%.o}.c" ] || echo "$object"
done >"$work/ours"
[ -s "$work/ours" ] || {
	echo "lonely.sh: no objects in $dir: run make first"
	exit 1
}
xargs nm -g --defined-only <"$work/ours" | awk '$2 == "T" { print $3 }' | sort -u >"$work/defined"
{
	echo main
	xargs nm -g --undefined-only <"$work/ours" | awk '$1 == "U" { print $2 }'
	cat tests/unit/*.c tests/fuzz/*.c | tr -cs 'A-Za-z0-9_' '\n'
} | sort -u >"$work/used"
comm -23 "$work/defined" "$work/used" | sed 's/$/: used in its own file only: make it static, or use it/' >"$work/lonely"
cat "$work/lonely"
[ ! -s "$work/lonely" ]
