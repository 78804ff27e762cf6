// What the tests in a browser share: Monaco alone and VS Code draw their editor in the same way.

import assert from "node:assert/strict";

export const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
];

/** What two ways of measuring the same words may differ by, in pixels. */
const SLACK = 2;

/** Where words stand in a text, as Monaco counts: from 1, in UTF-16. */
export function place(text, words) {
  const at = text.indexOf(words);
  assert.ok(at >= 0, words);
  const line = text.slice(0, at).split("\n").length;
  const column = at - text.lastIndexOf("\n", at - 1);
  return { startLineNumber: line, startColumn: column, endLineNumber: line, endColumn: column + words.length };
}

/** Tries until a check holds; after half a minute its own error is told. */
export async function eventually(check) {
  const until = Date.now() + 30_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > until) {
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** The squiggle covers the words as they are drawn, no matter which way they run. */
export async function squiggleIsUnder(page, words, direction) {
  await eventually(async () => {
    const seen = await page.evaluate(places, words);
    const told = JSON.stringify(seen);
    assert.equal(seen.direction, direction, told);
    assert.ok(seen.squiggles.length > 0, told);
    const left = Math.min(...seen.squiggles.map((it) => it.left));
    const right = Math.max(...seen.squiggles.map((it) => it.right));
    assert.ok(Math.abs(left - seen.words.left) <= SLACK && Math.abs(right - seen.words.right) <= SLACK, told);
  });
}

/** Runs in the page: where words are drawn, and the squiggles that touch them. */
function places(words) {
  // Monaco draws spaces as ones that do not break.
  const drawn = (it) => it.textContent.replaceAll("\u00a0", " ");
  const line = [...document.querySelectorAll(".monaco-editor .view-line")].find((it) => drawn(it).includes(words));
  const at = drawn(line).indexOf(words);
  const range = document.createRange();
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  let passed = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.data.length;
    if (passed <= at && at < passed + length) {
      range.setStart(node, at - passed);
    }
    if (passed < at + words.length && at + words.length <= passed + length) {
      range.setEnd(node, at + words.length - passed);
    }
    passed += length;
  }
  const boxes = [...range.getClientRects()].filter((it) => it.width > 0);
  const left = Math.min(...boxes.map((it) => it.left));
  const right = Math.max(...boxes.map((it) => it.right));
  const middle = (boxes[0].top + boxes[0].bottom) / 2;
  const squiggles = [...document.querySelectorAll(".monaco-editor .view-overlays [class*='squiggly-']")]
    .map((it) => it.getBoundingClientRect())
    .filter((it) => it.top <= middle && middle <= it.bottom + 1)
    .filter((it) => it.left < right && left < it.right)
    .map((it) => ({ left: it.left, right: it.right }));
  return { words: { left, right }, squiggles, direction: getComputedStyle(line).direction };
}

/**
 * Opens the menu of fixes by keyboard and goes to the one with this in its title; Enter applies it. A menu that was asked
 * for while the editor asks for the light bulb is dropped by the editor, so the key is pressed again.
 */
export async function goToFix(page, part) {
  const rows = page.locator(".action-widget .monaco-list-row.action");
  await eventually(async () => {
    await page.keyboard.press("Control+Period");
    await rows.first().waitFor({ timeout: 3_000 });
  });
  const titles = await rows.allInnerTexts();
  assert.ok(titles.some((title) => title.includes(part)), `${part} is not in ${titles}`);
  const focused = page.locator(".action-widget .monaco-list-row.focused");
  for (let step = 0; !(await focused.allInnerTexts()).join().includes(part); step += 1) {
    assert.ok(step < titles.length, `cannot get to ${part}`);
    await page.keyboard.press("ArrowDown");
  }
}
