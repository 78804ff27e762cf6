// Starts the server, shows its state, and tells it about a reply. What is found is the server's matter.

import { execFile } from "node:child_process";
import * as vscode from "vscode";
import { LanguageClient, State, TransportKind } from "vscode-languageclient/node";

interface Status {
  uri: string;
  findings: number;
  points: number;
  answered: number;
  language: string | null;
  readingSeconds: number;
  score?: number;
}

let client: LanguageClient | undefined;
const states = new Map<string, Status>();
const customerMessages = new Map<string, string>();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const bar = vscode.window.createStatusBarItem("replylint", vscode.StatusBarAlignment.Right, 90);
  bar.name = "replylint";
  bar.command = "workbench.actions.view.problems";
  const show = () => showStatus(bar);
  const command = (name: string, run: () => unknown) =>
    context.subscriptions.push(vscode.commands.registerCommand(name, run));
  command("replylint.pasteCustomerMessage", pasteCustomerMessage);
  command("replylint.chooseLanguage", chooseLanguage);
  command("replylint.chooseChannel", chooseChannel);
  command("replylint.restart", () => restart(show));
  context.subscriptions.push(
    bar,
    vscode.window.onDidChangeActiveTextEditor(show),
    vscode.workspace.onDidCloseTextDocument((document) => {
      states.delete(document.uri.toString());
      customerMessages.delete(document.uri.toString());
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("replylint.path") || change.affectsConfiguration("replylint.languageIds")) {
        void restart(show);
      }
    }),
  );
  await start(show);
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

async function restart(show: () => void): Promise<void> {
  await client?.stop();
  client = undefined;
  states.clear();
  await start(show);
}

async function start(show: () => void): Promise<void> {
  const settings = vscode.workspace.getConfiguration("replylint");
  const path = settings.get<string>("path") || "replylint";
  if (!(await isThere(path))) {
    await tellMissing(path);
    return;
  }
  const ids = settings.get<string[]>("languageIds") ?? [];
  const documentSelector = ids.flatMap((language) => [
    { scheme: "file", language },
    { scheme: "untitled", language },
  ]);
  client = new LanguageClient(
    "replylint",
    "replylint",
    { command: path, args: ["lsp"], transport: TransportKind.stdio },
    {
      documentSelector,
      initializationOptions: { status: true, settings: JSON.parse(JSON.stringify(settings)) as unknown },
      synchronize: { configurationSection: "replylint" },
      diagnosticPullOptions: { onChange: true, onSave: false },
    },
  );
  client.onNotification("replylint/status", (status: Status) => {
    states.set(vscode.Uri.parse(status.uri).toString(), status);
    show();
  });
  client.onDidChangeState((change) => {
    if (change.newState === State.Stopped) {
      states.clear();
      show();
    }
  });
  await client.start();
}

function isThere(path: string): Promise<boolean> {
  return new Promise((resolve) => execFile(path, ["--version"], (error) => resolve(!error)));
}

async function tellMissing(path: string): Promise<void> {
  const install = "How to install it";
  const where = "Say where it is";
  const chosen = await vscode.window.showErrorMessage(
    `replylint: there is no program “${path}” that can be started. Install it, or say in the settings where it is.`,
    install,
    where,
  );
  if (chosen === install) {
    await vscode.commands.executeCommand(
      "workbench.action.openWalkthrough",
      "replylint.replylint#first-reply",
    );
  } else if (chosen === where) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "replylint.path");
  }
}

function showStatus(bar: vscode.StatusBarItem): void {
  const document = vscode.window.activeTextEditor?.document;
  const status = document && states.get(document.uri.toString());
  if (!status) {
    bar.hide();
    return;
  }
  const mark = status.findings === 0 ? "$(check)" : "$(warning)";
  const score = status.score === undefined ? "" : ` ${status.score}`;
  const points = status.points === 0 ? "" : ` · ${status.answered}/${status.points} answered`;
  bar.text = `${mark}${score} ${status.findings === 1 ? "1 finding" : `${status.findings} findings`}${points}`;
  bar.tooltip = `replylint: ${status.language ?? "language not known"}, ${status.readingSeconds} s to read`;
  bar.show();
}

function activeDocument(): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  if (!client || !document) {
    void vscode.window.showWarningMessage("replylint: open a reply first.");
    return undefined;
  }
  return document;
}

async function run(command: string, argument: object): Promise<void> {
  try {
    await client?.sendRequest("workspace/executeCommand", { command, arguments: [argument] });
  } catch (error) {
    void vscode.window.showErrorMessage(`replylint: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function pasteCustomerMessage(): Promise<void> {
  const document = activeDocument();
  if (!document) {
    return;
  }
  const uri = document.uri.toString();
  const copied = (await vscode.env.clipboard.readText()).trim();
  const known = customerMessages.get(uri);
  const choices: (vscode.QuickPickItem & { text: string })[] = [];
  if (copied) {
    choices.push({ label: "The text in the clipboard", detail: copied.slice(0, 200), text: copied });
  }
  if (known) {
    choices.push({ label: "None: forget the message", text: "" });
  }
  if (choices.length === 0) {
    void vscode.window.showInformationMessage("replylint: copy the customer's message first, then run this again.");
    return;
  }
  const chosen =
    choices.length === 1
      ? choices[0]
      : await vscode.window.showQuickPick(choices, { title: "Which message does this reply answer?" });
  if (!chosen) {
    return;
  }
  customerMessages.set(uri, chosen.text);
  await run("replylint.setThread", { uri, customer: chosen.text || null });
}

async function chooseLanguage(): Promise<void> {
  const document = activeDocument();
  const language =
    document &&
    (await vscode.window.showInputBox({
      title: "Language of this reply",
      prompt: "ISO 639-1 code, for example hu; empty: found out by itself",
    }));
  if (document && language !== undefined) {
    await run("replylint.setLanguage", { uri: document.uri.toString(), language: language.trim() || null });
  }
}

async function chooseChannel(): Promise<void> {
  const document = activeDocument();
  const configured = "as configured";
  const channel =
    document &&
    (await vscode.window.showQuickPick([configured, "email", "chat", "social", "review"], {
      title: "Where is this reply sent?",
    }));
  if (document && channel) {
    const uri = document.uri.toString();
    await run("replylint.setChannel", { uri, channel: channel === configured ? null : channel });
  }
}
