//! Commands: what an agent tells about a buffer, and findings that are accepted.
//!
//! Each takes one object with the buffer's `uri`. Errors name what was wrong, never a text.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use replylint::{Channel, Message, Role, did_you_mean};
use replylint_workspace::{CONFIG_NAME, Ignore, find_config};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::lsp_types::Url;

use crate::documents::{About, file_path};
use crate::server::Server;

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
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetChannel {
    uri: Url,
    /// `null` takes the configured one.
    channel: Option<Channel>,
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
            let mut messages: Vec<Message> = given
                .customer
                .filter(|text| !text.trim().is_empty())
                .map(|text| Message::new(Role::Customer, text))
                .into_iter()
                .collect();
            for message in given.messages.into_iter().flatten() {
                let mut out = Message::new(message.role, message.text);
                out.from = message.from;
                messages.push(out);
            }
            about(server, &given.uri, |about| about.messages = messages)
        }
        SET_LANGUAGE => {
            let given: SetLanguage = read(arguments, "{uri, language: an ISO 639-1 code or null}")?;
            if let Some(language) = &given.language {
                check_language(server, &given.uri, language)?;
            }
            about(server, &given.uri, |about| about.language = given.language)
        }
        SET_CHANNEL => {
            let given: SetChannel =
                read(arguments, "{uri, channel: \"email\", \"chat\", \"social\", \"review\" or null}")?;
            about(server, &given.uri, |about| about.channel = given.channel)
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
