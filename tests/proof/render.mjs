// render.mjs SUMMARY.md OUT.html: GitHub-flavoured Markdown to a page whose diagrams draw themselves. The page's title then
// says "drawn N" or "failed: WHY".
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const tools = createRequire(new URL("../../build/npm/package.json", import.meta.url));
const MarkdownIt = tools("markdown-it");
const mermaid = readFileSync(new URL("../../build/npm/node_modules/mermaid/dist/mermaid.min.js", import.meta.url), "utf8");
const [, , from, to] = process.argv;

const markdown = new MarkdownIt({ html: true });
const fence = markdown.renderer.rules.fence;
const escape = markdown.utils.escapeHtml;
markdown.renderer.rules.fence = (tokens, index, ...rest) =>
	tokens[index].info.trim() === "mermaid"
		? `<pre class="mermaid">${escape(tokens[index].content)}</pre>`
		: fence(tokens, index, ...rest);

writeFileSync(to, `<!doctype html><meta charset="utf-8"><title>not drawn</title>
<style>
body { font: 14px/1.5 sans-serif; margin: 24px; color: #1f2328; max-width: 1100px }
table { border-collapse: collapse; margin: 0 0 16px } td, th { border: 1px solid #d1d9e0; padding: 6px 13px; text-align: left }
code { background: #eff1f3; padding: 2px 5px; border-radius: 6px; font-size: 85% } pre { background: #f6f8fa; padding: 16px }
pre.mermaid { background: none } pre code { background: none; padding: 0 } blockquote { border-left: 4px solid #d1d9e0; margin: 0; padding: 0 16px }
summary { cursor: pointer }
</style>
${markdown.render(readFileSync(from, "utf8"))}
<script>${mermaid.replaceAll("</script", "<\\/script")}</script>
<script type="module">
const blocks = [...document.querySelectorAll("pre.mermaid")];
const texts = blocks.map((one) => one.textContent);
document.querySelectorAll("details").forEach((one) => one.open = true);
try {
	mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });
	for (const text of texts)
		await mermaid.parse(text);
	await mermaid.run({ nodes: blocks });
	const drawn = blocks.filter((one) => one.querySelector("svg g.node") && !/Syntax error|Maximum text/.test(one.textContent));
	document.title = drawn.length === blocks.length ? "drawn " + drawn.length : "failed: a diagram without boxes";
} catch (error) {
	document.title = "failed: " + error.message;
}
</script>`);
