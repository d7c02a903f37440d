"use strict";
// The page works on the picture that is in it; all texts are set as text, never as HTML.
const data = JSON.parse(document.getElementById("data").textContent);
const svg = document.querySelector("#view svg"), view = document.getElementById("view");
const side = document.getElementById("side"), find = document.getElementById("find");
const whole = svg.viewBox.baseVal, size = { w: whole.width, h: whole.height };
const boxes = [...svg.querySelectorAll("g[data-node]")];
const arrows = [...svg.querySelectorAll("path.e")];
const rows = [...document.querySelectorAll("nav li")];
let at = { x: 0, y: 0, scale: 1 }, chosen = -1, look = "";

function make(tag, text, parent, kind) {
	const one = document.createElement(tag);
	one.textContent = text;
	if (kind) one.className = kind;
	parent.append(one);
	return one;
}

function show() {
	svg.setAttribute("viewBox", [at.x, at.y, view.clientWidth / at.scale, view.clientHeight / at.scale].join(" "));
}

function fit(least) {
	const scale = Math.min(view.clientWidth / size.w, view.clientHeight / size.h, 1);
	at.scale = Math.max(scale, least);
	at.x = Math.min(0, (size.w - view.clientWidth / at.scale) / 2);
	at.y = Math.min(0, (size.h - view.clientHeight / at.scale) / 2);
	show();
}

// keeps the point of the page that is at x, y
function zoom(by, x, y) {
	const scale = Math.min(4, Math.max(0.02, at.scale * by));
	at.x += x / at.scale - x / scale;
	at.y += y / at.scale - y / scale;
	at.scale = scale;
	show();
}

function zoomMiddle(by) {
	zoom(by, view.clientWidth / 2, view.clientHeight / 2);
}

function centre(node) {
	const r = boxes[node].querySelector("rect"), n = (name) => +r.getAttribute(name);
	at.scale = Math.max(at.scale, 0.7);
	at.x = n("x") + n("width") / 2 - view.clientWidth / at.scale / 2;
	at.y = n("y") + n("height") / 2 - view.clientHeight / at.scale / 2;
	show();
}

function mark(nodes, isLit) {
	svg.classList.toggle("some", nodes !== null);
	boxes.forEach((box, i) => box.classList.toggle("on", nodes !== null && nodes.has(i)));
	arrows.forEach((arrow) => arrow.classList.toggle("on", nodes !== null && isLit(+arrow.dataset.from, +arrow.dataset.to)));
}

function neighbours(node) {
	const near = new Set([node]);
	for (const [from, to] of data.edges) {
		if (from === node) near.add(to);
		if (to === node) near.add(from);
	}
	return near;
}

function matches(node) {
	const word = find.value.trim().toLowerCase(), one = data.nodes[node];
	const text = [one.title, one.note, ...one.facts.map((f) => f[1])].join("\n").toLowerCase();
	return (!word || text.includes(word)) && (!look || one.look === look);
}

// what stays lit: the box under the mouse with its neighbours, else what is searched for, else the chosen one
function light(hovered) {
	if (hovered >= 0) {
		mark(neighbours(hovered), (from, to) => from === hovered || to === hovered);
	} else if (find.value.trim() || look) {
		const found = new Set([...data.nodes.keys()].filter(matches));
		mark(found, (from, to) => found.has(from) && found.has(to));
	} else if (chosen >= 0) {
		mark(neighbours(chosen), (from, to) => from === chosen || to === chosen);
	} else {
		mark(null);
	}
}

function addNear(title, nodes) {
	if (!nodes.length) return;
	make("h3", title, side);
	const list = make("div", "", side, "near");
	for (const [node, branch] of nodes) {
		const text = data.nodes[node].title + (branch ? " @" + branch : "");
		make("button", text, list).addEventListener("click", () => choose(node, true));
	}
}

function addDiff(text) {
	make("h3", "What changes", side);
	const pre = make("pre", "", side);
	for (const line of text.split("\n"))
		make("span", line + "\n", pre, line[0] === "+" ? "new" : line[0] === "-" ? "old" : "");
}

function addFacts(facts) {
	const table = make("table", "", side);
	for (const [name, value, url] of facts) {
		const row = make("tr", "", table);
		make("th", name, row);
		const cell = make("td", url ? "" : value, row);
		if (!url) continue;
		const link = make("a", value, cell);
		link.href = url;
		link.rel = "noreferrer";
	}
}

function fill(node) {
	const one = data.nodes[node];
	side.textContent = "";
	const close = make("button", "×", side);
	close.id = "close";
	close.setAttribute("aria-label", "Close");
	close.addEventListener("click", () => choose(-1));
	make("h2", one.title, side);
	if (one.note) make("p", one.note, side);
	addFacts(one.facts);
	addNear("Reads", data.edges.filter((e) => e[1] === node).map((e) => [e[0], e[2]]));
	addNear("Is read by", data.edges.filter((e) => e[0] === node).map((e) => [e[1], e[2]]));
	if (one.diff) addDiff(one.diff);
	if (one.spec) {
		make("h3", "Spec", side);
		make("pre", one.spec, side);
	}
}

