//! The typed handlers. Each records or reads; what takes time is the worker's.

use std::sync::Arc;

use serde_json::Value;
use tower_lsp::LanguageServer;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::lsp_types::*;

use crate::actions::FIX_ALL;
use crate::server::Server;
use crate::{commands, completion, folder, hover, outline};
use replylint_workspace::CONFIG_NAME;

/// The server as the transport sees it.
pub(crate) struct Handlers {
    pub server: Arc<Server>,
}

#[tower_lsp::async_trait]
impl LanguageServer for Handlers {
    async fn initialize(&self, parameters: InitializeParams) -> Result<InitializeResult> {
        let client = self.server.session.client().ok_or_else(Error::internal_error)?;
        {
            let mut state = self.server.session.lock();
            state.is_initialized = true;
            state.folders = folders(&parameters);
        }
        if let Some(options) = &parameters.initialization_options {
            let section = options.get("settings").unwrap_or(options);
            self.server.take_settings(section);
        }
        Ok(InitializeResult {
            capabilities: capabilities(client.encoding.kind(), client.pulls),
            server_info: Some(ServerInfo {
                name: "replylint".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        let Some(client) = self.server.session.client() else { return };
        if client.watches_files {
            let watcher = |name: &str| FileSystemWatcher {
                glob_pattern: GlobPattern::String(format!("**/{name}")),
                kind: None,
            };
            let options = DidChangeWatchedFilesRegistrationOptions { watchers: vec![watcher(CONFIG_NAME)] };
            self.server.ask::<request::RegisterCapability>(RegistrationParams {
                registrations: vec![Registration {
                    id: "replylint-files".to_owned(),
                    method: "workspace/didChangeWatchedFiles".to_owned(),
                    register_options: serde_json::to_value(options).ok(),
                }],
            });
        }
        if client.configuration {
            self.server.fetch_settings();
        }
    }

    async fn shutdown(&self) -> Result<()> {
        self.server.session.shut_down();
        Ok(())
    }

    // Texts are recorded in `front`, in the order of the input.
    async fn did_save(&self, _: DidSaveTextDocumentParams) {}

    async fn did_change_configuration(&self, parameters: DidChangeConfigurationParams) {
        let settings = parameters.settings;
        let has_section = settings.get("replylint").is_some_and(|section| !section.is_null());
        if has_section {
            if self.server.take_settings(&settings) {
                self.server.check_again();
            }
        } else if self.server.session.client().is_some_and(|client| client.configuration) {
            self.server.fetch_settings();
        }
    }

    async fn did_change_watched_files(&self, _: DidChangeWatchedFilesParams) {
        self.server.check_again();
    }

    async fn did_change_workspace_folders(&self, parameters: DidChangeWorkspaceFoldersParams) {
        let change = parameters.event;
        {
            let mut state = self.server.session.lock();
            for folder in change.removed {
                let path = crate::documents::file_path(&folder.uri);
                state.folders.retain(|known| Some(known) != path.as_ref());
            }
            for folder in change.added {
                state.folders.extend(crate::documents::file_path(&folder.uri));
            }
        }
        self.server.check_again();
    }

    async fn diagnostic(
        &self,
        parameters: DocumentDiagnosticParams,
    ) -> Result<DocumentDiagnosticReportResult> {
        let newest = self.server.session.newest(&parameters.text_document.uri).await;
        let (result_id, items) = match newest {
            Some(checked) if parameters.previous_result_id.as_ref() == Some(&checked.result_id) => {
                return Ok(DocumentDiagnosticReportResult::Report(DocumentDiagnosticReport::Unchanged(
                    RelatedUnchangedDocumentDiagnosticReport {
                        related_documents: None,
                        unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport {
                            result_id: checked.result_id.clone(),
                        },
                    },
                )));
            }
            Some(checked) => (Some(checked.result_id.clone()), checked.diagnostics.clone()),
            None => (None, Vec::new()),
        };
        Ok(DocumentDiagnosticReportResult::Report(DocumentDiagnosticReport::Full(
            RelatedFullDocumentDiagnosticReport {
                related_documents: None,
                full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id, items },
            },
        )))
    }

    async fn workspace_diagnostic(
        &self,
        parameters: WorkspaceDiagnosticParams,
    ) -> Result<WorkspaceDiagnosticReportResult> {
        Ok(WorkspaceDiagnosticReportResult::Report(folder::report(&self.server, parameters).await))
    }

    async fn hover(&self, parameters: HoverParams) -> Result<Option<Hover>> {
        let place = parameters.text_document_position_params;
        let Some(client) = self.server.session.client() else { return Ok(None) };
        let Some(checked) = self.server.session.newest(&place.text_document.uri).await else {
            return Ok(None);
        };
        let folder = self.server.session.lock().place(&place.text_document.uri);
        let docs_url = self.server.setups().get(folder.as_deref()).and_then(|setup| setup.docs_url);
        let at = checked.text.offset(place.position);
        Ok(hover::hover(&checked, at, &client, docs_url.as_deref()))
    }

    async fn code_lens(&self, parameters: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        let newest = self.server.session.newest(&parameters.text_document.uri).await;
        Ok(newest.map(|checked| outline::lenses(&checked)))
    }

    async fn completion(&self, parameters: CompletionParams) -> Result<Option<CompletionResponse>> {
        let place = parameters.text_document_position;
        let uri = place.text_document.uri;
        let Some(client) = self.server.session.client() else { return Ok(None) };
        let Some(checked) = self.server.session.newest(&uri).await else { return Ok(None) };
        let at = checked.text.offset(place.position);
        let folder = self.server.session.lock().place(&uri);
        let setup = self.server.setups().get(folder.as_deref());
        let language = setup.as_ref().and_then(|setup| setup.language_of(&checked, client.locale.as_deref()));
        let pack = setup.as_ref().zip(language).and_then(|(setup, language)| setup.linter.pack(&language));
        let thread = &checked.source.thread;
        let offers = completion::Offers {
            name: setup.as_ref().and_then(|setup| setup.linter.customer_name(thread)),
            texts: pack.map(|pack| &pack.completions),
            register: setup.as_ref().and_then(|setup| setup.register),
            takes_snippets: client.completion_snippets,
        };
        Ok(Some(CompletionResponse::Array(completion::completions(&checked, at, &offers))))
    }

    async fn document_symbol(
        &self,
        parameters: DocumentSymbolParams,
    ) -> Result<Option<DocumentSymbolResponse>> {
        let newest = self.server.session.newest(&parameters.text_document.uri).await;
        Ok(newest.map(|checked| outline::symbols(&checked)))
    }

    async fn folding_range(&self, parameters: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        let newest = self.server.session.newest(&parameters.text_document.uri).await;
        Ok(newest.map(|checked| outline::folds(&checked)))
    }

    async fn execute_command(&self, parameters: ExecuteCommandParams) -> Result<Option<Value>> {
        commands::run(&self.server, &parameters.command, parameters.arguments).await.map(Some)
    }
}

fn folders(parameters: &InitializeParams) -> Vec<std::path::PathBuf> {
    let named: Vec<&Url> = parameters.workspace_folders.iter().flatten().map(|folder| &folder.uri).collect();
    // Older clients name one root.
    let uris = if named.is_empty() { parameters.root_uri.iter().collect() } else { named };
    uris.into_iter().filter_map(crate::documents::file_path).collect()
}

fn capabilities(encoding: PositionEncodingKind, pulls: bool) -> ServerCapabilities {
    ServerCapabilities {
        position_encoding: Some(encoding),
        text_document_sync: Some(TextDocumentSyncCapability::Options(TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            ..TextDocumentSyncOptions::default()
        })),
        // Never both ways at once, or each finding is shown twice.
        diagnostic_provider: pulls.then(|| {
            DiagnosticServerCapabilities::Options(DiagnosticOptions {
                identifier: Some("replylint".to_owned()),
                inter_file_dependencies: false,
                workspace_diagnostics: true,
                ..DiagnosticOptions::default()
            })
        }),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, CodeActionKind::new(FIX_ALL)]),
            ..CodeActionOptions::default()
        })),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        code_lens_provider: Some(CodeLensOptions { resolve_provider: Some(false) }),
        completion_provider: Some(CompletionOptions::default()),
        document_symbol_provider: Some(OneOf::Left(true)),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        execute_command_provider: Some(ExecuteCommandOptions {
            commands: commands::NAMES.iter().map(|name| (*name).to_owned()).collect(),
            ..ExecuteCommandOptions::default()
        }),
        workspace: Some(WorkspaceServerCapabilities {
            workspace_folders: Some(WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(OneOf::Left(true)),
            }),
            file_operations: None,
        }),
        ..ServerCapabilities::default()
    }
}
