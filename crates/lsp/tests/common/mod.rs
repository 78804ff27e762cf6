//! A client in memory.

// Each test crate uses a part of it.
#![allow(dead_code)]

use std::time::Duration;

use replylint::{Linter, Report, Thread};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream, ReadHalf, WriteHalf};
use tokio::task::JoinHandle;

/// Longer than anything takes; a test that waits so long has failed.
const LIMIT: Duration = Duration::from_secs(30);

pub struct Client {
    input: BufReader<ReadHalf<DuplexStream>>,
    output: Option<WriteHalf<DuplexStream>>,
    server: JoinHandle<u8>,
    /// Messages that came while another was waited for.
    pub seen: Vec<Value>,
    last_id: i64,
}

impl Client {
    pub fn start() -> Self {
        Self::start_with(Linter::check)
    }

    pub fn start_with(check: impl Fn(&Linter, &Thread) -> Report + Send + Sync + 'static) -> Self {
        let (here, there) = tokio::io::duplex(1 << 20);
        let (input, output) = tokio::io::split(there);
        let server = tokio::spawn(async move { replylint_lsp::serve_with(input, output, check).await });
        let (input, output) = tokio::io::split(here);
        Client { input: BufReader::new(input), output: Some(output), server, seen: Vec::new(), last_id: 0 }
    }

    /// A client that said hello with these capabilities.
    pub async fn ready(capabilities: Value) -> Self {
        let mut client = Self::start();
        client.hello(capabilities).await;
        client
    }

    pub async fn hello(&mut self, capabilities: Value) -> Value {
        let answer = self
            .ask("initialize", json!({"processId": null, "rootUri": null, "capabilities": capabilities}))
            .await;
        self.tell("initialized", json!({})).await;
        answer
    }

    pub async fn send_bytes(&mut self, bytes: &[u8]) {
        self.output.as_mut().unwrap().write_all(bytes).await.unwrap();
    }

    pub async fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.send_bytes(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes()).await;
    }

    pub async fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params})).await;
    }

    /// Sends a request without waiting for its answer; gives its id.
    pub async fn request(&mut self, method: &str, params: Value) -> i64 {
        self.last_id += 1;
        let id = self.last_id;
        let mut message = json!({"jsonrpc": "2.0", "id": id, "method": method});
        if !params.is_null() {
            message["params"] = params;
        }
        self.send(&message).await;
        id
    }

    pub async fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.request(method, params).await;
        self.wait(|message| message["id"] == id && message.get("method").is_none()).await
    }

    /// The next message from the server; `None` at the end.
    pub async fn receive(&mut self) -> Option<Value> {
        let mut length = None;
        loop {
            let mut line = String::new();
            if self.input.read_line(&mut line).await.unwrap() == 0 {
                return None;
            }
            if line == "\r\n" {
                break;
            }
            if let Some(number) = line.strip_prefix("Content-Length: ") {
                length = Some(number.trim().parse::<usize>().unwrap());
            }
        }
        let mut body = vec![0; length.unwrap()];
        self.input.read_exact(&mut body).await.unwrap();
        Some(serde_json::from_slice(&body).unwrap())
    }

    pub async fn wait(&mut self, is_wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.seen.iter().position(&is_wanted) {
            return self.seen.remove(at);
        }
        loop {
            let message = tokio::time::timeout(LIMIT, self.receive())
                .await
                .expect("the server is silent")
                .expect("the server has ended");
            if is_wanted(&message) {
                return message;
            }
            self.seen.push(message);
        }
    }

    /// Whether anything comes within a moment.
    pub async fn receive_soon(&mut self, moment: Duration) -> Option<Value> {
        if !self.seen.is_empty() {
            return Some(self.seen.remove(0));
        }
        tokio::time::timeout(moment, self.receive()).await.ok().flatten()
    }

    pub async fn published(&mut self, uri: &str, version: i64) -> Vec<Value> {
        let message = self
            .wait(|message| {
                message["method"] == "textDocument/publishDiagnostics"
                    && message["params"]["uri"] == uri
                    && message["params"]["version"] == version
            })
            .await;
        message["params"]["diagnostics"].as_array().unwrap().clone()
    }

    pub async fn open(&mut self, uri: &str, version: i64, text: &str) {
        let document = json!({"uri": uri, "languageId": "plaintext", "version": version, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document})).await;
    }

    pub async fn change(&mut self, uri: &str, version: i64, changes: Value) {
        let document = json!({"uri": uri, "version": version});
        self.tell("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}))
            .await;
    }

    pub async fn pull(&mut self, uri: &str, previous: Option<&str>) -> Value {
        let params = json!({"textDocument": {"uri": uri}, "previousResultId": previous});
        self.ask("textDocument/diagnostic", params).await["result"].clone()
    }

    pub async fn actions(&mut self, uri: &str, range: Value) -> Vec<Value> {
        let params = json!({"textDocument": {"uri": uri}, "range": range, "context": {"diagnostics": []}});
        self.ask("textDocument/codeAction", params).await["result"].as_array().unwrap().clone()
    }

    /// Closes the input and gives the exit code.
    pub async fn end(mut self) -> u8 {
        self.output.take().unwrap().shutdown().await.unwrap();
        self.code().await
    }

    pub async fn quit(mut self) -> u8 {
        self.ask("shutdown", Value::Null).await;
        self.tell("exit", Value::Null).await;
        self.code().await
    }

    /// Reads to the end and gives the exit code.
    pub async fn code(mut self) -> u8 {
        let ends = async {
            while self.receive().await.is_some() {}
            (&mut self.server).await
        };
        let code = tokio::time::timeout(LIMIT, ends).await.expect("the server does not end");
        code.expect("the server panicked")
    }
}

/// A range on one line.
pub fn range(line: u64, start: u64, end: u64) -> Value {
    json!({"start": {"line": line, "character": start}, "end": {"line": line, "character": end}})
}

/// The rules and ranges of diagnostics, one a line.
pub fn places(diagnostics: &[Value]) -> Vec<String> {
    diagnostics
        .iter()
        .map(|it| {
            let at = |end: &str| format!("{}:{}", it["range"][end]["line"], it["range"][end]["character"]);
            format!("{} {}-{}", it["code"].as_str().unwrap(), at("start"), at("end"))
        })
        .collect()
}
