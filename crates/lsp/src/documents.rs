//! What the session knows: recorded by the handlers, read by the worker. Nothing here waits.

use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use replylint::{Channel, Finding, Message, Point};
use replylint_input::Form;
use tokio::sync::{Notify, watch};
use tower_lsp::lsp_types::{Diagnostic, TextDocumentContentChangeEvent, Url};

use crate::client::{Client, Settings};
use crate::convert::{Encoding, Text};
use crate::source::{Source, form};

/// Results of so many documents are kept; who has more open looks at few of them, and a result is larger than its text.
const KEPT: usize = 64;

/// What an agent told about a buffer by command.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct About {
    pub language: Option<String>,
    pub channel: Option<Channel>,
    pub messages: Vec<Message>,
}

/// A document that is open in the editor.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub version: i32,
    /// Grows with everything that may change the findings.
    pub revision: u64,
    /// What it holds; `None` where it is no prose.
    pub form: Option<Form>,
    pub text: Arc<Text>,
    pub about: About,
    /// The newest result, maybe of an older revision.
    pub checked: Option<Arc<Checked>>,
}

/// What a check found.
#[derive(Debug)]
pub(crate) struct Checked {
    pub revision: u64,
    pub version: i32,
    pub text: Arc<Text>,
    pub source: Source,
    pub language: Option<String>,
    /// The findings that are shown, in the order of `diagnostics`.
    pub findings: Vec<Finding>,
    /// The customer's points.
    pub points: Vec<Point>,
    /// From 0 to 100; `None` where the reply's language is none of ours.
    pub score: Option<u8>,
    pub diagnostics: Vec<Diagnostic>,
    /// The same for the same diagnostics.
    pub result_id: String,
    /// What the text quotes, once somebody has asked for it.
    pub quotes: OnceLock<Vec<Range<usize>>>,
}

/// Something that the worker is to do.
#[derive(Debug)]
pub(crate) enum Work {
    /// Check a text.
    Check(Job),
    /// Take back what is shown of a document.
    Clear(Url),
}

/// Something that is to be checked.
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub uri: Url,
    pub version: i32,
    pub revision: u64,
    pub text: Arc<Text>,
    pub form: Form,
    pub about: About,
    /// Where configuration is looked for.
    pub place: Option<PathBuf>,
}

/// All that handlers record.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub client: Option<Arc<Client>>,
    pub settings: Arc<Settings>,
    pub folders: Vec<PathBuf>,
    pub documents: HashMap<Url, Document>,
    /// Documents to check, the oldest change first.
    queue: VecDeque<Url>,
    /// What the worker checks at this moment.
    working_on: Option<Url>,
    /// Documents whose result is kept, the one that was checked last at the end.
    kept: VecDeque<Url>,
    /// Documents that were closed and whose findings are still shown.
    closed: VecDeque<Url>,
    revision: u64,
    /// The settings or files have changed since the worker looked.
    pub settings_changed: bool,
    /// `initialize` was answered.
    pub is_initialized: bool,
    pub shut_down: bool,
    has_ended: bool,
}

impl State {
    fn encoding(&self) -> Encoding {
        self.client.as_ref().map_or(Encoding::Utf16, |client| client.encoding)
    }

    fn queue(&mut self, uri: &Url) {
        self.revision += 1;
        let revision = self.revision;
        if let Some(document) = self.documents.get_mut(uri) {
            document.revision = revision;
            if !self.queue.contains(uri) {
                self.queue.push_back(uri.clone());
            }
        }
    }

    /// Where a document's configuration is looked for: its file, or the first folder for one that has none.
    pub fn place(&self, uri: &Url) -> Option<PathBuf> {
        file_path(uri).or_else(|| self.folders.first().cloned())
    }
}

/// The file that an address names.
pub(crate) fn file_path(uri: &Url) -> Option<PathBuf> {
    (uri.scheme() == "file").then(|| uri.to_file_path().ok()).flatten()
}

/// The session's state, with what tells others that it has changed.
#[derive(Debug)]
pub(crate) struct Session {
    state: Mutex<State>,
    /// There is something to check.
    work: Notify,
    /// Something was checked, closed or ended.
    done: watch::Sender<u64>,
}

impl Session {
    pub fn new() -> Self {
        Session { state: Mutex::new(State::default()), work: Notify::new(), done: watch::Sender::new(0) }
    }

