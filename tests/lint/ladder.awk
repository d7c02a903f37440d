# usage: awk -v what=rooms|parts -f ladder.awk src/LAYERS
# rooms: the ladder as a Mermaid flowchart, parts within their rooms, an arrow only where no other way leads down.
# parts: the parts of deploy/ as the rows of a table.

/^[a-z]/ {
	split($0, text, "#")
	split(text[1], half, "|")
	split(half[1], side, ":")
	room = side[1]
	sub(/^ /, "", text[2])
	if (text[2] == "") {
		printf "src/LAYERS:%d:1: error: room '%s' does not say what it is: '# …'\n", FNR, room
		wrong = 1
	}
	if (what == "parts" && room ~ /^deploy\//)
		printf "| `%s/` | %s |\n", room, text[2]
	part = room
	if (sub(/\/.*/, "", room))
		parts[room] = parts[room] (parts[room] == "" ? "; " : ", ") substr(part, length(room) + 2)
	else
		title[room] = text[2]
	if (!(room in place)) {
		place[room] = ++count
		rooms[count] = room
	}
	for (i = split(side[2], names, " "); i > 0; i--) {
		sub(/\/.*/, "", names[i])
		if (names[i] != room)
			below[room, names[i]] = 1
	}
}

# Whether a way leads down from one to the other; asked once for each pair.
function leads(from, to,    i) {
	if ((from, to) in known)
		return known[from, to]
	known[from, to] = (from, to) in below
	for (i = 1; i <= count && !known[from, to]; i++)
		if ((from, rooms[i]) in below && leads(rooms[i], to))
			known[from, to] = 1
	return known[from, to]
}

function has_longer_way(from, to,    i) {
	for (i = 1; i <= count; i++)
		if ((from, rooms[i]) in below && rooms[i] != to && leads(rooms[i], to))
			return 1
	return 0
}

END {
	if (wrong || what == "parts")
		exit wrong
	print "flowchart BT"
	for (i = 1; i <= count; i++)
		printf "  %s[%s: %s%s]\n", rooms[i], rooms[i], title[rooms[i]], parts[rooms[i]]
	for (i = 1; i <= count; i++)
		for (j = 1; j <= count; j++)
			if ((rooms[i], rooms[j]) in below && !has_longer_way(rooms[i], rooms[j]))
				printf "  %s --> %s\n", rooms[i], rooms[j]
}
