#!/bin/sh
# symbols.sh DIR: rooms use each other's symbols as src/LAYERS allows, and in no circle. DIR is a build directory.
dir=$1
find "$dir" -name '*.o' ! -path "$dir/gen/*" | while read -r object; do # of a source that is still there
	source=${object#"$dir"/}
	[ ! -f "src/${source%.o}.c" ] || echo "$object"
done | xargs nm -A -g | awk -v dir="$dir" -v least=100 -f tests/lint/symbols.awk src/LAYERS -
