//! What the server promises, one promise a test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use common::{Client, places, range};
use replylint::{Linter, Thread};
use serde_json::{Value, json};

const URI: &str = "untitled:Untitled-1";
const DRAFT: &str = "Hello 👍 Ana,\n\nyour seat will reach you in 4 to 8 weeks.\n";
const A_MOMENT: Duration = Duration::from_millis(300);

/// A folder of the test's own.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("replylint-lsp-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        // Symbolic links of the system's temporary folder would make other addresses.
        Folder(path.canonicalize().unwrap())
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn uri(&self, name: &str) -> String {
        format!("file://{}/{name}", self.0.display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn pulls() -> Value {
    json!({"textDocument": {"diagnostic": {}}, "workspace": {"diagnostics": {"refreshSupport": true}}})
}

#[tokio::test]
async fn columns_are_those_of_the_encoding() {
    let text = "Hello 👍 سلام Ana, your seat will reach you in 4 to 8 weeks.\n";
    let at = text.find("4 to").unwrap();
    let before = &text[..at];
    for (offered, start) in [
        (json!(["utf-8", "utf-16"]), before.len()),
        (json!(["utf-16"]), before.encode_utf16().count()),
        (json!(["utf-32"]), before.chars().count()),
        (Value::Null, before.encode_utf16().count()),
    ] {
        let mut client = Client::ready(json!({"general": {"positionEncodings": offered}})).await;
        client.open(URI, 1, text).await;
        let found = client.published(URI, 1).await;
        let expected = format!("ambiguous-estimate:range 0:{start}-0:{}", start + 12);
        assert!(places(&found).contains(&expected), "{offered}: {found:?}");
        assert_eq!(client.quit().await, 0);
    }
}

#[tokio::test]
async fn the_end_has_the_right_exit_code() {
    let client = Client::ready(json!({})).await;
    assert_eq!(client.quit().await, 0);

    // `exit` without `shutdown`, with the input still open.
    let mut client = Client::ready(json!({})).await;
    client.tell("exit", Value::Null).await;
    assert_eq!(client.code().await, 1);

    // The end of the input, in the middle of work.
    let mut client = Client::ready(json!({})).await;
    client.open(URI, 1, DRAFT).await;
    assert_eq!(client.end().await, 1);

    let mut client = Client::ready(json!({})).await;
    client.ask("shutdown", Value::Null).await;
    assert_eq!(client.end().await, 0);

    assert_eq!(Client::start().end().await, 1);

    // Whatever follows `exit` is read by nobody and keeps nobody.
    let mut client = Client::ready(json!({})).await;
    client.ask("shutdown", Value::Null).await;
    client.tell("exit", Value::Null).await;
    client.open(URI, 1, DRAFT).await;
    client.request("textDocument/hover", json!({})).await;
    assert_eq!(client.code().await, 0);
}

#[tokio::test]
async fn the_answer_to_shutdown_comes_even_when_nobody_waits_for_it() {
    let mut client = Client::ready(json!({})).await;
    let id = client.request("shutdown", Value::Null).await;
    client.tell("exit", Value::Null).await;
    client.wait(|message| message["id"] == id && message.get("result").is_some()).await;
    assert_eq!(client.code().await, 0);
}

#[tokio::test]
async fn only_the_newest_text_is_shown() {
    // The older a text, the longer its check takes.
    let mut client = Client::start_with(|linter: &Linter, thread: &Thread| {
        if !thread.draft.text.contains("newest") {
            std::thread::sleep(Duration::from_millis(200));
        }
        linter.check(thread)
    });
    client.hello(json!({})).await;
    client.open(URI, 1, "Ready in 4 to 8 weeks.").await;
    for version in 2..6 {
        client.change(URI, version, json!([{"text": format!("Text {version}")}])).await;
    }
    client.change(URI, 6, json!([{"text": "The newest one: ready in 4 to 8 weeks."}])).await;
    let found = client.published(URI, 6).await;
    assert!(
        places(&found).iter().any(|place| place.starts_with("ambiguous-estimate:range 0:25")),
        "{found:?}"
    );
    assert!(client.seen.is_empty(), "old results were shown: {:?}", client.seen);
    assert!(client.receive_soon(A_MOMENT).await.is_none());
    assert_eq!(client.quit().await, 0);
}

#[tokio::test]
async fn a_fault_of_a_check_is_told_without_the_text_and_the_session_goes_on() {
    let mut client = Client::start_with(|linter: &Linter, thread: &Thread| {
        assert!(!thread.draft.text.contains("secret"), "about {}", thread.draft.text);
        linter.check(thread)
    });
    client.hello(json!({})).await;
    client.open(URI, 1, "a secret, ready in 4 to 8 weeks").await;
    assert_eq!(client.published(URI, 1).await, Vec::<Value>::new());
    let told = client.wait(|message| message["method"] == "window/logMessage").await.to_string();
    assert!(told.contains("31 bytes") && !told.contains("secret"), "{told}");
    client.change(URI, 2, json!([{"text": DRAFT}])).await;
    assert!(!client.published(URI, 2).await.is_empty());
    assert_eq!(client.quit().await, 0);
}

#[tokio::test]
async fn handlers_answer_while_a_check_runs() {
    let is_running = Arc::new(AtomicBool::new(true));
    let runs = is_running.clone();
    let mut client = Client::start_with(move |linter: &Linter, thread: &Thread| {
        while runs.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(5));
        }
        linter.check(thread)
    });
    client.hello(json!({})).await;
    client.open(URI, 1, DRAFT).await;
    let waits = client
        .request(
            "textDocument/hover",
            json!({"textDocument": {"uri": URI}, "position": {"line": 2, "character": 30}}),
        )
        .await;
    let answer = client
        .ask(
            "workspace/executeCommand",
            json!({"command": "replylint.setChannel", "arguments": [{"uri": URI, "channel": "chat"}]}),
        )
        .await;
    assert_eq!(answer["result"]["channel"], "chat");
    // What waits for the check can be called off.
    client.tell("$/cancelRequest", json!({"id": waits})).await;
    let answer = client.wait(|message| message["id"] == waits).await;
    assert_eq!(answer["error"]["code"], -32800);
    is_running.store(false, Ordering::Relaxed);
    client.published(URI, 1).await;
    assert_eq!(client.quit().await, 0);
}

