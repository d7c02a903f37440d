#!/bin/sh
# writable.sh DIR: no object of ours that the program could write to at file scope.
# Const tables of pointers stand in .data.rel.ro and pass.
find "$1" -name '*.o' ! -path "$1/gen/*" -exec nm -A -f sysv {} + | awk -F '|' '
	$4 ~ /OBJECT/ && $7 ~ /\.(data|bss)$|COM/ {
		sub(/ +$/, "", $1)
		print $1 ": writable at file scope: pass it, or make it const"
		wrong = 1
	}
	END {
		if (NR == 0)
			print "writable.sh: no objects: run make first"
		exit wrong || NR == 0
	}'
