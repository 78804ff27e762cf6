//! What the parts of the server share, and checking itself.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use replylint::{Linter, PackError, Report, Thread};
use serde_json::Value;
use tower_lsp::lsp_types::notification::Notification;
use tower_lsp::lsp_types::request::Request;
use tower_lsp::lsp_types::{Diagnostic, DiagnosticSeverity, MessageType, Url};

use crate::client::Settings;
use crate::convert::{Encoding, Text};
use crate::diagnostics::{self, SOURCE, Shown};
use crate::documents::{Checked, Job, Session};
use crate::outline;
use crate::setups::{FileState, Setups};
use crate::source::Source;

/// How a thread is checked; tests put slow and broken checks in its place.
pub(crate) type Check = Arc<dyn Fn(&Linter, &Thread) -> Report + Send + Sync>;

/// A client that has not answered for so long will not answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// `replylint/status`: what a status bar shows of a document. Sent to clients that ask for it.
pub(crate) enum Status {}

impl Notification for Status {
    type Params = Value;
    const METHOD: &'static str = "replylint/status";
}

/// The server.
pub(crate) struct Server {
    pub session: Session,
    pub editor: tower_lsp::Client,
    check: Check,
    setups: Mutex<Setups>,
    /// Broken files and the document that shows the fault.
    faults: Mutex<HashMap<PathBuf, Url>>,
}

impl Server {
    pub fn new(editor: tower_lsp::Client, check: Check) -> Self {
        Server { session: Session::new(), editor, check, setups: Mutex::default(), faults: Mutex::default() }
    }

    pub fn setups(&self) -> MutexGuard<'_, Setups> {
        self.setups.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Checks one text. Runs for as long as it takes, so never on the thread that answers.
    pub fn check(&self, job: &Job) -> (Checked, Vec<FileState>) {
        let (client, settings) = {
            let mut state = self.session.lock();
            let has_changed = std::mem::take(&mut state.settings_changed);
            (state.client.clone(), has_changed.then(|| state.settings.clone()))
        };
        let (setup, news) = {
            let mut setups = self.setups();
            if let Some(settings) = settings {
                setups.set(Settings::clone(&settings));
            }
            (setups.get(job.place.as_deref()), setups.take_news())
        };
        let (source, fault) = match Source::read(&job.text, job.form, &job.about) {
            Ok(Some(source)) => (source, None),
            // Something that holds no reply: a mail that nobody has answered yet.
            Ok(None) => return (nothing(job), news),
            Err(error) => (Source::plain(&job.text), Some(error)),
        };
        let docs_url = setup.as_ref().and_then(|setup| setup.docs_url.clone());
        let mut report = Report::default();
        if let Some(setup) = setup.filter(|_| fault.is_none()) {
            report = (self.check)(&setup.linter, &source.thread);
            let file = crate::documents::file_path(&job.uri);
            let findings = std::mem::take(&mut report.findings);
            report.findings =
                setup.suppressions.apply(file.as_deref(), &source.ignore, &source.thread, findings).0;
            setup.linter.rescore(&mut report);
        }
        let (findings, elsewhere) = diagnostics::shown(report.findings, &source);
        let mut diagnostics = client.map_or_else(Vec::new, |client| {
            let docs_url = docs_url.as_deref();
            Shown { source: &source, text: &job.text, uri: &job.uri, client: &client, docs_url }
                .diagnostics(&findings, &elsewhere)
        });
        diagnostics.extend(fault.map(|error| diagnostics::fault(&error, &job.text)));
        let checked = Checked {
            revision: job.revision,
            version: job.version,
            text: job.text.clone(),
            source,
            language: report.language,
            findings,
            points: report.points,
            score: report.score.map(|score| score.total),
            result_id: diagnostics::result_id(&diagnostics),
            diagnostics,
            quotes: OnceLock::new(),
        };
        (checked, news)
    }

    /// Does what the session records, one after the other, until the session ends.
    pub async fn work(self: Arc<Self>) {
        loop {
            self.session.wait_for_work().await;
            while let Some(work) = self.session.next_work() {
                match work {
                    crate::documents::Work::Check(job) => self.check_and_show(job).await,
                    crate::documents::Work::Clear(uri) => {
                        if self.session.client().is_some_and(|client| !client.pulls) {
                            self.editor.publish_diagnostics(uri, Vec::new(), None).await;
                        }
                    }
                }
            }
        }
    }

    async fn check_and_show(self: &Arc<Self>, job: Job) {
        let job = Arc::new(job);
        let (server, given) = (self.clone(), job.clone());
        let result = tokio::task::spawn_blocking(move || server.check(&given)).await;
        let (checked, news) = match result {
            Ok(result) => result,
            Err(_) => {
                let message = format!(
                    "a check of {} bytes was given up: a fault in replylint",
                    job.text.as_str().len()
                );
                self.editor.log_message(MessageType::ERROR, message).await;
                (nothing(&job), Vec::new())
            }
        };
        self.tell_news(news).await;
        let checked = Arc::new(checked);
        // A newer text waits already: what was found in the old one is of no use to anybody.
        if !self.session.keep(&job.uri, checked.clone()) {
            return;
        }
        let Some(client) = self.session.client() else { return };
        if !client.pulls {
            let (uri, version) = (job.uri.clone(), Some(checked.version));
            self.editor.publish_diagnostics(uri, checked.diagnostics.clone(), version).await;
        }
        if client.status {
            self.editor.send_notification::<Status>(outline::status(&checked, job.uri.as_str())).await;
        }
    }

