//! What the client can do and what it wants, read from its raw messages: the typed ones leave newer capabilities out
//! and misspell others.

use std::collections::BTreeMap;
use std::path::PathBuf;

use replylint::{Channel, did_you_mean};
use serde::Deserialize;
use serde_json::Value;

use crate::convert::Encoding;

/// How a client takes templates whose gaps are jumped to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Snippets {
    /// Not at all.
    No,
    /// As LSP 3.18 has them.
    Standard,
    /// As clients had them before: a text edit that says that its text is a snippet.
    Experimental,
}

/// What a client said of itself in `initialize`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Client {
    pub encoding: Encoding,
    /// It asks for diagnostics, so none are sent to it unasked.
    pub pulls: bool,
    pub refreshes_diagnostics: bool,
    pub refreshes_lenses: bool,
    pub document_changes: bool,
    pub snippets: Snippets,
    /// It takes templates with gaps as completions.
    pub completion_snippets: bool,
    /// It lets the server change documents.
    pub applies_edits: bool,
    /// The language of the editor: an ISO 639-1 code.
    pub locale: Option<String>,
    pub markdown_hover: bool,
    pub tags: bool,
    pub code_description: bool,
    pub related_information: bool,
    pub preferred_actions: bool,
    pub progress: bool,
    pub configuration: bool,
    pub watches_files: bool,
    /// It asked for `replylint/status`.
    pub status: bool,
}

impl Client {
    /// Reads the parameters of `initialize`.
    pub fn read(parameters: &Value) -> Self {
        let capabilities = &parameters["capabilities"];
        let is = |path: &str| capabilities.pointer(path).and_then(Value::as_bool).unwrap_or(false);
        let has = |path: &str| capabilities.pointer(path).is_some_and(|value| !value.is_null());
        let strings = |path: &str| -> Vec<&str> {
            let list = capabilities.pointer(path).and_then(Value::as_array);
            list.into_iter().flatten().filter_map(Value::as_str).collect()
        };
        Client {
            encoding: Encoding::negotiate(strings("/general/positionEncodings")),
            pulls: has("/textDocument/diagnostic"),
            // The specification's word is the plural; some clients wrote the singular.
            refreshes_diagnostics: is("/workspace/diagnostics/refreshSupport")
                || is("/workspace/diagnostic/refreshSupport"),
            refreshes_lenses: is("/workspace/codeLens/refreshSupport"),
            document_changes: is("/workspace/workspaceEdit/documentChanges"),
            snippets: if is("/workspace/workspaceEdit/snippetEditSupport") {
                Snippets::Standard
            } else if is("/experimental/snippetTextEdit") {
                Snippets::Experimental
            } else {
                Snippets::No
            },
            completion_snippets: is("/textDocument/completion/completionItem/snippetSupport"),
            applies_edits: is("/workspace/applyEdit"),
            locale: parameters["locale"].as_str().map(|locale| {
                let end = locale.find(['-', '_', '.']).unwrap_or(locale.len());
                locale[..end].to_ascii_lowercase()
            }),
            markdown_hover: strings("/textDocument/hover/contentFormat").first() == Some(&"markdown"),
            tags: has("/textDocument/publishDiagnostics/tagSupport")
                || has("/textDocument/diagnostic/tagSupport"),
            code_description: is("/textDocument/publishDiagnostics/codeDescriptionSupport")
                || is("/textDocument/diagnostic/codeDescriptionSupport"),
            related_information: is("/textDocument/publishDiagnostics/relatedInformation")
                || is("/textDocument/diagnostic/relatedInformation"),
            preferred_actions: is("/textDocument/codeAction/isPreferredSupport"),
            progress: is("/window/workDoneProgress"),
            configuration: is("/workspace/configuration"),
            watches_files: is("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            status: parameters["initializationOptions"]["status"].as_bool().unwrap_or(false),
        }
    }
}

/// What the client sets beyond `replylint.toml`; it wins over the file, as the options of the command line do.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Settings {
    /// The configuration file of all documents; looked for upward from each document otherwise.
    pub configuration_file: Option<PathBuf>,
    /// The language of all drafts; detected otherwise.
    pub language: Option<String>,
    pub channel: Option<Channel>,
    pub strict: bool,
    /// Rule → `off` or a severity.
    pub rules: BTreeMap<String, String>,
    /// Where the rules' pages are: an address with its scheme, or an absolute folder; no links otherwise.
    pub docs_url: Option<String>,
    /// Check all drafts of the open folders, not only those that are open.
    pub check_folder: bool,
}

