#!/bin/sh
# ladder.sh [--update]: the ladder and the parts of deploy/ in docs/architecture.md are those of src/LAYERS.
# --update rewrites them.
page=docs/architecture.md
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
for what in rooms parts; do
	LC_ALL=C awk -v what=$what -f tests/lint/ladder.awk src/LAYERS >"$work/$what" || {
		cat "$work/$what"
		exit 1
	}
done
# shellcheck disable=SC2016 # awk, not shell
LC_ALL=C awk -v work="$work" '
function insert(file,    line) {
	while ((getline line < (work "/" file)) > 0)
		print line
}
/^flowchart BT$/ { insert("rooms"); inside = 1; found++ }
inside && /^```$/ { inside = 0 }
/^\| `deploy\// { if (!rows++) insert("parts"); next }
!inside { print }
END { exit !(found == 1 && rows > 0) }' $page >"$work/page" || exit 1
if [ "${1:-}" = --update ]; then
	cat "$work/page" >$page
elif ! cmp -s "$work/page" $page; then
	echo "$page does not have the ladder of src/LAYERS: run make update"
	exit 1
fi