#[tokio::test]
async fn findings_are_pulled_or_pushed_and_never_both() {
    let mut client = Client::ready(pulls()).await;
    client.open(URI, 1, DRAFT).await;
    let report = client.pull(URI, None).await;
    assert_eq!(report["kind"], "full");
    assert_eq!(places(report["items"].as_array().unwrap()), ["ambiguous-estimate:range 2:28-2:40"]);
    let id = report["resultId"].as_str().unwrap().to_owned();
    let report = client.pull(URI, Some(&id)).await;
    assert_eq!(report, json!({"kind": "unchanged", "resultId": id}));
    // Undone again: the same findings, so unchanged though the version is another.
    client.change(URI, 2, json!([{"range": range(0, 0, 0), "text": "\n"}])).await;
    let moved = client.pull(URI, Some(&id)).await;
    assert_eq!(places(moved["items"].as_array().unwrap()), ["ambiguous-estimate:range 3:28-3:40"]);
    client.change(URI, 3, json!([{"text": DRAFT}])).await;
    assert_eq!(client.pull(URI, Some(&id)).await["kind"], "unchanged");
    client.tell("textDocument/didClose", json!({"textDocument": {"uri": URI}})).await;
    assert_eq!(client.pull(URI, Some(&id)).await, json!({"kind": "full", "items": []}));
    assert!(client.seen.is_empty(), "{:?}", client.seen);
    assert!(client.receive_soon(A_MOMENT).await.is_none());
    assert_eq!(client.quit().await, 0);

    let mut client = Client::start();
    let hello = client.hello(json!({})).await;
    assert!(hello["result"]["capabilities"].get("diagnosticProvider").is_none());
    client.open(URI, 1, DRAFT).await;
    assert!(!client.published(URI, 1).await.is_empty());
    client.tell("textDocument/didClose", json!({"textDocument": {"uri": URI}})).await;
    let cleared = client.wait(|message| message["method"] == "textDocument/publishDiagnostics").await;
    assert_eq!(cleared["params"]["diagnostics"], json!([]));
    assert_eq!(client.quit().await, 0);
}

#[tokio::test]
async fn only_prose_is_checked() {
    let mut client = Client::ready(pulls()).await;
    for (language, name, is_prose) in [
        ("rust", "main.rs", false),
        ("json", "a.json", false),
        ("Plain Text", "a", true),
        ("mail", "mutt-1", true),
        ("gitcommit", "COMMIT_EDITMSG", true),
        ("whatever", "a.MD", true),
    ] {
        let uri = format!("file:///nowhere/{name}");
        let document = json!({"uri": uri, "languageId": language, "version": 1, "text": DRAFT});
        client.tell("textDocument/didOpen", json!({"textDocument": document})).await;
        let found = client.pull(&uri, None).await["items"].as_array().unwrap().len();
        assert_eq!(found > 0, is_prose, "{language} {name}");
    }
    assert_eq!(client.quit().await, 0);
}

