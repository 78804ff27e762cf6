// Monaco with a language client: what the test sees and does through `window.page`.

import * as monaco from "@codingame/monaco-vscode-editor-api";
import { EditorApp } from "monaco-languageclient/editorApp";
import { LanguageClientWrapper } from "monaco-languageclient/lcwrapper";
import { MonacoVscodeApiWrapper } from "monaco-languageclient/vscodeApiWrapper";
import { configureDefaultWorkerFactory } from "monaco-languageclient/workerFactory";

const uri = (name) => `/replies/${name}.txt`;

const api = new MonacoVscodeApiWrapper({
  $type: "classic",
  viewsConfig: { $type: "EditorService" },
  monacoWorkerFactory: configureDefaultWorkerFactory,
});
await api.start();
monaco.languages.register({ id: "plaintext", extensions: [".txt"] });

const app = new EditorApp({
  codeResources: { modified: { text: "", uri: uri("empty"), enforceLanguageId: "plaintext" } },
  editorOptions: {
    theme: "vs",
    wordWrap: "on",
    fontSize: 16,
    minimap: { enabled: false },
    // Dots and dashes of other scripts are not what this is about.
    unicodeHighlight: { ambiguousCharacters: false, invisibleCharacters: false },
  },
});
await app.start(document.getElementById("editor"));
const editor = app.getEditor();

const client = new LanguageClientWrapper({
  languageId: "plaintext",
  connection: { options: { $type: "WebSocketUrl", url: `ws://${location.host}/server` } },
  clientOptions: { documentSelector: ["plaintext"] },
});
await client.start();

const plain = ({ startLineNumber, startColumn, endLineNumber, endColumn }) => ({
  startLineNumber,
  startColumn,
  endLineNumber,
  endColumn,
});

window.page = {
  /** Opens a draft. With `rtl` its lines are set from the right, as an embedder does it. */
  async open(name, text, direction) {
    await app.updateCodeResources({ modified: { text, uri: uri(name), enforceLanguageId: "plaintext" } });
    if (direction === "rtl") {
      editor.createDecorationsCollection([
        {
          range: editor.getModel().getFullModelRange(),
          options: { description: "right to left", textDirection: monaco.editor.TextDirection.RTL },
        },
      ]);
    }
    editor.focus();
  },

  text: () => editor.getModel().getValue(),

  markers: () =>
    monaco.editor
      .getModelMarkers({ resource: editor.getModel().uri })
      .map(({ code, source, ...range }) => ({
        code: typeof code === "object" ? code.value : code,
        source,
        ...plain(range),
      }))
      .sort((one, other) => one.startLineNumber - other.startLineNumber || one.startColumn - other.startColumn),

  select(line, column) {
    editor.setPosition({ lineNumber: line, column });
    editor.focus();
  },

  stop: () => client.dispose(),
};
document.body.dataset.ready = "yes";