    /// The state. Held for moments only, and never while waiting.
    pub fn lock(&self) -> MutexGuard<'_, State> {
        // A handler that panicked left whole values behind: each change is one assignment.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn client(&self) -> Option<Arc<Client>> {
        self.lock().client.clone()
    }

    pub fn open(&self, uri: Url, language_id: &str, version: i32, text: String) {
        let mut state = self.lock();
        let text = Arc::new(Text::new(text, state.encoding()));
        // Opening again what is open keeps what was told about it.
        let about = state.documents.remove(&uri).map(|document| document.about).unwrap_or_default();
        let form = form(language_id, uri.path(), text.as_str());
        let document = Document { version, revision: 0, form, text, about, checked: None };
        state.documents.insert(uri.clone(), document);
        state.queue(&uri);
        drop(state);
        self.work.notify_one();
    }

    pub fn change(&self, uri: &Url, version: i32, changes: Vec<TextDocumentContentChangeEvent>) {
        let mut state = self.lock();
        let Some(document) = state.documents.get_mut(uri) else { return };
        let text = Arc::make_mut(&mut document.text);
        for change in changes {
            text.edit(change.range.as_ref(), &change.text);
        }
        document.version = version;
        state.queue(uri);
        drop(state);
        self.work.notify_one();
    }

    /// Forgets a document.
    pub fn close(&self, uri: &Url) {
        let mut state = self.lock();
        if state.documents.remove(uri).is_some() {
            state.closed.push_back(uri.clone());
        }
        drop(state);
        self.work.notify_one();
        self.tell();
    }

    /// Changes what is known about a buffer and checks it again; `None` where it is not open.
    pub fn about<T>(&self, uri: &Url, change: impl FnOnce(&mut About) -> T) -> Option<T> {
        let mut state = self.lock();
        let result = change(&mut state.documents.get_mut(uri)?.about);
        state.queue(uri);
        drop(state);
        self.work.notify_one();
        Some(result)
    }

    /// The text and version of a document that may have front matter.
    pub fn markdown(&self, uri: &Url) -> Option<(Arc<Text>, i32)> {
        let state = self.lock();
        let document = state.documents.get(uri)?;
        (document.form == Some(Form::Markdown)).then(|| (document.text.clone(), document.version))
    }

    /// Reads the files again and checks everything that is open.
    pub fn check_all(&self) {
        let mut state = self.lock();
        state.settings_changed = true;
        let mut uris: Vec<Url> = state.documents.keys().cloned().collect();
        uris.sort();
        for uri in &uris {
            state.queue(uri);
        }
        drop(state);
        self.work.notify_one();
    }

    pub fn shut_down(&self) {
        self.lock().shut_down = true;
        self.tell();
    }

    /// Tells those who wait that nothing more will come.
    pub fn tell_end(&self) {
        self.lock().has_ended = true;
        self.tell();
    }

    pub fn has_ended(&self) -> bool {
        let state = self.lock();
        state.has_ended || state.shut_down
    }

    /// Waits until there may be something to check.
    pub async fn wait_for_work(&self) {
        self.work.notified().await;
    }

    /// The next thing to do.
    pub fn next_work(&self) -> Option<Work> {
        let mut state = self.lock();
        if let Some(uri) = state.closed.pop_front() {
            return Some(Work::Clear(uri));
        }
        while let Some(uri) = state.queue.pop_front() {
            let place = state.place(&uri);
            if let Some(document) = state.documents.get(&uri)
                && let Some(form) = document.form
            {
                let job = Job {
                    form,
                    version: document.version,
                    revision: document.revision,
                    text: document.text.clone(),
                    about: document.about.clone(),
                    place,
                    uri: uri.clone(),
                };
                state.working_on = Some(uri);
                return Some(Work::Check(job));
            }
        }
        None
    }

    /// Keeps a result unless the document has changed meanwhile; whether it was kept.
    pub fn keep(&self, uri: &Url, checked: Arc<Checked>) -> bool {
        let mut state = self.lock();
        state.working_on = None;
        let is_newest = match state.documents.get_mut(uri) {
            Some(document) if document.revision == checked.revision => {
                document.checked = Some(checked);
                true
            }
            _ => false,
        };
        if is_newest {
            state.kept.retain(|kept| kept != uri);
            state.kept.push_back(uri.clone());
            if state.kept.len() > KEPT
                && let Some(oldest) = state.kept.pop_front()
                && let Some(document) = state.documents.get_mut(&oldest)
            {
                document.checked = None;
            }
        }
        drop(state);
        self.tell();
        is_newest
    }

    /// The result for a document's newest text, waited for where need be; `None` where it is not open or no
    /// prose.
    pub async fn newest(&self, uri: &Url) -> Option<Arc<Checked>> {
        let mut done = self.done.subscribe();
        loop {
            {
                let mut state = self.lock();
                if state.shut_down {
                    return None;
                }
                let document = state.documents.get(uri).filter(|document| document.form.is_some())?;
                if let Some(checked) = document.checked.as_ref().filter(|it| it.revision == document.revision)
                {
                    return Some(checked.clone());
                }
                if state.working_on.as_ref() != Some(uri) && !state.queue.contains(uri) {
                    // Its result was given up for newer ones.
                    state.queue.push_back(uri.clone());
                    self.work.notify_one();
                }
            }
            done.changed().await.ok()?;
        }
    }

    /// Tells those who wait to look again.
    pub fn tell(&self) {
        self.done.send_modify(|count| *count += 1);
    }

    /// Waits until something was checked, closed or ended.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.done.subscribe()
    }
}
