// Microsoft's own protocol library as a client: node protocol.mjs, with REPLYLINT in the environment.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import protocol from "vscode-languageserver-protocol/node.js";
import { TextDocument } from "vscode-languageserver-textdocument";

const WORDS = "4 to 8 weeks";
const uri = "untitled:Untitled-1";
const server = spawn(process.env.REPLYLINT, ["lsp", "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
const ended = new Promise((resolve) => server.on("exit", resolve));
const connection = protocol.createProtocolConnection(
  new protocol.StreamMessageReader(server.stdout),
  new protocol.StreamMessageWriter(server.stdin),
);
connection.onUnhandledNotification((message) => assert.fail(`unexpected: ${message.method}`));
connection.onNotification(protocol.PublishDiagnosticsNotification.type, () =>
  assert.fail("findings were pushed to a client that pulls"),
);
connection.listen();

const { capabilities } = await connection.sendRequest(protocol.InitializeRequest.type, {
  processId: process.pid,
  rootUri: null,
  capabilities: {
    general: { positionEncodings: ["utf-16"] },
    textDocument: {
      diagnostic: { dynamicRegistration: true },
      codeAction: {
        isPreferredSupport: true,
        codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix"] } },
      },
    },
    workspace: { workspaceEdit: { documentChanges: true } },
  },
});
assert.equal(capabilities.positionEncoding, "utf-16");
assert.equal(capabilities.textDocumentSync.change, protocol.TextDocumentSyncKind.Incremental);
await connection.sendNotification(protocol.InitializedNotification.type, {});

let document = TextDocument.create(uri, "plaintext", 1, readFileSync(new URL("draft.txt", import.meta.url), "utf8"));
await connection.sendNotification(protocol.DidOpenTextDocumentNotification.type, {
  textDocument: { uri, languageId: "plaintext", version: 1, text: document.getText() },
});

async function finding(previousResultId) {
  const report = await connection.sendRequest(protocol.DocumentDiagnosticRequest.type, {
    textDocument: { uri },
    previousResultId,
  });
  const found = (report.items ?? []).find((it) => it.code === "ambiguous-estimate:range");
  return { report, found };
}

const { report, found } = await finding();
assert.equal(document.getText(found.range), WORDS);
assert.equal((await finding(report.resultId)).report.kind, "unchanged");

const start = { line: 2, character: 0 };
const changes = [{ range: { start, end: start }, text: "🇷🇴 e\u0301 " }];
document = TextDocument.update(document, changes, 2);
await connection.sendNotification(protocol.DidChangeTextDocumentNotification.type, {
  textDocument: { uri, version: 2 },
  contentChanges: changes,
});
const moved = (await finding(report.resultId)).found;
assert.equal(document.getText(moved.range), WORDS);

const actions = await connection.sendRequest(protocol.CodeActionRequest.type, {
  textDocument: { uri },
  range: moved.range,
  context: { diagnostics: [moved] },
});
const fix = actions.find((it) => it.title.includes("by [date]"));
const [change] = fix.edit.documentChanges;
assert.deepEqual(change.textDocument, { uri, version: 2 });
const fixed = TextDocument.applyEdits(document, change.edits);
assert.equal(fixed, document.getText().replace(`in ${WORDS}`, "by [date]"));

await connection.sendRequest(protocol.ShutdownRequest.type);
await connection.sendNotification(protocol.ExitNotification.type);
assert.equal(await ended, 0);
console.log("node protocol client: fine");