/// The keys of [`Settings`].
const KEYS: [&str; 7] =
    ["configurationFile", "language", "channel", "strict", "rules", "docsUrl", "checkFolder"];
/// What extensions keep in the same section for themselves.
const KEYS_OF_EXTENSIONS: [&str; 5] = ["path", "trace", "status", "enable", "languageIds"];

impl Settings {
    /// Reads the settings from what a client sent: the section itself, or an object with it under `replylint`.
    ///
    /// # Errors
    /// Where a key or value is not understood; the message names it. The other keys are not taken either.
    pub fn read(value: &Value) -> Result<Self, String> {
        let section = value.get("replylint").unwrap_or(value);
        let Some(object) = section.as_object() else { return Ok(Settings::default()) };
        let mut known = serde_json::Map::new();
        for (key, value) in object {
            if KEYS.contains(&key.as_str()) {
                // A key without a value keeps the default: editors send their whole schema.
                if !value.is_null() && value.as_str() != Some("") {
                    known.insert(key.clone(), value.clone());
                }
            } else if !KEYS_OF_EXTENSIONS.contains(&key.as_str()) {
                return Err(match did_you_mean(key, KEYS) {
                    Some(near) => format!("unknown setting `replylint.{key}`; did you mean `{near}`?"),
                    None => format!("unknown setting `replylint.{key}`; there are {}", KEYS.join(", ")),
                });
            }
        }
        let read = |(key, value): (&String, &Value)| {
            let one = serde_json::Map::from_iter([(key.clone(), value.clone())]);
            serde_json::from_value::<Settings>(Value::Object(one))
                .map_err(|error| format!("setting `replylint.{key}`: {error}"))
        };
        // One by one first, so that the message names the key.
        for entry in &known {
            read(entry)?;
        }
        serde_json::from_value(Value::Object(known)).map_err(|error| format!("settings: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Client, Settings, Snippets};

    #[test]
    fn refresh_support_is_read_from_the_plural() {
        let client = Client::read(&json!({"capabilities": {
            "workspace": {"diagnostics": {"refreshSupport": true}},
            "textDocument": {"diagnostic": {}},
            "experimental": {"snippetTextEdit": true},
        }}));
        assert!(client.refreshes_diagnostics && client.pulls);
        assert_eq!(client.snippets, Snippets::Experimental);
        assert!(!Client::read(&json!({"capabilities": {}})).pulls);
        assert!(!Client::read(&json!(null)).pulls);
    }

    #[test]
    fn settings_say_what_is_wrong_with_them() {
        let read = |value| Settings::read(&value);
        assert!(read(json!(null)).is_ok());
        assert!(read(json!({"replylint": {"strict": true, "language": "", "path": "x"}})).unwrap().strict);
        assert_eq!(
            read(json!({"chanel": "chat"})).unwrap_err(),
            "unknown setting `replylint.chanel`; did you mean `channel`?"
        );
        assert!(read(json!({"channel": "post"})).unwrap_err().starts_with("setting `replylint.channel`: "));
    }

    #[test]
    fn every_setting_is_documented_and_in_the_extension() {
        let page = include_str!("../../../docs/lsp.md");
        let package: serde_json::Value =
            serde_json::from_str(include_str!("../../../editors/vscode/package.json")).unwrap();
        let offered = package["contributes"]["configuration"]["properties"].as_object().unwrap();
        for key in super::KEYS {
            assert!(page.contains(&format!("`{key}`")), "docs/lsp.md does not name {key}");
            assert!(offered.contains_key(&format!("replylint.{key}")), "the extension does not offer {key}");
        }
        for key in offered.keys() {
            let key = key.trim_start_matches("replylint.").split('.').next().unwrap();
            let is_known = super::KEYS.contains(&key) || super::KEYS_OF_EXTENSIONS.contains(&key);
            assert!(is_known, "the server does not know {key}");
        }
    }
}
