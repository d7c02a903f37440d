# usage: awk -f layers.awk src/LAYERS FILE...
# Checks every #include against the ladder: a room sees only the rooms that its line names, and a
# foreign header stays in its room. src/main.c, which is in no room, may see all rooms.

function bad(why) {
	printf "%s:%d:1: error: %s\n", FILENAME, FNR, why
	wrong = 1
}

FNR == 1 {
	parts = split(FILENAME, part, "/")
	room = parts == 3 ? part[2] : parts == 4 ? part[2] "/" part[3] : ""
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
	for (i = split(half[2], names, " "); i > 0; i--) {
		home[names[i]] = home[names[i]] " '" side[1] "'"
		owns[side[1], names[i]] = 1
	}
	next
}

room != "" && !(room in known) && FNR == 1 { bad("room '" room "' has no line in src/LAYERS") }

/^[ \t]*#[ \t]*include[ \t]*"/ {
	split($0, quoted, "\"")
	other = quoted[2] # its room: all before the last slash
	sub(/\/[^\/]*$/, "", other)
	if (quoted[2] ~ /\.pb-c\.h$/) {
		if (!((room, "protobuf-c/protobuf-c.h") in owns))
			bad("room '" room "' must not see generated messages")
	} else if (quoted[2] !~ /^([a-z]+\/)+[a-z0-9_]+\.h$/)
		bad("write \"room/file.h\", not \"" quoted[2] "\"")
	else if (room != "" && other != room && !((room, other) in sees))
		bad("room '" room "' must not see '" other "'")
	else if (!seen_include && FILENAME ~ /\.c$/ && room != "") {
		own = room "/" part[parts]
		sub(/\.c$/, ".h", own)
		if (quoted[2] != own && system("test -f src/" own) == 0)
			bad("include \"" own "\" first")
	}
}

/^[ \t]*#[ \t]*include[ \t]*</ {
	split($0, angled, /[<>]/)
	if (angled[2] in home && !((room, angled[2]) in owns))
		bad("<" angled[2] "> belongs to" home[angled[2]])
	else if (angled[2] ~ /^(curl|git2|cjson|google|openssl|nghttp2|protobuf-c)[\/.]|^(yaml|sodium)/ \
	    && !(angled[2] in home))
		bad("<" angled[2] "> has no room in src/LAYERS")
}

/^[ \t]*#[ \t]*include/ { seen_include = 1 }

END { exit wrong }
