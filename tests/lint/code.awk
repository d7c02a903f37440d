# code.awk: for the other scripts. code_of(line) is the line without its comments; with
# `without_literals` strings are emptied too. Lines must come in the order of their file.

function code_of(line, without_literals,    code, token, end) {
	if (FNR == 1)
		in_comment = 0
	if (in_comment) {
		if ((end = index(line, "*/")) == 0)
			return ""
		line = substr(line, end + 2)
		in_comment = 0
	}
	while (match(line, /"(\\.|[^"\\])*"|'(\\.|[^'\\])*'|\/\*/)) {
		token = substr(line, RSTART, RLENGTH)
		code = code substr(line, 1, RSTART - 1)
		line = substr(line, RSTART + RLENGTH)
		if (token != "/*")
			code = code (without_literals ? "\"\"" : token)
		else if ((end = index(line, "*/")) == 0) {
			in_comment = 1
			return code
		} else
			line = substr(line, end + 2)
	}
	return code line
}
