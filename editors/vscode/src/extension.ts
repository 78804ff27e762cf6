// Starts the server, shows its state, and tells it about a reply. What is found is the server's matter.

import { execFile } from "node:child_process";
import * as vscode from "vscode";
import { DiagnosticProviderMiddleware, LanguageClient, State, TransportKind, vsdiag } from "vscode-languageclient/node";

interface Status {
  uri: string;
  findings: number;
  points: number;
  answered: number;
  language: string | null;
  readingSeconds: number;
  score?: number;
}

type Program = { version: string } | { fault: string };

const NAME = "replylint";
/** Where documents come from that are checked. */
const SCHEMES = ["file", "untitled"];

let client: LanguageClient | undefined;
/** Why nothing is checked, where the program cannot be used. */
let fault: string | undefined;
/** The start that is under way, or the last one; starts follow one another. */
let starting: Promise<unknown> | undefined;
const states = new Map<string, Status>();
const customerMessages = new Map<string, string>();
/** Documents that were closed since the folders were asked about last. */
const closed = new Map<string, vscode.Uri>();

export function activate(context: vscode.ExtensionContext): void {
  const bar = vscode.window.createStatusBarItem(NAME, vscode.StatusBarAlignment.Right, 90);
  bar.name = NAME;
  const show = () => showStatus(bar);
  const command = (name: string, run: () => unknown) =>
    context.subscriptions.push(vscode.commands.registerCommand(name, run));
  command("replylint.pasteCustomerMessage", pasteCustomerMessage);
  command("replylint.chooseLanguage", chooseLanguage);
  command("replylint.chooseChannel", chooseChannel);
  command("replylint.restart", async () => {
    const version = await restart(show);
    if (version) {
      void vscode.window.showInformationMessage(`replylint: ${version} is there and runs.`);
    }
  });
  context.subscriptions.push(
    bar,
    vscode.window.onDidChangeActiveTextEditor(show),
    vscode.workspace.onDidOpenTextDocument((document) => {
      closed.delete(document.uri.toString());
      startFor([document], show);
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      const uri = document.uri.toString();
      states.delete(uri);
      customerMessages.delete(uri);
      if (isChecked(document)) {
        closed.set(uri, document.uri);
      }
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("replylint.path") || change.affectsConfiguration("replylint.languageIds")) {
        void restart(show);
      }
    }),
  );
  startFor(vscode.workspace.textDocuments, show);
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

/** Starts the server with the first document that it checks: nobody else is told that it is missing. */
function startFor(documents: readonly vscode.TextDocument[], show: () => void): void {
  if (starting === undefined && documents.some(isChecked)) {
    void restart(show);
  }
}

/** Starts the server, again where it runs; gives the program's version, or tells why it cannot be used. */
function restart(show: () => void): Promise<string | undefined> {
  const next = (starting ?? Promise.resolve()).then(() => start(show));
  starting = next;
  return next;
}

async function start(show: () => void): Promise<string | undefined> {
  // One that has died cannot be stopped, and need not be.
  await client?.stop().catch(() => undefined);
  client = undefined;
  states.clear();
  const program = await tryStart(configured().get<string>("path") || NAME, show);
  fault = "fault" in program ? program.fault : undefined;
  await vscode.commands.executeCommand("setContext", "replylint.runs", fault === undefined);
  show();
  if ("version" in program) {
    return program.version;
  }
  // Not waited for: it stays until somebody answers.
  void tellFault(program.fault);
  return undefined;
}

async function tryStart(path: string, show: () => void): Promise<Program> {
  const program = await ask(path);
  if ("fault" in program) {
    return program;
  }
  const settings = configured();
  const started = new LanguageClient(
    NAME,
    NAME,
    { command: path, args: ["lsp"], transport: TransportKind.stdio },
    {
      documentSelector: languageIds().flatMap((language) => SCHEMES.map((scheme) => ({ scheme, language }))),
      initializationOptions: { status: true, settings: JSON.parse(JSON.stringify(settings)) as unknown },
      synchronize: { configurationSection: NAME },
      diagnosticPullOptions: { onChange: true, onSave: false },
      middleware: { provideWorkspaceDiagnostics: forgetClosed },
    },
  );
  started.onNotification("replylint/status", (status: Status) => {
    states.set(vscode.Uri.parse(status.uri).toString(), status);
    show();
  });
  started.onDidChangeState((change) => {
    if (change.newState === State.Stopped) {
      states.clear();
      show();
    }
  });
  try {
    await started.start();
  } catch (error) {
    return { fault: `“${path}” does not answer as a language server: ${told(error)}` };
  }
  client = started;
  return program;
}

/**
 * Takes back the findings of closed documents. The library keeps them, and waits for news of them in the answers about the
 * folders; those are only about folders that are checked as a whole, and tell these findings anew.
 */
