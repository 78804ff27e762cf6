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

/** The box around rectangles, in whole pixels. */
function around(rectangles) {
  const all = [...rectangles].filter((it) => it.width > 0);
  return {
    left: Math.min(...all.map((it) => it.left)),
    right: Math.max(...all.map((it) => it.right)),
    top: Math.min(...all.map((it) => it.top)),
    bottom: Math.max(...all.map((it) => it.bottom)),
  };
}

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

  /** Where a squiggle is drawn and where the words are that the browser shows; both on the one line that holds them. */
  places(words) {
    // Monaco draws spaces as ones that do not break.
    const drawn = (it) => it.textContent.replaceAll("\u00a0", " ");
    const line = [...document.querySelectorAll(".view-line")].find((it) => drawn(it).includes(words));
    const at = drawn(line).indexOf(words);
    const range = document.createRange();
    let passed = 0;
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
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
    const box = around(range.getClientRects());
    const middle = (box.top + box.bottom) / 2;
    const squiggles = [...document.querySelectorAll(".view-overlays .squiggly-warning")]
      .map((it) => it.getBoundingClientRect())
      .filter((it) => it.top <= middle && middle <= it.bottom + 1);
    return {
      words: box,
      squiggles: squiggles.map(({ left, right }) => ({ left, right })),
      line: around(line.firstElementChild.getClientRects()),
      editor: around([document.querySelector(".view-lines").getBoundingClientRect()]),
      direction: getComputedStyle(line).direction,
    };
  },

  stop: () => client.dispose(),
};
document.body.dataset.ready = "yes";
