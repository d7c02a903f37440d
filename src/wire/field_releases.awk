# Reads our .proto files and writes the table of all field names and the releases that know them: the
# comments "[1.9.8-]" and "[as x -2.6.5]" behind fields say which; without one, all of its line.
BEGIN {
	print "/* made by src/wire/field_releases.awk: do not edit */"
	print "#include \"wire/field_releases.h\""
}
FNR == 1 { depth = 0; package = "" }
/^package / { package = $2; sub(/;$/, "", package) }
/^[ \t]*message / { scope[++depth] = $2; kind[depth] = "message"; next }
/^[ \t]*enum / { scope[++depth] = $2; kind[depth] = "enum"; next }
/^[ \t]*oneof / { scope[++depth] = ""; kind[depth] = "oneof"; next }
/^[ \t]*}/ { depth--; next }
depth > 0 && kind[depth] != "enum" && / = [0-9]+/ { field() }

function field(    name, number, text, n, part, i, plain) {
	match($0, /[A-Za-z0-9_]+ = [0-9]+/)
	split(substr($0, RSTART, RLENGTH), part, " = ")
	name = part[1]; number = part[2]
	if (!match($0, /\/\/ \[/)) {
		row(name, number, "0", "FIELD_EVER")
		return
	}
	text = substr($0, RSTART)
	plain = 0
	while (match(text, /\[[^]]*\]/)) {
		n = split(substr(text, RSTART + 1, RLENGTH - 2), part, " ")
		if (part[1] == "as") {
			ranges(part[2], number, part[3])
		} else {
			ranges(name, number, part[1])
			plain = 1
		}
		text = substr(text, RSTART + RLENGTH)
	}
	if (!plain) # known by its other names only
		row(name, number, "1", "0")
}

function ranges(name, number, text,    n, part, i, ends) {
	n = split(text, part, ",")
	for (i = 1; i <= n; i++) {
		split(part[i], ends, "-")
		row(name, number, ends[1] == "" ? "0" : version(ends[1]), ends[2] == "" ? "FIELD_EVER" : version(ends[2]))
	}
}

function version(text,    part) {
	split(text, part, ".")
	return "RELEASE(" part[1] ", " part[2] ", " part[3] ")"
}

function row(name, number, from, to,    i, full) {
	full = package
	for (i = 1; i <= depth; i++) if (scope[i] != "") full = full "." scope[i]
	rows[++count] = full SUBSEP name SUBSEP "\t{ \"" name "\", " number ", " from ", " to " },"
}

END {
	# by message and name; insertion keeps the order of the ranges
	for (i = 2; i <= count; i++) {
		one = rows[i]
		for (j = i - 1; j >= 1 && key(rows[j]) > key(one); j--) rows[j + 1] = rows[j]
		rows[j + 1] = one
	}
	print "const struct field_releases field_releases_table[] = {"
	for (i = 1; i <= count; i++) { split(rows[i], part, SUBSEP); print part[3] }
	print "};"
	print "const size_t field_releases_count = sizeof(field_releases_table) / sizeof(field_releases_table[0]);"
	print "const struct field_rows field_rows_table[] = {"
	for (i = 1; i <= count; i = j) {
		split(rows[i], part, SUBSEP)
		message = part[1]
		for (j = i; j <= count && index(rows[j], message SUBSEP) == 1; j++) continue
		print "\t{ \"" message "\", " i - 1 ", " j - 1 " },"
	}
	print "};"
	print "const size_t field_rows_count = sizeof(field_rows_table) / sizeof(field_rows_table[0]);"
}
function key(text,    part) { split(text, part, SUBSEP); return part[1] SUBSEP part[2] }