#[tokio::test]
async fn fixes_come_as_the_client_takes_them() {
    let template = |capabilities: Value| async move {
        let mut client = Client::ready(capabilities).await;
        client.open(URI, 7, DRAFT).await;
        let actions = client.actions(URI, range(2, 30, 30)).await;
        assert_eq!(client.quit().await, 0);
        actions.iter().find(|it| it["title"].as_str().unwrap().contains("[date]")).unwrap()["edit"].clone()
    };
    let edit = template(json!({})).await;
    assert_eq!(edit, json!({"changes": {URI: [{"range": range(2, 25, 40), "newText": "by [date]"}]}}));

    let edit = template(json!({"workspace": {"workspaceEdit": {"documentChanges": true}}})).await;
    let document = json!({"uri": URI, "version": 7});
    let plain = json!([{"range": range(2, 25, 40), "newText": "by [date]"}]);
    assert_eq!(edit, json!({"documentChanges": [{"textDocument": document, "edits": plain}]}));

    let can = json!({"workspace": {"workspaceEdit": {"documentChanges": true, "snippetEditSupport": true}}});
    let edits = template(can).await["documentChanges"][0]["edits"].clone();
    let snippet = json!({"kind": "snippet", "value": "by ${1:[date]}"});
    assert_eq!(edits, json!([{"range": range(2, 25, 40), "snippet": snippet}]));
}

#[tokio::test]
async fn all_safe_fixes_are_one_action() {
    let folder = Folder::new("fix-all");
    folder.write("replylint.toml", "packs = [\"packs\"]\n[rules]\nmissing-greeting = \"off\"\n");
    folder.write(
        "packs/en/filler.toml",
        "message = \"“{text}” says nothing.\"\n\n[[phrases]]\nmatch = [\"at the end of the day\"]\nreplacement = \"\"\n\n[[bad]]\ntext = \"It works ‹at the end of the day›.\"\n",
    );
    let mut client = Client::ready(json!({"textDocument": {"publishDiagnostics": {"tagSupport": {"valueSet": [1]}}, "codeAction": {"isPreferredSupport": true}}})).await;
    let uri = folder.uri("a.txt");
    client.open(&uri, 1, "It works at the end of the day. You gain at the end of the day.").await;
    let found = client.published(&uri, 1).await;
    let told = client.seen.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert_eq!(places(&found).len(), 2, "{found:?} {told}");
    assert_eq!(found[0]["tags"], json!([1]));
    let actions = client.actions(&uri, range(0, 12, 12)).await;
    let preferred: Vec<&Value> = actions.iter().filter(|it| it["isPreferred"] == true).collect();
    assert_eq!(preferred.len(), 1, "{actions:?}");
    let params = json!({"textDocument": {"uri": uri}, "range": range(0, 0, 0),
        "context": {"diagnostics": [], "only": ["source.fixAll"]}});
    let all = client.ask("textDocument/codeAction", params).await["result"].clone();
    assert_eq!(all.as_array().unwrap().len(), 1);
    assert_eq!(all[0]["kind"], "source.fixAll.replylint");
    // With the space before the words, so that no double space stays.
    let edits =
        json!([{"range": range(0, 8, 30), "newText": ""}, {"range": range(0, 40, 62), "newText": ""}]);
    assert_eq!(all[0]["edit"]["changes"][&uri], edits);
    assert_eq!(client.quit().await, 0);
}

#[tokio::test]
async fn a_finding_can_be_accepted_and_the_text_stays_as_it_is() {
    let folder = Folder::new("accept");
    let uri = folder.uri("drafts/a.txt");
    let mut client = Client::start();
    let root = format!("file://{}", folder.0.display());
    client.ask("initialize", json!({"processId": null, "rootUri": root, "capabilities": {}})).await;
    client.tell("initialized", json!({})).await;
    client.open(&uri, 1, DRAFT).await;
    assert_eq!(client.published(&uri, 1).await.len(), 1);
    let actions = client.actions(&uri, range(2, 30, 30)).await;
    let accept = &actions.iter().find(|it| it.get("command").is_some()).unwrap()["command"];
    let answer = client
        .ask(
            "workspace/executeCommand",
            json!({"command": accept["command"], "arguments": accept["arguments"]}),
        )
        .await;
    assert!(answer.get("error").is_none(), "{answer}");
    assert_eq!(client.published(&uri, 1).await, Vec::<Value>::new());
    let kept = fs::read_to_string(folder.0.join("replylint.toml")).unwrap();
    assert!(kept.contains("path = \"drafts/a.txt\"") && !kept.contains("weeks"), "{kept}");
    // The same words elsewhere are another finding.
    client
        .change(&uri, 2, json!([{"text": format!("Hello Ana, also ready in 4 to 8 weeks.\n\n{DRAFT}")}]))
        .await;
    assert_eq!(client.published(&uri, 2).await.len(), 1);
    assert_eq!(client.quit().await, 0);
}

