import type { QueryClient } from "@tanstack/react-query";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";

import { fetchBytes, serverUrl } from "@/api/http";
import { getPanel } from "@/api/panels";
import { MarkdownText } from "@/components/markdown-text";
import { formatTime } from "@/lib/format";
import type { PanelData } from "@/lib/panel-data";
import { isShared, parseReport, type ReportPart } from "@/lib/report-text";

import { PanelFrame } from "./components/report-body";
import { CHART_MARK, pictureOf } from "./panel-picture";

/**
 * What the panels of a text show at this moment, by the place of their part.
 *
 * @param drawn Has the text's charts, which are taken as they are.
 */
export async function freezePanels(
  queries: QueryClient,
  text: string,
  drawn: ParentNode = document,
): Promise<(PanelData | null)[]> {
  return Promise.all(
    parseReport(text).map(async (part): Promise<PanelData | null> => {
      if (part.kind !== "panel") return null;
      if (!isShared(part.spec)) {
        return queries.fetchQuery({ ...getPanel(part.spec), staleTime: 0 });
      }
      const chart = drawn.querySelector<HTMLElement>(`[${CHART_MARK}="${part.at}"]`);
      if (chart === null)
        throw new Error("Open the report first: its charts are taken as they are.");
      return { runs: [], series: [], picture: await pictureOf(chart) };
    }),
  );
}

/**
 * A report as one HTML file that opens without a server or a network.
 *
 * Its own policy forbids scripts and every request; images of this server are put into it, others
 * are named by their address.
 */
export async function staticPage(
  title: string,
  text: string,
  frozen: readonly (PanelData | null)[],
): Promise<string> {
  const body = renderParts(parseReport(text), frozen);
  await inlineImages(body);
  // What leads to another page of the app does so from wherever the file is.
  for (const link of body.querySelectorAll<HTMLAnchorElement>("a[href^='#/']")) {
    link.setAttribute("href", link.href);
  }
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${stylesOf(body)}</style></head><body>`,
    `<main><h1>${escapeHtml(title)}</h1>`,
    `<p class="made">fluvial, ${formatTime(Date.now())}, <a href="${escapeHtml(location.href)}">live</a></p>`,
    body.innerHTML,
    "</main></body></html>\n",
  ].join("\n");
}

function renderParts(
  parts: readonly ReportPart[],
  frozen: readonly (PanelData | null)[],
): HTMLElement {
  const box = document.createElement("div");
  for (const part of parts) {
    const place = document.createElement("section");
    box.append(place);
    const data = frozen[part.at];
    const root = createRoot(place);
    flushSync(() => {
      root.render(
        <>
          {part.kind === "text" && <MarkdownText markdown={part.text} />}
          {part.kind === "fault" && <p>{part.message}</p>}
          {part.kind === "panel" && data && <PanelFrame spec={part.spec} data={data} />}
        </>,
      );
    });
    // The marks stay; React need not watch them any more.
    const marks = [...place.childNodes].map((node) => node.cloneNode(true));
    root.unmount();
    place.replaceChildren(...marks);
  }
  return box;
}

/** The rules of this app's style sheets that some part of the page meets, and the colours they name. */
function stylesOf(body: HTMLElement): string {
  const classes = new Set(
    Array.from(body.querySelectorAll("[class]"), (element) => Array.from(element.classList)).flat(),
  );
  const rules = [...document.styleSheets]
    .flatMap((sheet) => Array.from(sheet.cssRules))
    .filter((rule) => rule instanceof CSSStyleRule && namesClass(rule.selectorText, classes))
    .map((rule) => rule.cssText)
    .filter((text) => !text.includes("url("));
  const look = getComputedStyle(document.documentElement);
  const names = new Set(
    [...`${rules.join("")}${body.innerHTML}${PAGE_STYLE}`.matchAll(/var\((--[\w-]+)/g)].map(
      ([, name = ""]) => name,
    ),
  );
  const tokens = [...names].map((name) => `${name}:${look.getPropertyValue(name).trim()}`);
  return `:root{${tokens.join(";")}}\n${PAGE_STYLE}\n${rules.join("\n")}`.replaceAll("</", "<\\/");
}

/** Whether a selector names a class that some element has. */
function namesClass(selector: string, classes: ReadonlySet<string>): boolean {
  return [...selector.matchAll(/\.([\w-]+)/g)].some(([, name = ""]) => classes.has(name));
}

const PAGE_STYLE = `
body { margin: 0; background: var(--surface); color: var(--text);
  font: 14px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 860px; margin: 0 auto; padding: 28px 20px 60px; }
h1 { margin: 0; font-size: 24px; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
.made { margin: 4px 0 20px; color: var(--text-soft); font-size: 12px; }
`;

async function inlineImages(body: HTMLElement): Promise<void> {
  const own = serverUrl("");
  await Promise.all(
    [...body.querySelectorAll("img")].map(async (image) => {
      const { href } = new URL(image.getAttribute("src") ?? "", document.baseURI);
      if (href.startsWith("data:")) return;
      const data = href.startsWith(own) ? await asDataUrl(href) : null;
      if (data === null) image.replaceWith(`[${image.alt || "image"}: ${href}]`);
      else image.setAttribute("src", data);
    }),
  );
}

async function asDataUrl(href: string): Promise<string> {
  const response = await fetchBytes(href);
  const type = response.headers.get("Content-Type") ?? "application/octet-stream";
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return `data:${type};base64,${btoa(text)}`;
}

function escapeHtml(text: string): string {
  const element = document.createElement("span");
  element.textContent = text;
  return element.innerHTML;
}