function choose(node, moves) {
	chosen = node;
	side.hidden = node < 0;
	boxes.forEach((box, i) => box.classList.toggle("chosen", i === node));
	rows.forEach((row) => row.classList.toggle("on", +row.dataset.node === node));
	if (node >= 0) fill(node);
	try {
		history.replaceState(null, "", node < 0 ? "#" : "#" + encodeURIComponent(data.nodes[node].title));
	} catch (e) { /* a page that may not change its address */ }
	show();
	if (node >= 0 && moves) centre(node);
	light(-1);
}

function search() {
	for (const row of rows) row.hidden = !matches(+row.dataset.node);
	light(-1);
}

function press(button, name) {
	look = look === name ? "" : name;
	for (const one of document.querySelectorAll("#legend button"))
		one.setAttribute("aria-pressed", String(look !== "" && one === button));
	search();
}

let drag = null;
view.addEventListener("wheel", (e) => {
	const box = view.getBoundingClientRect();
	e.preventDefault();
	zoom(Math.exp(-e.deltaY * (e.deltaMode ? 0.05 : 0.0015)), e.clientX - box.left, e.clientY - box.top);
}, { passive: false });
view.addEventListener("pointerdown", (e) => {
	drag = { x: e.clientX, y: e.clientY, left: at.x, top: at.y, moved: false };
});
window.addEventListener("pointermove", (e) => {
	if (!drag) return;
	drag.moved = drag.moved || Math.abs(e.clientX - drag.x) + Math.abs(e.clientY - drag.y) > 4;
	at.x = drag.left - (e.clientX - drag.x) / at.scale;
	at.y = drag.top - (e.clientY - drag.y) / at.scale;
	show();
});
window.addEventListener("pointerup", () => { setTimeout(() => { drag = null; }); });
boxes.forEach((box, i) => {
	box.addEventListener("mouseenter", () => { if (!drag) light(i); });
	box.addEventListener("mouseleave", () => { if (!drag) light(-1); });
	box.addEventListener("click", () => { if (!drag || !drag.moved) choose(i); });
});
for (const row of rows) {
	row.addEventListener("click", () => choose(+row.dataset.node, true));
	row.addEventListener("mouseenter", () => light(+row.dataset.node));
	row.addEventListener("mouseleave", () => light(-1));
}
for (const button of document.querySelectorAll("#legend button"))
	button.addEventListener("click", () => press(button, button.dataset.look));
document.getElementById("more").addEventListener("click", () => zoomMiddle(1.3));
document.getElementById("less").addEventListener("click", () => zoomMiddle(1 / 1.3));
document.getElementById("fit").addEventListener("click", () => fit(0));
find.addEventListener("input", search);
find.addEventListener("keydown", (e) => {
	const first = rows.find((row) => !row.hidden);
	if (e.key === "Enter" && first) choose(+first.dataset.node, true);
});
document.addEventListener("keydown", (e) => {
	if (e.key === "Escape") {
		find.value = "";
		search();
		choose(-1);
	} else if (e.target === find) {
		return;
	} else if (e.key === "/") {
		e.preventDefault();
		find.focus();
	} else if (e.key === "+" || e.key === "-") {
		zoomMiddle(e.key === "+" ? 1.3 : 1 / 1.3);
	} else if (e.key === "0") {
		fit(0);
	}
});
window.addEventListener("resize", show);

function keep() {
	try {
		sessionStorage.setItem("pachup", JSON.stringify({ at, find: find.value }));
	} catch (e) { /* no storage: the page starts anew */ }
}

function restore() {
	try {
		const kept = JSON.parse(sessionStorage.getItem("pachup"));
		sessionStorage.removeItem("pachup");
		if (!kept) return false;
		at = kept.at;
		find.value = kept.find;
		search();
		show();
		return true;
	} catch (e) {
		return false;
	}
}

// The page is written again and again: it reads itself anew, and says so when nobody has written it for long.
function watch(seconds) {
	const written = Date.parse(document.lastModified), stale = document.getElementById("stale");
	const age = Math.round((Date.now() - written) / 1000);
	if (age > 3 * seconds + 5) stale.textContent = "not updated for " + (age < 120 ? age + " s" : Math.round(age / 60) + " min");
	setTimeout(() => { keep(); location.reload(); }, seconds * 1000);
}

if (!(data.refresh && restore())) fit(0.25);
if (location.hash.length > 1) {
	let wanted = "";
	try { wanted = decodeURIComponent(location.hash.slice(1)); } catch (e) { /* not one of ours */ }
	const node = data.nodes.findIndex((one) => one.title === wanted);
	if (node >= 0) choose(node, !data.refresh);
}
if (data.refresh) watch(data.refresh);
