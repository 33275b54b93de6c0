// Reads Mermaid texts (a JSON list on standard input) with the real Mermaid; prints what it says of each, as JSON.
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

const { window } = new JSDOM("<!doctype html><body></body>");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");
const said = [];
for (const text of JSON.parse(readFileSync(0, "utf-8"))) {
  try {
    const { diagramType } = await mermaid.parse(text);
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    said.push({
      type: diagramType,
      title: db.getAccTitle(),
      alt: db.getAccDescription(),
      boxes: [...db.getVertices().values()].map(({ id, text, link, haveCallback }) => ({ id, text, link, haveCallback })),
      links: db.getEdges().map(({ start, end, text, stroke }) => ({ start, end, text, stroke })),
    });
  } catch (error) {
    said.push({ error: String(error) });
  }
}
process.stdout.write(JSON.stringify(said));
