# usage: awk -f code.awk -f banned.awk tests/lint/banned FILE...
# No call of a function outside its place; a word in a comment or a literal is not a call.

FILENAME ~ /\/banned$/ {
	if ($0 !~ /^#/ && NF > 2) {
		split($0, column, /  +/)
		places[column[1]] = column[2]
		instead[column[1]] = column[3]
	}
	next
}

{
	rest = code_of($0, 1)
	while (match(rest, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
		name = substr(rest, RSTART, RLENGTH)
		sub(/[ \t]*\($/, "", name)
		before = substr(rest, 1, RSTART - 1)
		rest = substr(rest, RSTART + RLENGTH)
		if (name in places && before !~ /(->|\.)[ \t]*$/ && !allowed(name))
			bad(name)
	}
}

function allowed(name,    i, n, place) {
	n = split(places[name], place, " ")
	for (i = 1; i <= n; i++)
		if (index(FILENAME, place[i]) == 1)
			return 1
	return 0
}

function bad(name) {
	printf "%s:%d:1: error: %s() is not called here\n  hint: %s\n", FILENAME, FNR, name, instead[name]
	wrong = 1
}

END { exit wrong }
