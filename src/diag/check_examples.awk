# Reads check_examples.txt and writes the table of examples: the first of each code, with what {S} and {I} stand for.
BEGIN {
	print "/* made by src/diag/check_examples.awk: do not edit */"
	print "#include \"diag/check_example.h\""
	print "const struct check_example check_examples[] = {"
}
/^#/ { next }
/^== / {
	flush()
	code = $2; release = later = ""
	for (i = 3; i < NF; i++) if ($i ~ /^[0-9]/) release = $i
	part = "bad"
	next
}
/^--( |$)/ { part = "good"; later = $2; next }
part != "" { text[part] = text[part] filled($0) "\n" }
END {
	flush()
	print "};"
	print "const size_t check_example_count = sizeof(check_examples) / sizeof(check_examples[0]);"
}

function flush() {
	if (code != "" && !(code in seen))
		print "\t{ \"" code "\", \"" release "\", \"" later "\", \"" quoted(text["bad"]) "\", \"" quoted(text["good"]) "\" },"
	seen[code] = 1
	text["bad"] = text["good"] = ""
}

function filled(line) {
	gsub(/\{S\}/, "\"transform\":{\"image\":\"r.example/a:1\",\"cmd\":[\"x\"]}", line)
	gsub(/\{I\}/, "\"input\":{\"pfs\":{\"repo\":\"r\",\"glob\":\"/\"}}", line)
	return line
}

function quoted(text,    i, c, out) {
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		out = out (c == "\n" ? "\\n" : c == "\\" || c == "\"" || c == "?" ? "\\" c : c)
	}
	return out
}
