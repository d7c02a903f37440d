#!/bin/sh
# package.sh DIRECTORY|FILE: packs the extension into build/azure/*.vsix. DIRECTORY holds the static binaries, as
# pachup-linux-amd64 and pachup-linux-arm64 (a release has both); FILE is the one for this machine's processor.
# With PUBLISHER=NAME the extension is that publisher's, and private: it is shared with an organisation, which installs it.
# SOURCE is the URL of the repository that its links lead to.
set -eu
cd "$(dirname "$0")/../.."
out=build/azure stage=build/azure/stage
binaries=$1

rm -rf "$out"
mkdir -p "$stage/task/bin"
cp action/azure/overview.md LICENSE "$stage"
PUBLISHER=${PUBLISHER:-} SOURCE=${SOURCE:-} python3 action/azure/manifest.py <action/azure/vss-extension.json >"$stage/vss-extension.json"
sed -i "s|https://github.com/OWNER/pachup|${SOURCE:-https://github.com/OWNER/pachup}|g" "$stage/overview.md"
cp action/azure/task/task.json action/azure/task/index.js "$stage/task"
python3 action/azure/icon.py 128 "$stage/icon.png"
python3 action/azure/icon.py 32 "$stage/task/icon.png"
if [ -d "$binaries" ]; then
	cp "$binaries/pachup-linux-amd64" "$binaries/pachup-linux-arm64" "$stage/task/bin"
else
	case $(uname -m) in
	x86_64) cp "$binaries" "$stage/task/bin/pachup-linux-amd64" ;;
	aarch64) cp "$binaries" "$stage/task/bin/pachup-linux-arm64" ;;
	*) echo "package.sh: agents do not run on $(uname -m)" >&2 && exit 1 ;;
	esac
fi

.ci/npm/install
# tfx asks for nothing and sends nothing: it only packs
build/npm/node_modules/.bin/tfx extension create --root "$stage" --manifest-globs vss-extension.json \
	--output-path "$out" --no-color --no-prompt --json >"$out/tfx.log"
python3 action/azure/repack.py "$out"/*.vsix
ls -l "$out"/*.vsix