const forgetClosed: DiagnosticProviderMiddleware["provideWorkspaceDiagnostics"] = (known, token, report, next) => {
  const items = [...closed.values()].map((uri) => ({
    kind: vsdiag.DocumentDiagnosticReportKind.full as const,
    uri,
    version: null,
    items: [],
  }));
  closed.clear();
  if (items.length > 0) {
    report({ items });
  }
  return next(known, token, report);
};

/** What the program says that it is. */
function ask(path: string): Promise<Program> {
  return new Promise((resolve) =>
    execFile(path, ["--version"], { timeout: 10_000 }, (error, output) => {
      if (error && "code" in error && error.code === "ENOENT") {
        resolve({ fault: `there is no program “${path}”. Install it, or say in the settings where it is.` });
      } else if (error) {
        resolve({ fault: `“${path}” cannot be started: ${error.message.trim()}` });
      } else if (!output.startsWith(NAME)) {
        resolve({ fault: `“${path}” is another program. Say in the settings where replylint is.` });
      } else {
        resolve({ version: output.trim() });
      }
    }),
  );
}

async function tellFault(text: string): Promise<void> {
  const install = "How to install it";
  const where = "Say where it is";
  const again = "Try again";
  const chosen = await vscode.window.showErrorMessage(`replylint: ${text}`, install, where, again);
  if (chosen === install) {
    await vscode.commands.executeCommand("workbench.action.openWalkthrough", "replylint.replylint#first-reply");
  } else if (chosen === where) {
    // Where the extension runs on another machine, the program is that machine's, and so is the setting.
    const command = vscode.env.remoteName ? "openRemoteSettings" : "openSettings";
    await vscode.commands.executeCommand(`workbench.action.${command}`, { query: "replylint.path" });
  } else if (chosen === again) {
    await vscode.commands.executeCommand("replylint.restart");
  }
}

function showStatus(bar: vscode.StatusBarItem): void {
  const document = vscode.window.activeTextEditor?.document;
  const status = document && states.get(document.uri.toString());
  if (document && fault !== undefined && isChecked(document)) {
    bar.text = "$(error) replylint does not run";
    bar.tooltip = `${fault}\nClick to try again.`;
    bar.command = "replylint.restart";
    bar.show();
    return;
  }
  if (!status) {
    bar.hide();
    return;
  }
  const parts = [status.findings === 1 ? "1 finding" : `${status.findings || "no"} findings`];
  if (typeof status.score === "number") {
    parts.unshift(`score ${status.score}`);
  }
  if (status.points > 0) {
    parts.push(`${status.answered}/${status.points} answered`);
  }
  bar.text = `${status.findings === 0 ? "$(check)" : "$(warning)"} ${parts.join(" · ")}`;
  bar.tooltip = `replylint: ${status.language ?? "language not known"}, ${status.readingSeconds} s to read`;
  bar.command = "workbench.actions.view.problems";
  bar.show();
}

function configured(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration(NAME);
}

function languageIds(): string[] {
  return configured().get<string[]>("languageIds") ?? [];
}

function isChecked(document: vscode.TextDocument): boolean {
  return SCHEMES.includes(document.uri.scheme) && languageIds().includes(document.languageId);
}

function told(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The reply that a command is about; tells what is in the way otherwise. */
async function activeReply(): Promise<vscode.TextDocument | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  await starting;
  if (!document) {
    void vscode.window.showWarningMessage("replylint: open a reply first.");
  } else if (!isChecked(document)) {
    void vscode.window.showWarningMessage(
      `replylint: documents of the kind “${document.languageId}” are not checked. Add it to replylint.languageIds.`,
    );
  } else if (fault !== undefined) {
    void tellFault(fault);
  } else {
    return document;
  }
  return undefined;
}

/** Whether the server took the command. */
async function run(command: string, argument: object): Promise<boolean> {
  try {
    await client?.sendRequest("workspace/executeCommand", { command, arguments: [argument] });
    return client !== undefined;
  } catch (error) {
    void vscode.window.showErrorMessage(`replylint: ${told(error)}`);
    return false;
  }
}

async function pasteCustomerMessage(): Promise<void> {
  const document = await activeReply();
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
    choices.length === 1 && copied
      ? choices[0]
      : await vscode.window.showQuickPick(choices, { title: "Which message does this reply answer?" });
  if (!chosen) {
    return;
  }
  if (await run("replylint.setThread", { uri, customer: chosen.text || null })) {
    customerMessages.set(uri, chosen.text);
    const done = chosen.text ? "the customer's message is read along with this reply" : "the customer's message is forgotten";
    vscode.window.setStatusBarMessage(`replylint: ${done}.`, 5_000);
  }
}

async function chooseLanguage(): Promise<void> {
  const document = await activeReply();
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
  const document = await activeReply();
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