#[tokio::test]
async fn configuration_is_found_told_and_read_again() {
    let folder = Folder::new("configuration");
    folder.write("a/replylint.toml", "[rules]\nambiguous-estimate = \"error\"\n");
    folder.write("b/replylint.toml", "[rules]\nambiguous-estimate = \"of\"\n");
    let (a, b, config) = (folder.uri("a/x.txt"), folder.uri("b/x.txt"), folder.uri("b/replylint.toml"));
    let mut client = Client::ready(json!({})).await;
    client.open(&a, 1, DRAFT).await;
    assert_eq!(client.published(&a, 1).await[0]["severity"], 1);

    // A broken file is shown in itself; nothing is checked by it.
    client.open(&b, 1, DRAFT).await;
    let is_fault = |message: &Value| {
        message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == config
    };
    let fault = client.wait(is_fault).await["params"]["diagnostics"][0].clone();
    assert_eq!(fault["message"], "unknown severity `of`; did you mean `off`?");
    assert_eq!(fault["range"], range(1, 21, 25));
    let told = client.wait(|message| message["method"] == "window/showMessage").await;
    assert!(told["params"]["message"].as_str().unwrap().contains("b/replylint.toml:2:22"), "{told}");
    assert_eq!(client.published(&b, 1).await, Vec::<Value>::new());

    // Mended: read again at the next change, though nobody watches files for us.
    folder.write("b/replylint.toml", "[rules]\nambiguous-estimate = \"hint\"\n");
    client.change(&b, 2, json!([{"text": DRAFT}])).await;
    assert_eq!(client.published(&b, 2).await[0]["severity"], 4);
    assert_eq!(client.wait(is_fault).await["params"]["diagnostics"], json!([]));

    // Broken again: the last whole one stays in force.
    folder.write("b/replylint.toml", "[rules\n");
    client.tell("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": config, "type": 2}]})).await;
    assert_eq!(client.published(&b, 2).await[0]["severity"], 4);
    assert_eq!(client.wait(is_fault).await["params"]["diagnostics"].as_array().unwrap().len(), 1);

    // The client's settings win over the file.
    let settings = json!({"replylint": {"rules": {"ambiguous-estimate": "off"}}});
    client.tell("workspace/didChangeConfiguration", json!({"settings": settings})).await;
    let is_clear =
        |message: &Value| message["params"]["uri"] == a && message["params"]["diagnostics"] == json!([]);
    client.wait(is_clear).await;
    let settings = json!({"replylint": {"chanel": "chat"}});
    client.tell("workspace/didChangeConfiguration", json!({"settings": settings})).await;
    client
        .wait(|message| {
            message["params"]["message"].as_str().is_some_and(|it| it.contains("did you mean `channel`?"))
        })
        .await;
    assert_eq!(client.quit().await, 0);
}

