#!/usr/bin/env python3
"""Latency and memory of the language server, measured from outside: the real process over pipes.

    cargo build --release -p replylint-cli
    python3 benches/lsp.py [--changes 300] [PROGRAM]

For each size and language: one edit (a letter typed in the middle of the draft), then the time until the findings of
that version are there. Prints a Markdown table.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
SIZES = [("0.5 KB", 512), ("2 KB", 2048), ("20 KB", 20480), ("200 KB", 204800)]
LANGUAGES = ["en", "ro", "ru", "it", "fa", "hu"]


class Client:
    def __init__(self, program):
        self.started = time.perf_counter()
        self.process = subprocess.Popen([program, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.send({"id": 0, "method": "initialize", "params": {
            "processId": None, "rootUri": None,
            "capabilities": {"general": {"positionEncodings": ["utf-16"]}}}})
        self.wait(lambda it: it.get("id") == 0)
        self.send({"method": "initialized", "params": {}})

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def receive(self):
        length = 0
        while (line := self.process.stdout.readline()) != b"\r\n":
            if not line:
                raise SystemExit("the server has ended")
            if line.startswith(b"Content-Length:"):
                length = int(line.split(b":")[1])
        return self.process.stdout.read(length)

    def wait(self, is_wanted):
        while True:
            message = json.loads(self.receive())
            if is_wanted(message):
                return message

    def open(self, uri, text):
        document = {"uri": uri, "languageId": "plaintext", "version": 0, "text": text}
        self.send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        self.published(uri, 0)

    def change(self, uri, version, line):
        at = {"line": line, "character": 0}
        # A letter, and in the next round the letter is taken out again.
        change = {"range": {"start": at, "end": at}, "text": "x"} if version % 2 else {
            "range": {"start": at, "end": {"line": line, "character": 1}}, "text": ""}
        self.send({"method": "textDocument/didChange", "params": {
            "textDocument": {"uri": uri, "version": version}, "contentChanges": [change]}})

    def published(self, uri, version):
        # The time counts until the bytes are here; reading the JSON is the client's own matter.
        mark = b'"version":%d}' % version
        while True:
            body = self.receive()
            if b"publishDiagnostics" in body[-20000:] + body[:200] or mark in body[-40:]:
                if mark in body:
                    return body

    def memory(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        return 0.0

    def end(self):
        self.send({"id": 1, "method": "shutdown"})
        self.wait(lambda it: it.get("id") == 1)
        self.send({"method": "exit"})
        assert self.process.wait(5) == 0


def draft(language, size):
    """A reply with a few findings at its start, and then ordinary sentences, each of them once where there are enough."""
    name = "reply.txt" if language == "en" else f"reply.{language}.txt"
    paragraphs = [(ROOT / "examples" / name).read_text(encoding="utf-8").strip()]
    for path in sorted((ROOT / "rules" / language).glob("*.toml")):
        for example in tomllib.loads(path.read_text(encoding="utf-8")).get("good", []):
            texts = example["text"]
            paragraphs.extend(text.strip() for text in ([texts] if isinstance(texts, str) else texts))
    text = "\n\n".join(dict.fromkeys(paragraphs)) + "\n\n"
    return (text * (size // len(text.encode()) + 1)).encode()[:size].decode(errors="ignore")


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("program", nargs="?", default=str(ROOT / "target/release/replylint"))
    arguments.add_argument("--changes", type=int, default=300)
    given = arguments.parse_args()

    print("| language | " + " | ".join(f"{name}: p50 / p99 ms" for name, _ in SIZES) + " |")
    print("|---" * (len(SIZES) + 1) + "|")
    for language in LANGUAGES:
        cells = []
        for _, size in SIZES:
            client = Client(given.program)
            uri = "untitled:bench"
            text = draft(language, size)
            client.open(uri, text)
            line = text.count("\n") // 2
            times = []
            for version in range(1, given.changes + 1):
                start = time.perf_counter()
                client.change(uri, version, line)
                client.published(uri, version)
                times.append((time.perf_counter() - start) * 1000)
            client.end()
            cells.append(f"{statistics.median(times):.2f} / {percentile(times, 0.99):.2f}")
        print(f"| {language} | " + " | ".join(cells) + " |", flush=True)

    firsts = []
    text = draft("en", 2048)
    for _ in range(20):
        client = Client(given.program)
        client.open("untitled:first", text)
        firsts.append((time.perf_counter() - client.started) * 1000)
        client.end()
    print(f"\nProcess start to first findings: p50 {statistics.median(firsts):.1f} ms, worst {max(firsts):.1f} ms")

    client = Client(given.program)
    start = client.memory()
    drafts = [draft(language, 2048) for language in LANGUAGES]
    for number in range(1000):
        client.open(f"untitled:{number}", drafts[number % 6])
    print(f"Memory: {start:.1f} MB at the start, {client.memory():.1f} MB with 1,000 documents of 2 KB open")
    for number in range(1000):
        client.send({"method": "textDocument/didClose", "params": {"textDocument": {"uri": f"untitled:{number}"}}})
    client.wait(lambda it: it.get("params", {}).get("uri") == "untitled:999")
    print(f"{client.memory():.1f} MB after closing them")
    client.end()


if __name__ == "__main__":
    main()
