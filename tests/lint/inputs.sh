#!/bin/sh
# inputs.sh: the program's table of inputs is the truth; action.yml and README.md list the same names.
wrong=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# compare FILE, its names on stdin
compare() {
	sort -u >"$work/names"
	comm -3 "$work/names" "$work/truth" | awk -F '\t' -v file="$1" '
		$1 != "" { print file ": input \047" $1 "\047 is unknown to the program"; wrong = 1 }
		$1 == "" { print file ": input \047" $2 "\047 of the program is missing"; wrong = 1 }
		END { exit wrong }' || wrong=1
}

# a name stands at the start of a line or after two blanks, in the first column
build/pachup help inputs | sed -n 's/^ \{0,2\}\([a-z][a-z-]*\)\(  .*\|\t.*\)\{0,1\}$/\1/p' | sort -u >"$work/truth"
[ -s "$work/truth" ] || {
	echo "build/pachup help inputs: names no input"
	exit 1
}
awk '/^[a-z]/ { inside = /^inputs:/ } inside && /^  [a-z-]+:/ { sub(/:.*/, ""); print $1 }' action.yml |
	compare action.yml
awk '/^#/ { inside = tolower($0) ~ /^#+ inputs/ } inside && /^\| `/ { split($0, cell, "`"); print cell[2] }' README.md |
	compare README.md
exit "$wrong"
