// The packaged extension in code-server: squiggles, Problems, a fix by keyboard, the file afterwards, the customer's message,
// the walkthrough, and what is told where the program is missing. Started by `run`, which sets the environment.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { ARGUMENTS, eventually, goToFix, place, squiggleIsUnder } from "../browser.mjs";

const { REPLYLINT, CHROMIUM, SCREENSHOTS, VSIX, WORK } = process.env;

const DRAFT = `Hello Ana 👋🏽,

👩‍💻 سلام می‌بینم 🇷🇴: I'll have to ask my manager about the postage.

We can't deliver the new seat before Friday.

Kind regards,
Tom
`;
const WORDS = "I'll have to ask my manager";
const FIX = "Own it and date it";
const FIXED = "I am clearing this with [name or team] and will write to you with the answer by [time]";
const CUSTOMER = "Hello, when will my seat arrive? And which colours can I choose from?\n\nAna Pop";

const folder = join(WORK, "replies");
const draft = join(folder, "draft.txt");
const settings = join(folder, ".vscode", "settings.json");
const exits = join(WORK, "exits");
for (const made of [SCREENSHOTS, folder, join(WORK, "data", "User"), join(WORK, "extensions"), join(folder, ".vscode")]) {
  mkdirSync(made, { recursive: true });
}
writeFileSync(draft, DRAFT);
writeFileSync(
  join(folder, "reply.txt"),
  `Hello Ana,

thank you for the photos. ${WORDS} about the postage. Your new seat will be with you by Friday, 12 June.

Kind regards,
Tom
`,
);

// The program, with a note of how each run of it ended.
const program = join(WORK, "replylint");
writeFileSync(program, `#!/bin/sh\n"${REPLYLINT}" "$@"\nstatus=$?\necho "$1 $status" >>"${exits}"\nexit $status\n`);
chmodSync(program, 0o755);
writeFileSync(exits, "");

writeFileSync(
  join(WORK, "data", "User", "settings.json"),
  JSON.stringify({
    "security.workspace.trust.enabled": false,
    "chat.disableAIFeatures": true,
    "chat.commandCenter.enabled": false,
    "telemetry.telemetryLevel": "off",
    "workbench.startupEditor": "none",
    "workbench.colorTheme": "Default Light Modern",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "editor.minimap.enabled": false,
    "editor.wordWrap": "on",
    "editor.unicodeHighlight.ambiguousCharacters": false,
    "editor.unicodeHighlight.invisibleCharacters": false,
    "extensions.ignoreRecommendations": true,
    "extensions.autoCheckUpdates": false,
    "extensions.autoUpdate": false,
  }),
);
set(program);

const entry = join(import.meta.dirname, "node_modules/code-server/out/node/entry.js");
const places = ["--user-data-dir", join(WORK, "data"), "--extensions-dir", join(WORK, "extensions")];
execFileSync(process.execPath, [entry, ...places, "--install-extension", VSIX], { stdio: "inherit" });

const code = spawn(
  process.execPath,
  [entry, ...places, "--auth", "none", "--bind-addr", "127.0.0.1:0", "--disable-telemetry", "--disable-update-check"],
  { stdio: ["ignore", "pipe", openSync(join(SCREENSHOTS, "..", "code-server.log"), "w")] },
);
const address = await new Promise((resolve, reject) => {
  let told = "";
  code.on("exit", (status) => reject(new Error(`code-server ended with ${status}: ${told}`)));
  code.stdout.on("data", (data) => {
    told += data;
    const found = /HTTP server listening on (\S+)/.exec(told);
    if (found) {
      resolve(found[1].replace(/\/$/, ""));
    }
  });
});

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
const context = await browser.newContext({ viewport: { width: 1200, height: 640 } });
await context.grantPermissions(["clipboard-read", "clipboard-write"]);
const page = await context.newPage();
const screenshot = (name) => page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), animations: "disabled" });
const bar = page.locator(".part.statusbar [id*='replylint']").first();
const toast = page.locator(".notification-toast");