#[tokio::test]
async fn the_open_folder_is_checked_with_progress() {
    let folder = Folder::new("folder");
    for number in 0..40 {
        folder.write(&format!("macros/{number:02}.txt"), DRAFT);
    }
    folder.write("macros/image.txt", "\u{0}");
    let mut client = Client::start();
    let root = format!("file://{}", folder.0.display());
    client.ask("initialize", json!({"processId": null, "rootUri": root, "capabilities": pulls()})).await;
    client.tell("initialized", json!({})).await;
    // Nobody said that replies lie here.
    let none = client.ask("workspace/diagnostic", json!({"previousResultIds": []})).await;
    assert_eq!(none["result"]["items"], json!([]));

    folder.write("replylint.toml", "");
    let answer =
        client.ask("workspace/diagnostic", json!({"previousResultIds": [], "workDoneToken": "t"})).await;
    let items = answer["result"]["items"].as_array().unwrap().clone();
    assert_eq!(items.len(), 41);
    assert_eq!(items[0]["kind"], "full");
    assert_eq!(items[0]["items"].as_array().unwrap().len(), 1);
    // An answer and a message of the server's own go different ways: the end may come behind the answer.
    client.wait(|it| it["params"]["value"]["kind"] == "end").await;
    let progress: Vec<&Value> = client.seen.iter().filter(|it| it["method"] == "$/progress").collect();
    let kinds: Vec<&str> =
        progress.iter().map(|it| it["params"]["value"]["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["begin", "report", "report", "report"]);
    client.seen.clear();

    // All known: held until something changes, and then only what changed is told in full.
    let known: Vec<Value> =
        items.iter().map(|it| json!({"uri": it["uri"], "value": it["resultId"]})).collect();
    let id = client.request("workspace/diagnostic", json!({"previousResultIds": known})).await;
    assert!(client.receive_soon(A_MOMENT).await.is_none());
    client.open(&folder.uri("macros/07.txt"), 1, "Hello").await;
    let answer = client.wait(|message| message["id"] == id).await;
    let items = answer["result"]["items"].as_array().unwrap();
    let full: Vec<&Value> = items.iter().filter(|it| it["kind"] == "full").collect();
    assert_eq!(full.len(), 1, "{full:?}");
    assert_eq!(full[0]["version"], 1);

    // Held again: the end does not wait for it.
    let known: Vec<Value> =
        items.iter().map(|it| json!({"uri": it["uri"], "value": it["resultId"]})).collect();
    client.request("workspace/diagnostic", json!({"previousResultIds": known})).await;
    assert_eq!(client.quit().await, 0);
}

#[tokio::test]
async fn commands_say_what_is_wrong_with_them() {
    let mut client = Client::ready(json!({})).await;
    let mut run = async |command: &str, argument: Value| {
        let params = json!({"command": command, "arguments": [argument]});
        client.ask("workspace/executeCommand", params).await
    };
    let error = run("replylint.setLanguage", json!({"uri": URI, "language": "hu"})).await;
    assert_eq!(error["error"]["message"], "this document is not open");
    let error = run("replylint.setLanguge", json!({"uri": URI})).await;
    assert_eq!(
        error["error"]["message"],
        "there is no command `replylint.setLanguge`; did you mean `replylint.setLanguage`?"
    );
    let error = run("replylint.setThread", json!({"uri": URI, "custmer": "a secret"})).await.to_string();
    assert!(error.contains("{uri, customer}") && !error.contains("secret"), "{error}");
    assert_eq!(client.quit().await, 0);
}

#[tokio::test]
async fn a_client_that_never_answers_keeps_nothing() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    let mut client = Client::start_with(move |linter: &Linter, thread: &Thread| {
        counted.fetch_add(1, Ordering::Relaxed);
        linter.check(thread)
    });
    client
        .hello(json!({"workspace": {"configuration": true, "didChangeWatchedFiles": {"dynamicRegistration": true},
            "diagnostics": {"refreshSupport": true}, "codeLens": {"refreshSupport": true}}}))
        .await;
    for version in 1..50 {
        client.open(URI, version, DRAFT).await;
        client.published(URI, version).await;
        client.tell("workspace/didChangeWatchedFiles", json!({"changes": []})).await;
    }
    assert!(asked.load(Ordering::Relaxed) >= 49);
    assert_eq!(client.quit().await, 0);
}

#[tokio::test]
async fn a_document_that_was_left_alone_for_long_still_answers() {
    let mut client = Client::ready(json!({})).await;
    for number in 0..100 {
        let uri = format!("untitled:{number}");
        client.open(&uri, 1, DRAFT).await;
        client.published(&uri, 1).await;
    }
    let actions = client.actions("untitled:0", range(2, 30, 30)).await;
    assert!(!actions.is_empty());
    assert_eq!(client.quit().await, 0);
}

#[tokio::test]
async fn an_open_point_is_shown_at_the_customers_words_and_linked_with_the_reply() {
    let mut client =
        Client::ready(json!({"textDocument": {"publishDiagnostics": {"relatedInformation": true}}})).await;
    let text = "Hello Ana,\n\nthank you for your letter, we are glad that you like the lamp and that its light suits your kitchen. Our workshop makes each one by hand from old glass, so that no two of them have the same colour.\n\nOn 4 May 2026 at 10:12, Ana <a@example.com> wrote:\n> 👍 Where is my order 4711?\n";
    client.open(URI, 1, text).await;
    let found = client.published(URI, 1).await;
    let point = found.iter().find(|it| it["code"] == "unanswered-point:point").unwrap();
    assert_eq!(point["range"], range(5, 5, 28), "{point}");
    assert_eq!(point["relatedInformation"][0]["location"]["range"], range(0, 0, 10));
    let summary = found.iter().find(|it| it["code"] == "unanswered-point:summary").unwrap();
    assert_eq!(summary["relatedInformation"][0]["location"]["range"], range(5, 5, 28));
    let symbols = client.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": URI}})).await;
    let symbols = symbols["result"].as_array().unwrap();
    let point = symbols.iter().find(|it| it["detail"] == "open").unwrap();
    assert_eq!(point["name"], "Where is my order 4711?");
    assert_eq!(point["range"], range(5, 5, 28));
    assert_eq!(client.quit().await, 0);
}

#[tokio::test]
async fn front_matter_is_read_and_its_faults_are_shown_at_their_line() {
    let mut client = Client::ready(json!({})).await;
    let uri = "file:///nowhere/reply.md";
    client.open(uri, 1, &format!("---\nignore: [ambiguous-estimate]\n---\n{DRAFT}")).await;
    assert!(places(&client.published(uri, 1).await).iter().all(|it| !it.starts_with("ambiguous")));
    client.change(uri, 2, json!([{"text": format!("---\nchannel: post\n---\n{DRAFT}")}])).await;
    let found = client.published(uri, 2).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["range"], range(1, 0, 13));
    assert_eq!(client.quit().await, 0);
}

