//! Commands: what an agent tells about a buffer, and findings that are accepted.
//!
//! Each takes one object with the buffer's `uri`. Errors name what was wrong, never a text.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use replylint::{Channel, Message, Role, did_you_mean};
use replylint_input::{Edit, Matter, write_front_matter};
use replylint_workspace::{CONFIG_NAME, Ignore, find_config};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::lsp_types::{
    DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextEdit, Url,
    WorkspaceEdit,
};

use crate::convert::Text;
use crate::documents::{About, file_path};
use crate::server::{PATIENCE, Server};

const SET_THREAD: &str = "replylint.setThread";
const SET_LANGUAGE: &str = "replylint.setLanguage";
const SET_CHANNEL: &str = "replylint.setChannel";
const IGNORE: &str = "replylint.ignore";

/// The commands that there are.
pub(crate) const NAMES: [&str; 4] = [SET_THREAD, SET_LANGUAGE, SET_CHANNEL, IGNORE];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetThread {
    uri: Url,
    /// One message of the customer.
    customer: Option<String>,
    /// The whole conversation, the oldest message first.
    messages: Option<Vec<GivenMessage>>,
    /// Leave the document as it is.
    #[serde(default)]
    session: bool,
}

#[derive(Deserialize)]
struct GivenMessage {
    role: Role,
    text: String,
    from: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetLanguage {
    uri: Url,
    /// `null` lets it be detected.
    language: Option<String>,
    /// Leave the document as it is.
    #[serde(default)]
    session: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetChannel {
    uri: Url,
    /// `null` takes the configured one.
    channel: Option<Channel>,
    /// Leave the document as it is.
    #[serde(default)]
    session: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IgnoreFinding {
    uri: Url,
    rule: String,
    /// The fingerprint of the flagged words.
    text: String,
}

/// Runs a command.
pub(crate) async fn run(server: &Arc<Server>, name: &str, arguments: Vec<Value>) -> Result<Value> {
    match name {
        SET_THREAD => {
            let given: SetThread =
                read(arguments, "{uri, customer} or {uri, messages: [{role, text, from}]}")?;
            let customer = given.customer.filter(|text| !text.trim().is_empty());
            let mut messages: Vec<Message> =
                customer.iter().map(|text| Message::new(Role::Customer, text.clone())).collect();
            // Front matter holds one message.
            let stays = given.session || given.messages.is_some();
            for message in given.messages.into_iter().flatten() {
                let mut out = Message::new(message.role, message.text);
                out.from = message.from;
                messages.push(out);
            }
            let told = messages.clone();
            let known = about(server, &given.uri, |about| about.messages = messages)?;
            if !stays {
                write(server, &given.uri, Matter::Customer(customer.as_deref()), move |about| {
                    if about.messages == told {
                        about.messages.clear();
                    }
                });
            }
            Ok(known)
        }
        SET_LANGUAGE => {
            let given: SetLanguage = read(arguments, "{uri, language: an ISO 639-1 code or null}")?;
            if let Some(language) = &given.language {
                check_language(server, &given.uri, language)?;
            }
            let told = given.language.clone();
            let known = about(server, &given.uri, |about| about.language.clone_from(&given.language))?;
            if !given.session {
                write(server, &given.uri, Matter::Language(given.language.as_deref()), move |about| {
                    if about.language == told {
                        about.language = None;
                    }
                });
            }
            Ok(known)
        }
        SET_CHANNEL => {
            let given: SetChannel =
                read(arguments, "{uri, channel: \"email\", \"chat\", \"social\", \"review\" or null}")?;
            let told = given.channel;
            let known = about(server, &given.uri, |about| about.channel = told)?;
            if !given.session {
                write(server, &given.uri, Matter::Channel(told), move |about| {
                    if about.channel == told {
                        about.channel = None;
                    }
                });
            }
            Ok(known)
        }
        IGNORE => {
            let given: IgnoreFinding = read(arguments, "{uri, rule, text}")?;
            ignore(server, given)
        }
        _ => Err(Error::invalid_params(match did_you_mean(name, NAMES) {
            Some(near) => format!("there is no command `{name}`; did you mean `{near}`?"),
            None => format!("there is no command `{name}`; there are {}", NAMES.join(", ")),
        })),
    }
}

fn read<T: DeserializeOwned>(arguments: Vec<Value>, shape: &str) -> Result<T> {
    let first = arguments.into_iter().next().unwrap_or_default();
    serde_json::from_value(first)
        .map_err(|_| Error::invalid_params(format!("the command takes one argument: {shape}")))
}

/// Changes what is known about a buffer, and gives back what is known then.
fn about(server: &Arc<Server>, uri: &Url, change: impl FnOnce(&mut About)) -> Result<Value> {
    let known = server.session.about(uri, |about| {
        change(about);
        json!({"language": about.language, "channel": about.channel, "messages": about.messages.len()})
    });
    let known = known.ok_or_else(|| Error::invalid_params("this document is not open"))?;
    server.refresh();
    Ok(known)
}

/// Puts what was told into the document's front matter where it can have one and the client lets the server edit, so
/// that it stays with the draft. Until the client says that it is done, and where it is not, the session knows it.
fn write(
    server: &Arc<Server>,
    uri: &Url,
    matter: Matter<'_>,
    forget: impl FnOnce(&mut About) + Send + 'static,
) {
    if !server.session.client().is_some_and(|client| client.applies_edits) {
        return;
    }
    let Some((text, version)) = server.session.markdown(uri) else { return };
    let edit = match write_front_matter(text.as_str(), matter) {
        Ok(Some(edit)) => edit,
        // The document says so already.
        Ok(None) => {
            server.session.about(uri, forget);
            return;
        }
        Err(_) => return,
    };
    let edit = workspace_edit(server, uri, version, &text, edit);
    let (server, uri) = (server.clone(), uri.clone());
    tokio::spawn(async move {
        let answer = tokio::time::timeout(PATIENCE, server.editor.apply_edit(edit)).await;
        if matches!(answer, Ok(Ok(answer)) if answer.applied) {
            server.session.about(&uri, forget);
            server.refresh();
        }
    });
}

fn workspace_edit(server: &Server, uri: &Url, version: i32, text: &Text, edit: Edit) -> WorkspaceEdit {
    let edit = TextEdit { range: text.range(&edit.span), new_text: edit.text };
    if server.session.client().is_some_and(|client| client.document_changes) {
        let text_document =
            OptionalVersionedTextDocumentIdentifier { uri: uri.clone(), version: Some(version) };
        let edits = vec![OneOf::Left(edit)];
        let changes = DocumentChanges::Edits(vec![TextDocumentEdit { text_document, edits }]);
        return WorkspaceEdit { document_changes: Some(changes), ..WorkspaceEdit::default() };
    }
    WorkspaceEdit::new([(uri.clone(), vec![edit])].into())
}

fn check_language(server: &Server, uri: &Url, language: &str) -> Result<()> {
    let place = server.session.lock().place(uri);
    // Where the configuration is broken, nothing is checked, and any language will do.
    let Some(setup) = server.setups().get(place.as_deref()) else { return Ok(()) };
    let known: Vec<&str> = setup.linter.languages().collect();
    if known.contains(&language) {
        return Ok(());
    }
    Err(Error::invalid_params(match did_you_mean(language, known.iter().copied()) {
        Some(near) => format!("there is no language `{language}`; did you mean `{near}`?"),
        None => format!("there is no language `{language}`; there are {}", known.join(", ")),
    }))
}

fn ignore(server: &Arc<Server>, given: IgnoreFinding) -> Result<Value> {
    let (place, folders) = {
        let state = server.session.lock();
        (state.place(&given.uri), state.folders.clone())
    };
    let place =
        place.ok_or_else(|| Error::invalid_params("there is no folder in which this could be kept"))?;
    let path = file_for(&place, &folders);
    let folder = path.parent().unwrap_or(Path::new("."));
    let file = file_path(&given.uri).and_then(|file| name_below(folder, &file));
    let entry = Ignore::to_toml(&given.rule, file.as_deref(), Some(&given.text));
    append(&path, &entry).map_err(|error| Error::invalid_params(format!("{}: {error}", path.display())))?;
    server.check_again();
    Ok(json!({"file": path}))
}

/// Where an accepted finding is written: the configuration in force, or a new one in the open folder or beside the
/// draft.
fn file_for(place: &Path, folders: &[PathBuf]) -> PathBuf {
    let in_folder = || folders.iter().filter(|folder| place.starts_with(folder)).max().cloned();
    let own_folder = || if place.is_dir() { place } else { place.parent().unwrap_or(place) }.to_owned();
    find_config(place).unwrap_or_else(|| in_folder().unwrap_or_else(own_folder).join(CONFIG_NAME))
}

/// A file's name in the configuration of a folder, with forward slashes; `None` where it does not lie below it.
fn name_below(folder: &Path, file: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = file.strip_prefix(folder).ok()?.iter().map(|part| part.to_str()).collect();
    parts.map(|parts| parts.join("/"))
}

/// Adds lines to a file; it is written beside and moved over, so that nobody reads half of it.
fn append(path: &Path, lines: &str) -> io::Result<()> {
    let text = match fs::read_to_string(path) {
        Ok(text) if !text.is_empty() && !text.ends_with('\n') => format!("{text}\n{lines}"),
        Ok(text) => format!("{text}{lines}"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => lines.trim_start().to_owned(),
        Err(error) => return Err(error),
    };
    let beside = path.with_extension("toml.new");
    fs::write(&beside, text)?;
    fs::rename(&beside, path)
}