try {
  await page.goto(`${address}/?folder=${encodeURIComponent(folder)}`);
  await page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: 120_000 });
  await quickInput("Control+P", "draft.txt");
  await page.locator(".monaco-editor .view-line").first().waitFor();

  step("findings");
  await squiggleIsUnder(page, WORDS, "ltr");
  await squiggleIsUnder(page, "We can't deliver", "ltr");
  await barSays(/score \d+ · 2 findings/);
  await page.keyboard.press("Control+Shift+M");
  const { startLineNumber, startColumn } = place(DRAFT, WORDS);
  const problems = page.locator(".markers-panel .monaco-list-row");
  const problem = problems.filter({ hasText: `[Ln ${startLineNumber}, Col ${startColumn}]` });
  await problem.waitFor();
  assert.match(await problem.innerText(), /escalation-phrase/);
  await screenshot("problems");

  step("fix");
  await page.keyboard.press("Control+Shift+M");
  await page.locator(".monaco-editor .view-line").first().click();
  await page.keyboard.press("F8");
  await page.locator(".monaco-editor .peekview-widget, .monaco-editor .marker-widget").first().waitFor();
  await screenshot("next-problem");
  await page.keyboard.press("Escape");
  await goToFix(page, FIX);
  await screenshot("fixes");
  await page.keyboard.press("Enter");
  const fixed = DRAFT.replace(WORDS, FIXED);
  await squiggleIsUnder(page, "[name or team]", "ltr");
  await page.keyboard.press("Control+S");
  await eventually(async () => assert.equal(readFileSync(draft, "utf8"), fixed));
  await screenshot("fixed");

  step("the customer's message");
  await runCommand("View: Close All Editors");
  await quickInput("Control+P", "reply.txt");
  await squiggleIsUnder(page, WORDS, "ltr");
  await page.evaluate((text) => navigator.clipboard.writeText(text), CUSTOMER);
  await runCommand("Paste the Customer's Message");
  await barSays(/score \d+ · \d findings · \d\/2 answered/);
  await page.locator(".codelens-decoration").filter({ hasText: "points answered" }).waitFor();
  await page.keyboard.press("Control+Shift+M");
  await problems.filter({ hasText: "unanswered-point" }).first().waitFor();
  // What is closed is no longer told of.
  await problems.filter({ hasText: "draft.txt" }).waitFor({ state: "detached" });
  await screenshot("customer");
  await page.keyboard.press("Control+Shift+M");
  await quickInput("Control+P", "draft.txt");

  step("another program");
  set("/bin/true");
  await toastSays(/“\/bin\/true” is another program\. Say in the settings where replylint is\./);
  await runCommand("Notifications: Clear All Notifications");
  await toast.first().waitFor({ state: "detached" });

  step("no program");
  set("/nowhere/replylint");
  await toastSays(/there is no program “\/nowhere\/replylint”\. Install it, or say in the settings where it is\./);
  await barSays(/replylint does not run/);
  await screenshot("missing");
  await toast.getByRole("button", { name: "Say where it is" }).click();
  await page.locator(".settings-editor [data-key='replylint.path']").first().waitFor();
  await screenshot("setting");
  await quickInput("Control+P", "draft.txt");
  await bar.click();
  await toastSays(/there is no program/);
  await toast.getByRole("button", { name: "How to install it" }).click();
  await page.getByText("Your first reply").first().waitFor();
  await eventually(async () => {
    // The text of a step stands in a frame in a frame.
    const shown = await Promise.all(page.frames().map((frame) => frame.locator("body").innerText({ timeout: 1_000 })));
    assert.ok(shown.some((text) => text.includes("cargo install --path crates/cli")));
  });
  await screenshot("walkthrough");
  await quickInput("Control+P", "draft.txt");

  step("the program again");
  set(program);
  await barSays(/score \d+/);

  step("the end");
  // The server was stopped by the changes of the path, once; the one that runs now is stopped by a restart.
  await eventually(async () => assert.deepEqual(ends(), [0]));
  await runCommand("Start the Server Again");
  await toastSays(/replylint: replylint [\d.]+ is there and runs/);
  assert.deepEqual(ends(), [0, 0]);
  console.log(`code-server: fine; screenshots: ${SCREENSHOTS}`);
} catch (error) {
  await screenshot("failure");
  throw error;
} finally {
  await browser.close();
  code.removeAllListeners("exit");
  const ended = new Promise((resolve) => code.on("exit", resolve));
  code.kill();
  await ended;
}

/** Where the program is, in the settings of the folder. */
function set(path) {
  writeFileSync(settings, JSON.stringify({ "replylint.path": path }));
}

function step(name) {
  console.log(`${Math.round(performance.now() / 1000)} s: ${name}`);
}

/** How the servers ended. */
function ends() {
  const lines = readFileSync(exits, "utf8").split("\n");
  return lines.filter((line) => line.startsWith("lsp ")).map((line) => Number(line.slice(4)));
}

async function quickInput(key, text) {
  await page.keyboard.press(key);
  const input = page.locator(".quick-input-widget input[type=text]");
  await input.waitFor();
  await input.fill(text.startsWith(">") || key !== "F1" ? text : `>${text}`);
  const focused = page.locator(".quick-input-list .monaco-list-row.focused");
  await eventually(async () => {
    const row = (await focused.allInnerTexts()).join();
    if (row && !row.includes(text)) {
      await page.keyboard.press("ArrowDown");
    }
    assert.ok(row.includes(text), `${text} is not in the list`);
  });
  await page.keyboard.press("Enter");
  await input.waitFor({ state: "hidden" });
}

async function runCommand(title) {
  await quickInput("F1", title);
}

async function barSays(pattern) {
  await eventually(async () => assert.match(await bar.innerText({ timeout: 1_000 }), pattern));
}

async function toastSays(pattern) {
  await eventually(async () => {
    const said = (await toast.allInnerTexts()).join("\n").replaceAll("\u00a0", " ");
    assert.match(said, pattern);
  });
}
