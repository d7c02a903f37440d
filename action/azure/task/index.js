// Starts the pachup binary for this agent's architecture and hands over the inputs. All decisions are the binary's.
"use strict";

const { spawn } = require("child_process");
const fs = require("fs");
const os = require("os");
const path = require("path");

// what Node calls a processor -> what the binary is called
const BINARIES = { x64: "pachup-linux-amd64", arm64: "pachup-linux-arm64" };

// The binary gets what it reads and nothing else: no secret variables (SECRET_*), no other service connections
// (ENDPOINT_*), no secure files, no access token of the job.
const PASSED = [
	/^INPUT_/,
	/^(AGENT|BUILD|PIPELINE|SYSTEM)_/,
	/^(PACHD|PACHYDERM|PACH|PACHUP)_/,
	/^DOCKER_IMAGE_(NAME|TAG)$/,
	/^(TF_BUILD|HOME|NO_COLOR|FORCE_COLOR|SSL_CERT_FILE|SSL_CERT_DIR|DECODE_PERCENTS)$/,
	/^(http|https|no|all)_proxy$/i,
];
const HELD_BACK = /^SYSTEM_ACCESSTOKEN$/i;
const NOT_FOR_TARGETS = /^(SYSTEM_ACCESSTOKEN|(SECRET|ENDPOINT|SECUREFILE|LD)_.*)$/i;

// The file of input config, else the nearest pachup.yaml above the working directory.
function projectFile(from) {
	let folder = path.resolve(from.INPUT_WORKINGDIRECTORY || ".");
	if (from.INPUT_CONFIG)
		return path.resolve(folder, from.INPUT_CONFIG);
	while (!fs.existsSync(path.join(folder, "pachup.yaml")) && folder !== path.dirname(folder))
		folder = path.dirname(folder);
	return path.join(folder, "pachup.yaml");
}

// The variables that hold tokens of targets. Whether the file counts on this event is the binary's decision.
function tokenVariables(from) {
	const name = projectFile(from);
	const file = fs.statSync(name, { throwIfNoEntry: false });
	if (!file || !file.isFile() || file.size > 4 << 20)
		return [];
	const found = fs.readFileSync(name, "utf8").matchAll(/\btoken-env["']?\s*:\s*["']?([A-Za-z_]\w*)/g);
	return Array.from(found, (match) => match[1]).filter((one) => one in from && !NOT_FOR_TARGETS.test(one));
}

function environment(from) {
	const connection = from.INPUT_CONNECTION;
	const passed = connection
		? [...PASSED, new RegExp(`^ENDPOINT_(URL|AUTH_PARAMETER)_${connection.replace(/[^\w-]/g, "")}(_|$)`, "i")]
		: PASSED;
	const names = Object.keys(from).filter((name) => !HELD_BACK.test(name) && passed.some((one) => one.test(name)));
	names.push(...tokenVariables(from));
	return Object.fromEntries(names.map((name) => [name, from[name]]));
}

// The agent reads a task's result from this line; the exit code of the task itself is always 0.
function complete(result, text) {
	const data = text.replace(/%/g, "%AZP25").replace(/\r/g, "%0D").replace(/\n/g, "%0A").replace(/]/g, "%5D");
	process.stdout.write(`##vso[task.complete result=${result};]${data}\n`);
}

// The task's folder can be read-only, and its files have lost their mode bits: a copy is started.
function copyBinary() {
	const name = process.platform === "linux" && BINARIES[process.arch];
	if (!name)
		throw new Error(`this task runs on Linux agents with x64 or arm64, not on ${process.platform} with ${process.arch}`);
	const source = path.join(__dirname, "bin", name);
	if (!fs.existsSync(source))
		throw new Error(`this package of the task has no binary for ${process.arch} ('bin/${name}')`);
	const folder = fs.mkdtempSync(path.join(process.env.AGENT_TEMPDIRECTORY || os.tmpdir(), "pachup-"));
	const copy = path.join(folder, "pachup");
	fs.copyFileSync(source, copy);
	fs.chmodSync(copy, 0o700);
	return { copy, folder };
}

// A signal that comes while the copy is made is handed on as soon as there is a program: Node delivers it when run()
// has returned.
function run() {
	let child;
	for (const signal of ["SIGINT", "SIGTERM"])
		process.on(signal, () => child.kill(signal));

	const { copy, folder } = copyBinary();
	const end = (result, text) => {
		fs.rmSync(folder, { recursive: true, force: true });
		complete(result, text);
	};

	child = spawn(copy, [], { env: environment(process.env), stdio: "inherit" });
	child.on("error", (error) => end("Failed", `pachup cannot be started: ${error.message}`));
	child.on("exit", (code, signal) => {
		if (code === 0)
			end("Succeeded", "pachup is done");
		else
			end("Failed", signal ? `pachup was ended by ${signal}` : `pachup ended with exit code ${code}`);
	});
}

try {
	run();
} catch (error) {
	complete("Failed", error.message);
}
