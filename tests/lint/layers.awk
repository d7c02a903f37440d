# usage: awk -f layers.awk src/LAYERS FILE...
# Checks every #include against the ladder: a room sees only the rooms that its line names, and a
# foreign header stays in its room. src/main.c, which stands in no room, may see all rooms.

function bad(why) {
	printf "%s:%d:1: error: %s\n", FILENAME, FNR, why
	wrong = 1
}

FNR == 1 {
	parts = split(FILENAME, part, "/")
	room = parts == 3 ? part[2] : ""
	seen_include = 0
}

FILENAME ~ /LAYERS$/ {
	sub(/#.*/, "")
	if (split($0, half, "|") < 2)
		next
	split(half[1], side, ":")
	gsub(/[ \t]/, "", side[1])
	known[side[1]] = 1
	for (i = split(side[2], names, " "); i > 0; i--) {
		if (!(names[i] in known))
			bad("room '" side[1] "' names '" names[i] "', which is not below it")
		sees[side[1], names[i]] = 1
	}
	for (i = split(half[2], names, " "); i > 0; i--)
		home[names[i]] = side[1]
	next
}

room != "" && !(room in known) && FNR == 1 { bad("room '" room "' has no line in src/LAYERS") }

/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, quoted, "\"")
	split(quoted[2], path, "/")
	if (quoted[2] in home || quoted[2] ~ /\.pb-c\.h$/) {
		if (room != home["protobuf-c/protobuf-c.h"])
			bad("generated messages belong to room '" home["protobuf-c/protobuf-c.h"] "'")
	} else if (quoted[2] !~ /^[a-z]+\/[a-z0-9_]+\.h$/)
		bad("write \"room/file.h\", not \"" quoted[2] "\"")
	else if (room != "" && path[1] != room && !((room, path[1]) in sees))
		bad("room '" room "' must not see '" path[1] "'")
	else if (!seen_include && FILENAME ~ /\.c$/ && room != "") {
		own = room "/" part[3]
		sub(/\.c$/, ".h", own)
		if (quoted[2] != own && system("test -f src/" own) == 0)
			bad("include \"" own "\" first")
	}
}

/^[ \t]*#[ \t]*include[ \t]*</ {
	split($0, angled, /[<>]/)
	if (angled[2] in home && home[angled[2]] != room)
		bad("<" angled[2] "> belongs to room '" home[angled[2]] "'")
	else if (angled[2] ~ /^(curl|git2|cjson|google|openssl|nghttp2|protobuf-c)[\/.]|^(yaml|sodium)/ \
	    && !(angled[2] in home))
		bad("<" angled[2] "> has no room in src/LAYERS")
}

/^[ \t]*#[ \t]*include/ { seen_include = 1 }

END { exit wrong }