/// Whether a client that can edit is asked to, and with what.
async fn edit_asked(client: &mut Client) -> Option<Value> {
    while let Some(message) = client.receive_soon(Duration::from_millis(250)).await {
        if message["method"] == "workspace/applyEdit" {
            return Some(message);
        }
    }
    None
}

#[tokio::test]
async fn only_documents_that_carry_front_matter_are_edited() {
    let mut client = Client::ready(json!({"workspace": {"applyEdit": true}})).await;
    let run = async |client: &mut Client, uri: &str, argument: Value| {
        let mut argument = argument;
        argument["uri"] = json!(uri);
        let params = json!({"command": "replylint.setThread", "arguments": [argument]});
        assert_eq!(client.ask("workspace/executeCommand", params).await["error"], Value::Null);
    };
    client.open(URI, 1, DRAFT).await;
    run(&mut client, URI, json!({"customer": "Where is it?"})).await;
    assert_eq!(edit_asked(&mut client).await, None, "plain text is sent as it is");

    let uri = "file:///nowhere/reply.md";
    client.open(uri, 1, DRAFT).await;
    run(&mut client, uri, json!({"messages": [{"role": "customer", "text": "Where is it?"}]})).await;
    assert_eq!(edit_asked(&mut client).await, None, "front matter holds one message");
    run(&mut client, uri, json!({"customer": "Where is it?", "session": true})).await;
    assert_eq!(edit_asked(&mut client).await, None);
    run(&mut client, uri, json!({"customer": "Where is it?"})).await;
    let asked = edit_asked(&mut client).await.unwrap();
    let edit = &asked["params"]["edit"]["changes"][uri][0];
    assert_eq!(edit["range"], range(0, 0, 0));
    assert_eq!(edit["newText"], "---\ncustomer: |\n  Where is it?\n---\n\n");
    assert_eq!(client.quit().await, 0);
}

#[tokio::test]
async fn pages_are_linked_only_where_they_are() {
    let folder = Folder::new("pages");
    folder.write("docs/ambiguous-estimate.md", "# ambiguous-estimate\n");
    folder.write("replylint.toml", "docs-url = \"docs\"\n");
    folder.write("reply.txt", DRAFT);
    let mut client =
        Client::ready(json!({"textDocument": {"publishDiagnostics": {"codeDescriptionSupport": true}}}))
            .await;
    let uri = folder.uri("reply.txt");
    client.open(&uri, 1, &format!("{DRAFT}\nWE HAVE TOLD YOU THIS BEFORE!!!\n")).await;
    let found = client.published(&uri, 1).await;
    let page = |rule: &str| {
        let finding = found.iter().find(|it| it["code"].as_str().unwrap().starts_with(rule)).unwrap();
        finding["codeDescription"]["href"].clone()
    };
    assert_eq!(page("ambiguous-estimate"), folder.uri("docs/ambiguous-estimate.md"));
    assert_eq!(page("shouting"), Value::Null, "there is no such page");
    assert_eq!(client.quit().await, 0);
}
