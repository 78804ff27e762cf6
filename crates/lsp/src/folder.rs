//! All drafts of the open folders, whether they are open or not.
//!
//! Only folders that say they hold replies are walked: those with a `replylint.toml`, or all where the client sets
//! `checkFolder`. Nobody wants the README of a program in the list of findings.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use replylint_input::Form;
use replylint_workspace::{CONFIG_NAME, Found, walk};
use tower_lsp::lsp_types::notification::Progress;
use tower_lsp::lsp_types::{
    FullDocumentDiagnosticReport, ProgressParams, ProgressParamsValue, ProgressToken,
    UnchangedDocumentDiagnosticReport, Url, WorkDoneProgress, WorkDoneProgressBegin, WorkDoneProgressEnd,
    WorkDoneProgressReport, WorkspaceDiagnosticParams, WorkspaceDiagnosticReport,
    WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};

use crate::convert::{Encoding, Text};
use crate::documents::{About, Checked, Job, file_path};
use crate::server::Server;
use crate::source::form;

/// So many files are checked before anybody else has a turn.
const BATCH: usize = 16;

/// A request about an unchanged folder is held so long at most: its client would only ask again.
const HOLD: Duration = Duration::from_secs(60);

/// Answers `workspace/diagnostic`.
pub(crate) async fn report(
    server: &Arc<Server>,
    parameters: WorkspaceDiagnosticParams,
) -> WorkspaceDiagnosticReport {
    let previous: HashMap<Url, String> =
        parameters.previous_result_ids.into_iter().map(|known| (known.uri, known.value)).collect();
    let mut token = parameters.work_done_progress_params.work_done_token;
    loop {
        let mut changes = server.session.changes();
        let (items, is_news) = walk_once(server, &previous, token.take()).await;
        if is_news || previous.is_empty() || server.session.has_ended() {
            return WorkspaceDiagnosticReport { items };
        }
        let changed = tokio::time::timeout(HOLD, changes.changed()).await;
        if changed.is_err() {
            return WorkspaceDiagnosticReport { items };
        }
    }
}

/// Checks everything once; whether the client does not know all of it yet.
async fn walk_once(
    server: &Arc<Server>,
    previous: &HashMap<Url, String>,
    token: Option<ProgressToken>,
) -> (Vec<WorkspaceDocumentDiagnosticReport>, bool) {
    let files = files(server).await;
    let mut items = Vec::new();
    let mut is_news = false;
    let tell = |value: WorkDoneProgress| {
        let token = token.clone();
        async move {
            if let Some(token) = token {
                let value = ProgressParamsValue::WorkDone(value);
                server.editor.send_notification::<Progress>(ProgressParams { token, value }).await;
            }
        }
    };
    tell(WorkDoneProgress::Begin(WorkDoneProgressBegin {
        title: "Checking replies".to_owned(),
        cancellable: Some(false),
        message: None,
        percentage: Some(0),
    }))
    .await;
    let mut unseen: HashMap<Url, String> = previous.clone();
    for (number, batch) in files.chunks(BATCH).enumerate() {
        if server.session.has_ended() {
            break;
        }
        for checked in check_batch(server, batch.to_vec()).await {
            let (uri, version, checked) = checked;
            let known = unseen.remove(&uri);
            let is_known = known.as_ref() == Some(&checked.result_id);
            is_news |= !is_known;
            items.push(if is_known {
                unchanged(uri, version, &checked)
            } else {
                full(uri, version, &checked)
            });
        }
        let done = (number * BATCH + batch.len()) * 100 / files.len();
        tell(WorkDoneProgress::Report(WorkDoneProgressReport {
            percentage: u32::try_from(done).ok(),
            ..WorkDoneProgressReport::default()
        }))
        .await;
    }
    // What is gone has no findings any more.
    for uri in unseen.into_keys() {
        is_news = true;
        let report = FullDocumentDiagnosticReport { result_id: None, items: Vec::new() };
        items.push(WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
            uri,
            version: None,
            full_document_diagnostic_report: report,
        }));
    }
    let message = Some(match files.len() {
        1 => "1 reply".to_owned(),
        count => format!("{count} replies"),
    });
    tell(WorkDoneProgress::End(WorkDoneProgressEnd { message })).await;
    (items, is_news)
}

/// Whether a file holds one reply.
fn is_draft(path: &Path) -> bool {
    matches!(Form::of_path(path), Some(Form::Text | Form::Markdown | Form::Mail))
}

async fn files(server: &Arc<Server>) -> Vec<PathBuf> {
    let (folders, is_wanted) = {
        let state = server.session.lock();
        (state.folders.clone(), state.settings.check_folder)
    };
    let walked = tokio::task::spawn_blocking(move || {
        let mut files: Vec<PathBuf> = folders
            .iter()
            .filter(|folder| is_wanted || folder.join(CONFIG_NAME).is_file())
            .flat_map(|folder| walk(folder, is_draft))
            .filter_map(|found| match found {
                Found::File(path) => Some(path),
                _ => None,
            })
            .collect();
        files.sort();
        files.dedup();
        files
    });
    walked.await.unwrap_or_default()
}

type Result = (Url, Option<i64>, Arc<Checked>);

async fn check_batch(server: &Arc<Server>, paths: Vec<PathBuf>) -> Vec<Result> {
    let mut results = Vec::new();
    let mut closed = Vec::new();
    for path in paths {
        let Ok(uri) = Url::from_file_path(&path) else { continue };
        // What is open counts as it stands in the editor.
        let is_open = server.session.lock().documents.contains_key(&uri);
        match is_open {
            true => {
                if let Some(checked) = server.session.newest(&uri).await {
                    results.push((uri, Some(checked.version.into()), checked));
                }
            }
            false => closed.push((uri, path)),
        }
    }
    let given = server.clone();
    let checked = tokio::task::spawn_blocking(move || {
        let mut news = Vec::new();
        let mut results: Vec<Result> = Vec::new();
        for (uri, path) in closed {
            if let Some((checked, told)) = check_file(&given, &uri, &path) {
                news.extend(told);
                results.push((uri, None, Arc::new(checked)));
            }
        }
        (results, news)
    });
    if let Ok((checked, news)) = checked.await {
        server.tell_news(news).await;
        results.extend(checked);
    }
    results
}

fn check_file(server: &Server, uri: &Url, path: &Path) -> Option<(Checked, Vec<crate::setups::FileState>)> {
    // What is no text is no reply; the command line names it.
    let text = String::from_utf8(std::fs::read(path).ok()?).ok()?;
    let form = form("", &path.to_string_lossy(), &text)?;
    let encoding = server.session.client().map_or(Encoding::Utf16, |client| client.encoding);
    Some(server.check(&Job {
        uri: uri.clone(),
        version: 0,
        revision: 0,
        text: Arc::new(Text::new(text, encoding)),
        form,
        about: About::default(),
        place: file_path(uri),
    }))
}

fn full(uri: Url, version: Option<i64>, checked: &Checked) -> WorkspaceDocumentDiagnosticReport {
    WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
        uri,
        version,
        full_document_diagnostic_report: FullDocumentDiagnosticReport {
            result_id: Some(checked.result_id.clone()),
            items: checked.diagnostics.clone(),
        },
    })
}

fn unchanged(uri: Url, version: Option<i64>, checked: &Checked) -> WorkspaceDocumentDiagnosticReport {
    WorkspaceDocumentDiagnosticReport::Unchanged(WorkspaceUnchangedDocumentDiagnosticReport {
        uri,
        version,
        unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport {
            result_id: checked.result_id.clone(),
        },
    })
}
