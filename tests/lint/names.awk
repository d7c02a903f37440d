# usage: awk -f code.awk -f names.awk FILE...
# Which CI systems there are is known in src/ci alone, and whose APIs keep secrets in src/forge. Comments, and sentences for people ("GitHub",
# "Azure"), may speak of them; code may not decide by them.

# the token for the comment on a pull request is called as its users call it
{ line = code_of($0); gsub(/github[-_]token|GITHUB_TOKEN|vnd\.github|github\.token/, "", line) }

FILENAME !~ /^src\/(ci|forge)\// && line ~ /github|azure|GITHUB_|TF_BUILD|BUILD_SOURCE/ {
	printf "%s:%d:1: error: only src/ci and src/forge know the CI systems by name\n", FILENAME, FNR
	wrong = 1
}

END { exit wrong }
