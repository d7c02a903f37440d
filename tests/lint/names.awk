# usage: awk -f code.awk -f names.awk FILE...
# Which CI systems there are is known in src/ci alone, and whose APIs keep secrets in src/forge. Comments, and sentences for people ("GitHub",
# "Azure"), may speak of them; code may not decide by them. src/init writes a workflow for the system that its user names.
# Functions of one word that names no thing are refused.

# the tokens for the comment on a pull request, and the address of the API, are called as their users call them
{ line = code_of($0); gsub(/(github|azure|gitlab)[-_]token|GITHUB_TOKEN|vnd\.github|github\.token|GITHUB_API_URL|github_name|github_is_|--workflow github|"github\|azure\|gitlab"/, "", line) }

# and which credential may go to which host is one table
FILENAME !~ /^src\/(ci\/|forge\/|init\/|secret\/audience\.)/ && line ~ /github|azure|GITHUB_|TF_BUILD|BUILD_SOURCE/ {
	printf "%s:%d:1: error: only src/ci, src/forge and src/init know the CI systems by name\n", FILENAME, FNR
	wrong = 1
}

# what a function does, and to what
/^(add|look|take|tell)\(/ {
	printf "%s:%d:1: error: name what it does this to, as in add_row\n", FILENAME, FNR
	wrong = 1
}

END { exit wrong }
