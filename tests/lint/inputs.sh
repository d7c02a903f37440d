#!/bin/sh
# inputs.sh [--update]: the program's table of inputs is the truth: docs/inputs.md holds it, and action.yml
# has the same names, and the defaults in its descriptions. --update rewrites that page's table.
wrong=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# columns: name, flag, kind, variables, default, scope, help, choices, short flag, group, value, label, help of a form, commands
build/pachup help inputs >"$work/truth" || exit 1
[ -s "$work/truth" ] || exit 1

{
	echo '| input | flag | meaning | one of | default | also read from |'
	echo '| --- | --- | --- | --- | --- | --- |'
	awk -F '\t' '{
		gsub(/\|/, "\\|", $7)
		printf "| `%s`%s | %s | %s | %s | %s | %s |\n", $1, $6 == "cli" ? " (command line only)" : "",
		    $2 == "" ? "none" : "`" $2 "`", $7, listed($8, "[|]"), $5 == "" ? "" : "`" $5 "`", listed($4, " ")
	}
	function listed(text, sep) { gsub(sep, "`, `", text); return text == "" ? "" : "`" text "`" }' "$work/truth"
} >"$work/table"

awk -v table="$work/table" '
	/^<!-- inputs:/ { print; while ((getline line < table) > 0) print line; skip = 1 }
	/^<!-- \/inputs -->/ { skip = 0 }
	!skip && !/^<!-- inputs:/ { print }' docs/inputs.md >"$work/page"
if [ "${1:-}" = --update ]; then
	cat "$work/page" >docs/inputs.md
elif ! cmp -s "$work/page" docs/inputs.md; then
	echo "docs/inputs.md: the table is not that of 'pachup help inputs': run make update"
	wrong=1
fi

# The inputs of the action. The default is in the description: "default:" would arrive as if the user had written it,
# who may have used another spelling.
awk -F '\t' '
	BEGIN { print "inputs:" }
	$6 == "all" {
		text = $13 == "" ? $7 : $13
		text = toupper(substr(text, 1, 1)) substr(text, 2)
		text = text ($8 == "" ? "" : ". One of: " joined($8, "[|]", ", ")) ($3 == "list" && $7 !~ /one per line/ ? ". One per line" : "") \
		    ($4 == "" ? "" : ". Also read from " joined($4, " ", " and ")) ($5 == "" ? "" : ". Default: " $5)
		gsub(/[\\"]/, "\\\\&", text)
		printf "  %s:\n    description: \"%s\"\n    required: false\n", $1, text
	}
	END { print "" }
	function joined(text, sep, word) { gsub(sep, word, text); return text }' "$work/truth" >"$work/inputs"
awk -v inputs="$work/inputs" '
	/^inputs:/ { while ((getline line < inputs) > 0) print line; skip = 1; next }
	/^[a-z]/ { skip = 0 }
	!skip' action.yml >"$work/action"
if [ "${1:-}" = --update ]; then
	cat "$work/action" >action.yml
elif ! cmp -s "$work/action" action.yml; then
	echo "action.yml: its inputs are not those of 'pachup help inputs': run make update"
	wrong=1
fi

# Other rooms read struct options, which is typed, and no texts.
if git grep -nE '\b(in|values)(\.|->)text\[' -- src ':!src/inputs'; then
	echo "read run->opt instead (src/inputs/options.h)"
	wrong=1
fi
exit "$wrong"
