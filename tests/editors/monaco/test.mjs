// Monaco in Chromium against the real server: exact markers, squiggles under the right words, the light bulb by keyboard,
// the text afterwards, a clean end. REPLYLINT names the program, CHROMIUM the browser; screenshots go into SCREENSHOTS.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { preview } from "vite";
import { createStreamConnection, createWebSocketConnection, forward } from "vscode-ws-jsonrpc/server";
import { WebSocketServer } from "ws";
import { ARGUMENTS, eventually, goToFix, place, squiggleIsUnder } from "../browser.mjs";
import { drafts } from "./drafts.js";

const screenshots = process.env.SCREENSHOTS;
mkdirSync(screenshots, { recursive: true });

const site = await preview({
  configFile: join(import.meta.dirname, "vite.config.js"),
  preview: { host: "127.0.0.1", port: 0 },
});
const ended = serve(site.httpServer);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ARGUMENTS });
const page = await browser.newPage({ viewport: { width: 1100, height: 300 } });
try {
  const faults = [];
  // What Monaco itself has cancelled is no fault.
  page.on("pageerror", (error) => error.name === "Canceled" || faults.push(error));
  await page.goto(`http://127.0.0.1:${site.httpServer.address().port}/`);
  await page.waitForSelector("body[data-ready]");

  for (const draft of drafts) {
    await check(page, draft, draft.language, "ltr");
  }
  await check(page, drafts.find((it) => it.language === "fa"), "fa-right-to-left", "rtl");

  await page.evaluate(() => window.page.stop());
  assert.deepEqual(await ended, { code: 0, signal: null });
  assert.deepEqual(faults, []);
  console.log(`screenshots: ${screenshots}`);
} catch (error) {
  await page.screenshot({ path: join(screenshots, "failure.png") });
  throw error;
} finally {
  await browser.close();
  await site.close();
}

/** Starts the server for the one page that connects; gives how it ended. */
function serve(httpServer) {
  const sockets = new WebSocketServer({ server: httpServer, path: "/server" });
  return new Promise((resolve) => {
    sockets.once("connection", (socket) => {
      const server = spawn(process.env.REPLYLINT, ["lsp"], { stdio: ["pipe", "pipe", "inherit"] });
      server.on("exit", (code, signal) => resolve({ code, signal }));
      const page = createWebSocketConnection({
        send: (content) => socket.send(content),
        onMessage: (take) => socket.on("message", (data) => take(data.toString())),
        onError: (take) => socket.on("error", take),
        onClose: (take) => socket.on("close", take),
        dispose: () => socket.close(),
      });
      forward(page, createStreamConnection(server.stdout, server.stdin, () => server.stdin.end()));
    });
  });
}

async function check(page, draft, name, direction) {
  await page.evaluate(([name, text, direction]) => window.page.open(name, text, direction), [name, draft.text, direction]);
  await markersAre(page, draft.text, draft.findings);
  for (const [, words] of draft.findings) {
    await squiggleIsUnder(page, words, direction);
  }

  const [[rule, words]] = draft.findings;
  await lightBulbShows(page, place(draft.text, words));
  await goToFix(page, draft.fix);
  await page.screenshot({ path: join(screenshots, `${name}-fixes.png`) });
  await page.keyboard.press("Enter");

  const fixed = draft.text.replace(words, draft.fixed);
  await eventually(async () => assert.equal(await page.evaluate(() => window.page.text()), fixed));
  // The fix is a template: what is left to fill in is found at its new place, and the rule is content.
  const gaps = [...draft.fixed.matchAll(/\[[^\]]+\]/g)].map(([gap]) => ["unfilled-placeholder", gap]);
  await markersAre(page, fixed, gaps, [rule, "unfilled-placeholder"]);
  await page.screenshot({ path: join(screenshots, `${name}-fixed.png`) });
}

/**
 * The light bulb shows for the words. Monaco drops a question for fixes that one of its own events overtakes, and asks
 * again when the cursor moves: so the cursor walks through the words.
 */
async function lightBulbShows(page, { startLineNumber, startColumn, endColumn }) {
  const bulb = page.locator(".lightBulbWidget, [class*='codicon-gutter-lightbulb']").filter({ visible: true }).first();
  for (let column = startColumn + 1; ; column += 1) {
    await page.evaluate(([line, column]) => window.page.select(line, column), [startLineNumber, column]);
    try {
      return await bulb.waitFor({ timeout: 3_000 });
    } catch (error) {
      if (column === endColumn) {
        throw error;
      }
    }
  }
}

/** The markers of some rules, or of all, are these findings. */
async function markersAre(page, text, findings, rules) {
  const expected = findings.map(([rule, words]) => ({ rule, source: "replylint", ...place(text, words) }));
  await eventually(async () => {
    const markers = await page.evaluate(() => window.page.markers());
    const seen = markers.map(({ code, ...rest }) => ({ rule: code.split(":")[0], ...rest }));
    assert.deepEqual(rules ? seen.filter((it) => rules.includes(it.rule)) : seen, expected);
  });
}
