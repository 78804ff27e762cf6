//! Recorded conversations: `tests/lsp/*.session`.
//!
//! A session is what the client and the server say, in order, each message after a line `client` or `server`. Lines
//! that begin with `#` say what it shows. `LSP_SESSIONS=overwrite cargo test -p replylint-lsp --test sessions` records
//! the server's part anew; look at each difference.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use common::Client;
use serde_json::Value;

/// A server that said nothing for so long has no more to say.
const SILENCE: Duration = Duration::from_millis(250);

#[derive(Debug, PartialEq)]
enum Part {
    Words(String),
    Client(Value),
    Server(Value),
}

fn read(path: &Path) -> Vec<Part> {
    let text = fs::read_to_string(path).unwrap();
    let mut parts = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if !matches!(line, "client" | "server") {
            parts.push(Part::Words(line.to_owned()));
            continue;
        }
        let mut body = String::new();
        while let Some(next) =
            lines.next_if(|next| !matches!(*next, "client" | "server") && !next.starts_with('#'))
        {
            body.push_str(next);
            body.push('\n');
        }
        let message: Value =
            serde_json::from_str(&body).unwrap_or_else(|error| panic!("{}: {error}\n{body}", path.display()));
        parts.push(if line == "client" { Part::Client(message) } else { Part::Server(message) });
    }
    parts
}

fn write(path: &Path, parts: &[Part]) {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Words(words) => text.push_str(words),
            Part::Client(message) => text.push_str(&format!("client\n{message:#}")),
            Part::Server(message) => text.push_str(&format!("server\n{message:#}")),
        }
        text.push('\n');
    }
    fs::write(path, text).unwrap();
}

/// Says the client's part; gives the whole conversation as it went.
async fn play(parts: Vec<Part>) -> Vec<Part> {
    let mut client = Client::start();
    let mut out = Vec::new();
    for part in parts {
        match part {
            Part::Server(_) => {}
            Part::Words(_) => out.push(part),
            Part::Client(message) => {
                client.send(&message).await;
                let awaits = message.get("method").and(message.get("id")).cloned();
                let is_exit = message["method"] == "exit";
                out.push(Part::Client(message));
                let is_command = message_method(&out) == "workspace/executeCommand";
                if let Some(id) = &awaits {
                    let answer = client.wait(|it| it["id"] == *id && it.get("method").is_none()).await;
                    // A command's effects may be told before or after its answer: the answer is written first.
                    if is_command {
                        out.push(Part::Server(answer));
                    } else {
                        out.extend(client.seen.drain(..).map(Part::Server));
                        out.push(Part::Server(answer));
                    }
                }
                if is_command || awaits.is_none() && !is_exit {
                    let mut said = Vec::new();
                    while let Some(message) = client.receive_soon(SILENCE).await {
                        said.push(message);
                    }
                    // What the server asks may be told before or after the findings: it is written first.
                    said.sort_by_key(|message| message.get("id").is_none());
                    out.extend(said.into_iter().map(Part::Server));
                }
            }
        }
    }
    assert_eq!(client.code().await, 0, "a session ends with shutdown and exit");
    out
}

fn message_method(parts: &[Part]) -> &str {
    match parts.last() {
        Some(Part::Client(message)) => message["method"].as_str().unwrap_or_default(),
        _ => "",
    }
}

#[tokio::test]
async fn sessions() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/lsp");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "session"));
    paths.sort();
    assert!(!paths.is_empty());
    let mut differing = Vec::new();
    for path in paths {
        let expected = read(&path);
        let played = play(read(&path)).await;
        if played == expected {
            continue;
        }
        if std::env::var_os("LSP_SESSIONS").is_some_and(|it| it == "overwrite") {
            write(&path, &played);
            continue;
        }
        let at = expected
            .iter()
            .zip(&played)
            .position(|(a, b)| a != b)
            .unwrap_or(expected.len().min(played.len()));
        differing.push(format!(
            "{}:\n expected {:?}\n came {:?}",
            path.display(),
            expected.get(at),
            played.get(at)
        ));
    }
    assert!(differing.is_empty(), "{}", differing.join("\n\n"));
}
