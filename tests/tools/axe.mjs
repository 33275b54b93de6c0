// Opens pages in Debian's Chromium and prints, as JSON, what axe-core and the browser say of each: node axe.mjs FILE...
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const quiet = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", ...quiet] });
const told = [];
for (const file of process.argv.slice(2)) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const messages = [];
  const asked = [];
  page.on("console", (message) => messages.push(message.text()));
  page.on("pageerror", (error) => messages.push(String(error)));
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations", "incomplete"] }));
  const words = (some) => some.map((one) => `${one.id}: ${one.help}: ${one.nodes[0].html.slice(0, 200)}`);
  const axes = { violations: words(found.violations), incomplete: words(found.incomplete), rules: found.passes.length };
  const texts = await page.evaluate(() =>
    [...document.querySelectorAll("h1, h2, h3, h4, p, caption, th, td, li, summary")].map((one) => {
      const copy = one.cloneNode(true);
      copy.querySelectorAll("ul").forEach((list) => list.remove());
      return copy.textContent.trim();
    }),
  );
  const tags = await page.evaluate(() => [...new Set([...document.querySelectorAll("*")].map((one) => one.localName))]);
  const about = await page.evaluate(() => ({ title: document.title, lang: document.documentElement.lang }));
  const focusable = await page.evaluate(() => [...document.querySelectorAll(".table")].every((one) => (one.focus(), document.activeElement === one)));
  await page.setViewportSize({ width: 320, height: 640 });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  told.push({ ...axes, texts, tags, ...about, focusable, overflow, messages, asked: asked.length });
  await page.close();
}
await browser.close();
console.log(JSON.stringify(told));
