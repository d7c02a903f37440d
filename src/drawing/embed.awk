# usage: awk -f embed.awk FILE...: C source with the text of each file as a constant: page.css is page_css.
FNR == 1 {
	if (NR > 1)
		print "\t;"
	name = FILENAME
	sub(/.*\//, "", name)
	gsub(/[^a-z]/, "_", name)
	if (NR == 1)
		print "#include \"drawing/html.h\""
	print "const char " name "[] ="
}

{
	gsub(/\\/, "&&")
	gsub(/"/, "\\\"")
	print "\t\"" $0 "\\n\""
}

END { print "\t;" }
