//! What stands between the transport and the typed handlers: sees every message in the order in which it came.
//!
//! Edits are recorded here, before anything can run beside anything else, so that their order is that of the input.
//! `exit` ends the input even where the client keeps it open. A panic of a handler is an answer, not the end.

use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use futures_util::FutureExt;
use serde::de::DeserializeOwned;
use tokio::sync::Notify;
use tower::Service;
use tower_lsp::jsonrpc::{Error, Id, Request, Response};
use tower_lsp::lsp_types::{
    CodeActionParams, DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
};

use crate::actions::{self, Wanted};
use crate::client::Client;
use crate::frames::{NO_JSON, NO_MESSAGE};
use crate::server::{Server, guarded};

const OPENED: &str = "textDocument/didOpen";
const CHANGED: &str = "textDocument/didChange";
/// What is told about texts.
const RECORDED: [&str; 3] = [OPENED, CHANGED, "textDocument/didClose"];

/// That the session is at its end, and how it came there.
#[derive(Debug, Default)]
pub(crate) struct End {
    has_come: AtomicBool,
    told: Notify,
}

impl End {
    /// Says that it has come.
    pub fn come(&self) {
        self.has_come.store(true, Ordering::Release);
        self.told.notify_one();
    }

    pub fn has_come(&self) -> bool {
        self.has_come.load(Ordering::Acquire)
    }

    /// Waits for the end of the input or `exit`.
    pub async fn wait(&self) {
        self.told.notified().await;
    }
}

/// The service in front of the typed one.
pub(crate) struct Front<S> {
    pub inner: S,
    pub server: Arc<Server>,
    pub end: Arc<End>,
}

type Answer<E> = Pin<Box<dyn Future<Output = Result<Option<Response>, E>> + Send>>;

impl<S> Service<Request> for Front<S>
where
    S: Service<Request, Response = Option<Response>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Option<Response>;
    type Error = S::Error;
    type Future = Answer<S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let refused = match request.method() {
            _ if self.end.has_come() => Some(None),
            NO_JSON => Some(Some(Error::parse_error())),
            NO_MESSAGE => Some(Some(Error::invalid_request())),
            _ => None,
        };
        if let Some(error) = refused {
            let answer = error.map(|error| Response::from_error(Id::Null, error));
            return Box::pin(std::future::ready(Ok(answer)));
        }
        let request = without_null(request);
        let id = request.id().cloned();
        let is_recorded = id.is_none() && RECORDED.contains(&request.method());
        if is_recorded && self.server.session.lock().is_initialized {
            // The text is read once: the typed service would only read it again.
            let (method, _, parameters) = request.into_parts();
            guarded(|| self.record_text(&method, parameters));
            return Box::pin(std::future::ready(Ok(None)));
        }
        let own = guarded(|| self.record(&request)).flatten();
        if request.method() == "exit" {
            // The typed service is not told: it would call off what is still to be answered.
            self.end.come();
            self.server.session.tell_end();
            return Box::pin(std::future::ready(Ok(None)));
        }
        let answer: Answer<S::Error> = match (own, &id) {
            (Some(parameters), Some(id)) => {
                let (server, id) = (self.server.clone(), id.clone());
                Box::pin(async move {
                    let actions = code_actions(&server, parameters).await;
                    Ok(Some(Response::from_parts(id, actions)))
                })
            }
            _ => Box::pin(self.inner.call(request)),
        };
        Box::pin(async move {
            match AssertUnwindSafe(answer).catch_unwind().await {
                Ok(result) => result,
                Err(_) => Ok(id.map(|id| Response::from_error(id, fault()))),
            }
        })
    }
}

/// Some clients send `null` where a method has no parameters; the typed service takes that for a fault.
fn without_null(request: Request) -> Request {
    if !request.params().is_some_and(serde_json::Value::is_null) {
        return request;
    }
    let (method, id, _) = request.into_parts();
    let built = Request::build(method);
    match id {
        Some(id) => built.id(id).finish(),
        None => built.finish(),
    }
}

fn fault() -> Error {
    let mut error = Error::internal_error();
    error.message = "a fault in replylint; the request was given up".into();
    error
}

impl<S> Front<S> {
    /// Records what a message says. Gives back what the typed service cannot answer: a request for actions.
    fn record(&self, request: &Request) -> Option<Result<CodeActionParams, Error>> {
        let session = &self.server.session;
        let parameters = || request.params().cloned();
        match request.method() {
            "initialize" => {
                let mut state = session.lock();
                if !state.is_initialized {
                    state.client = Some(Arc::new(Client::read(&parameters().unwrap_or_default())));
                }
                None
            }
            "textDocument/codeAction" => {
                let is_served = {
                    let state = session.lock();
                    state.is_initialized && !state.shut_down
                };
                is_served.then(|| read(parameters()))
            }
            _ => None,
        }
    }

    /// Records what became of a text; what cannot be read is left out, as the protocol has no answer to it.
    fn record_text(&self, method: &str, parameters: Option<serde_json::Value>) -> Option<()> {
        let session = &self.server.session;
        match method {
            OPENED => {
                let document = read::<DidOpenTextDocumentParams>(parameters).ok()?.text_document;
                session.open(document.uri, &document.language_id, document.version, document.text);
            }
            CHANGED => {
                let change = read::<DidChangeTextDocumentParams>(parameters).ok()?;
                let document = change.text_document;
                session.change(&document.uri, document.version, change.content_changes);
            }
            _ => {
                let document = read::<DidCloseTextDocumentParams>(parameters).ok()?.text_document;
                session.close(&document.uri);
            }
        }
        Some(())
    }
}

fn read<T: DeserializeOwned>(parameters: Option<serde_json::Value>) -> Result<T, Error> {
    // The reason may quote what was sent, so it is not passed on.
    serde_json::from_value(parameters.unwrap_or_default())
        .map_err(|_| Error::invalid_params("the parameters have another shape"))
}

async fn code_actions(
    server: &Server,
    parameters: Result<CodeActionParams, Error>,
) -> Result<serde_json::Value, Error> {
    let parameters = parameters?;
    let uri = parameters.text_document.uri;
    let Some(client) = server.session.client() else { return Ok(serde_json::Value::Null) };
    let Some(checked) = server.session.newest(&uri).await else { return Ok(serde_json::Value::Null) };
    let only = parameters.context.only.unwrap_or_default();
    let wanted = Wanted {
        span: checked.text.span(&parameters.range),
        only: only.iter().map(|kind| kind.as_str().to_owned()).collect(),
    };
    let can_ignore = server.session.lock().place(&uri).is_some();
    Ok(actions::actions(&checked, &uri, &client, &wanted, can_ignore).into())
}
