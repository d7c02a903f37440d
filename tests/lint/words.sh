#!/bin/sh
# words.sh FILE...: plain words. Refuses the words below, which readers stumble over, in code, comments, messages
# and documents; then spelling, where codespell is installed. What servers and other programs say is theirs:
# tests/cases and the fuzz corpora are left out.
wrong=0
banned='mend|mends|mended|told|tells|stands|blamed|in earnest|the time is up|slip of the pen|both lines|on its way|what came of|depth is that of|comes? to be|at hand|its like|nobody says|to be believed'
texts=$(printf '%s\n' "$@" | grep -vE '^(LICENSE|tests/lint/words\.sh|tests/cases/|tests/hostile/|tests/fuzz/corpus/|.*\.(png|ico|tsv)$)')
echo "$texts" | tr '\n' '\0' | xargs -0 grep -nHiwE "$banned" && {
	echo "write plainly: say 'hint', 'correct', 'report', 'is', 'means', 'timed out', 'interfaces', 'is sent', 'result' instead"
	wrong=1
}
# "False when it is none", "what is no number", "is no reason": say 'not a number', 'invalid', 'for any other text'
hollow='\b(that|which|what|it|who|they|[a-z]+s) (is|are) none\b|\b(is|are|was|were) no [a-z]+'
echo "$texts" | tr '\n' '\0' | xargs -0 grep -nHE "$hollow" |
	grep -vEi '\b(is|are|was|were) no (longer|more|such)\b|there (is|are|was|were) no\b' && {
	echo "write plainly: say what it is, or 'is not a ...'"
	wrong=1
}
if command -v codespell >/dev/null; then
	echo "$texts" | tr '\n' '\0' | xargs -0 codespell --ignore-words-list 'froms,pullrequest,pullrequests,te,nd,ot,fo,ba,ons,noe,aks,alle,hist,ans,mis,gost,keypair,nax,pach' || wrong=1
else
	echo "words.sh: spelling is not checked: no codespell"
fi
exit "$wrong"