    /// Shows faults of configuration files in those files, and takes back what is mended.
    pub async fn tell_news(&self, news: Vec<FileState>) {
        for state in news {
            let old = self.faults().remove(&state.path);
            let mut shown = None;
            if let Some(error) = &state.fault {
                self.editor.show_message(MessageType::ERROR, format!("replylint: {error}")).await;
                shown = self.show_fault(error).await;
            }
            if let Some(old) = old.filter(|old| shown.as_ref() != Some(old)) {
                self.editor.publish_diagnostics(old, Vec::new(), None).await;
            }
            if let Some(shown) = shown {
                self.faults().insert(state.path, shown);
            }
        }
    }

    fn faults(&self) -> MutexGuard<'_, HashMap<PathBuf, Url>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn show_fault(&self, error: &PackError) -> Option<Url> {
        let path = std::path::absolute(Path::new(&error.path)).ok().filter(|path| path.is_file())?;
        let uri = Url::from_file_path(&path).ok()?;
        let encoding = self.session.client().map_or(Encoding::Utf16, |client| client.encoding);
        let text = Text::new(std::fs::read_to_string(&path).unwrap_or_default(), encoding);
        let message = match &error.help {
            Some(help) => format!("{}; {help}", error.message),
            None => error.message.clone(),
        };
        let diagnostic = Diagnostic {
            range: text.range(&error.span),
            severity: Some(DiagnosticSeverity::ERROR),
            source: Some(SOURCE.to_owned()),
            message,
            ..Diagnostic::default()
        };
        self.editor.publish_diagnostics(uri.clone(), vec![diagnostic], None).await;
        Some(uri)
    }

    /// Asks the client something, without anybody waiting for it here.
    pub fn ask<R: Request>(self: &Arc<Self>, parameters: R::Params)
    where
        R::Params: Send + 'static,
        R::Result: Send,
    {
        let server = self.clone();
        tokio::spawn(async move {
            // A client that refuses or stays silent goes without.
            let _ = tokio::time::timeout(PATIENCE, server.editor.send_request::<R>(parameters)).await;
        });
    }

    /// Lets the client ask again for what it asked for before.
    pub fn refresh(self: &Arc<Self>) {
        use tower_lsp::lsp_types::request::{CodeLensRefresh, WorkspaceDiagnosticRefresh};
        let Some(client) = self.session.client() else { return };
        if client.pulls && client.refreshes_diagnostics {
            self.ask::<WorkspaceDiagnosticRefresh>(());
        }
        if client.refreshes_lenses {
            self.ask::<CodeLensRefresh>(());
        }
    }

    /// Reads all files again, checks what is open and lets the client ask again.
    pub fn check_again(self: &Arc<Self>) {
        self.session.check_all();
        self.refresh();
    }

    /// Takes the settings that a client sent; whether they are other ones than before.
    pub fn take_settings(self: &Arc<Self>, value: &Value) -> bool {
        match Settings::read(value) {
            Ok(settings) => {
                let mut state = self.session.lock();
                let has_changed = *state.settings != settings;
                state.settings = Arc::new(settings);
                state.settings_changed |= has_changed;
                has_changed
            }
            Err(message) => {
                let server = self.clone();
                tokio::spawn(async move {
                    server.editor.show_message(MessageType::WARNING, format!("replylint: {message}")).await;
                });
                false
            }
        }
    }

    /// Asks for the client's settings and takes them when they come.
    pub fn fetch_settings(self: &Arc<Self>) {
        use tower_lsp::lsp_types::ConfigurationItem;
        let server = self.clone();
        tokio::spawn(async move {
            let item = ConfigurationItem { scope_uri: None, section: Some("replylint".to_owned()) };
            let answer = tokio::time::timeout(PATIENCE, server.editor.configuration(vec![item])).await;
            if let Ok(Ok(values)) = answer
                && let Some(value) = values.first().filter(|value| !value.is_null())
                && server.take_settings(value)
            {
                server.check_again();
            }
        });
    }
}

/// What is kept of a text whose check was given up.
fn nothing(job: &Job) -> Checked {
    Checked {
        revision: job.revision,
        version: job.version,
        text: job.text.clone(),
        source: Source::plain(&job.text),
        language: None,
        findings: Vec::new(),
        points: Vec::new(),
        score: None,
        diagnostics: Vec::new(),
        result_id: diagnostics::result_id(&[]),
        quotes: OnceLock::new(),
    }
}

/// Runs what must not take the session down with it.
pub(crate) fn guarded<T>(run: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(run)).ok()
}
