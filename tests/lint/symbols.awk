# usage: nm -A -g OBJECT… | awk -v dir=DIR -v least=NUMBER -f symbols.awk src/LAYERS -
# Checks the ladder with what the linker sees: where an object of one room uses a symbol that an object of another room
# defines, src/LAYERS must allow the one to include the other, or a room between them. A room names only rooms above
# its own line there, so there is no circle between rooms or parts. A symbol that no header declares counts, too.
# Fewer than `least` edges between rooms: the objects are not those of src/.

FILENAME ~ /LAYERS$/ {
	sub(/#.*/, "")
	if (split($0, half, "|") < 2)
		next
	split(half[1], side, ":")
	gsub(/[ \t]/, "", side[1])
	for (i = split(side[2], names, " "); i > 0; i--) {
		sees[side[1], names[i]] = 1
		for (low in known) # what a header of that room includes
			if ((names[i], low) in sees)
				sees[side[1], low] = 1
	}
	known[side[1]] = 1
	next
}

{
	# "build/dev/pachd/pps/jobs.o:0000000000000010 T job_read", "…/jobs.o:                 U arena_fmt"
	object = $0
	sub(/:.*/, "", object)
	room = substr(object, length(dir) + 2)
	if (!sub(/\/[^\/]*$/, "", room)) # main.c is in no room
		next
	kind = $(NF - 1)
	symbol = $NF
	if (kind == "U")
		uses[room, symbol] = object
	else if (kind ~ /^[TDRBVW]$/)
		home[symbol] = room
}

END {
	for (pair in uses) {
		split(pair, part, SUBSEP)
		other = home[part[2]]
		if (other == "" || other == part[1])
			continue
		edges[part[1], other] = 1
		if (!((part[1], other) in sees)) {
			printf "%s: error: room '%s' must not use %s of room '%s'\n", uses[pair], part[1], part[2], other
			wrong = 1
		}
	}
	for (pair in edges)
		count++
	if (count < least) {
		print "error: only " count + 0 " edges between rooms: the objects are not those of src/"
		wrong = 1
	}
	exit wrong
}
