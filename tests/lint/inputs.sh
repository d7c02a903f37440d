#!/bin/sh
# inputs.sh [--update]: the program's table of inputs is the truth: docs/inputs.md holds it, and action.yml
# has the same names, and the defaults in its descriptions. --update rewrites that page's table.
wrong=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# columns: name, flag, kind, variables, default, scope, help, choices, and what is for the command line only
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
	echo "docs/inputs.md: the table is not that of 'pachup help inputs': run tests/lint/inputs.sh --update"
	wrong=1
fi

# Name and default of each input of the action. The default is in the description: "default:" would arrive as if
# the user had written it, who may have used another spelling.
awk '
	/^[a-z]/ { inside = /^inputs:/ }
	inside && /^  [a-z-]+:/ { if (name != "") print name "\t" value; name = $1; sub(/:$/, "", name); value = "" }
	inside && /^    description:.* Default: / { value = $0; sub(/.* Default: /, "", value); sub(/"$/, "", value) }
	inside && /^    default:/ { value = "must not be declared" }
	END { print name "\t" value }' action.yml | sort >"$work/action"
awk -F '\t' '$6 == "all" { print $1 "\t" $5 }' "$work/truth" | sort >"$work/wanted"
diff "$work/wanted" "$work/action" >"$work/diff" || {
	echo "action.yml: inputs or defaults differ from 'pachup help inputs' (< the program, > action.yml):"
	cat "$work/diff"
	wrong=1
}
exit "$wrong"
