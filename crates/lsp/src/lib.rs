//! The language server: findings in editors while one types.
//!
//! Handlers only record what came; one worker checks the newest text of each document away from the thread that
//! answers, and drops what has become old meanwhile. Positions are counted in `convert` and nowhere else, and no other
//! crate of the project knows the protocol.
//!
//! ```no_run
//! let code = replylint_lsp::run()?;
//! std::process::exit(code.into());
//! # #[allow(unreachable_code)]
//! # Ok::<(), std::io::Error>(())
//! ```

mod actions;
mod client;
mod commands;
mod completion;
mod convert;
mod diagnostics;
mod documents;
mod folder;
mod frames;
mod front;
mod handlers;
mod hover;
mod outline;
mod server;
mod setups;
mod source;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use replylint::{Linter, Report, Thread};
use tokio::io::{AsyncRead, AsyncWrite};
use tower_lsp::LspService;

use crate::frames::Input;
use crate::front::{End, Front};
use crate::handlers::Handlers;
use crate::server::Server;

/// Requests that are answered at the same time. Some are held until something changes, so there must be room.
const CONCURRENCY: usize = 64;

/// What is still to be written after the end may take so long; a client that does not read must not keep the process.
const GRACE: Duration = Duration::from_millis(500);

/// Serves on standard input and output until the client says `exit` or closes the input. Gives the exit code: 0 where
/// the client said `shutdown` before, 1 otherwise.
///
/// # Errors
/// Where the runtime cannot be started.
pub fn run() -> io::Result<u8> {
    // A panic's message may hold a part of the text; where it happened is enough.
    std::panic::set_hook(Box::new(|info| {
        if let Some(place) = info.location() {
            eprintln!("replylint: a fault at {}:{}", place.file(), place.line());
        }
    }));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let code = runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout()));
    // The thread that reads standard input may never come back from it.
    runtime.shutdown_background();
    Ok(code)
}

/// Serves on any pair of streams; otherwise as [`run`] does.
pub async fn serve(input: impl AsyncRead + Unpin, output: impl AsyncWrite) -> u8 {
    serve_with(input, output, Linter::check).await
}

/// As [`serve`], with a check of one's own: tests put slow ones and broken ones there.
#[doc(hidden)]
pub async fn serve_with(
    input: impl AsyncRead + Unpin,
    output: impl AsyncWrite,
    check: impl Fn(&Linter, &Thread) -> Report + Send + Sync + 'static,
) -> u8 {
    let mut made = None;
    let (service, socket) = LspService::new(|editor| {
        let server = Arc::new(Server::new(editor, Arc::new(check)));
        made = Some(server.clone());
        Handlers { server }
    });
    // The closure has run by now.
    let Some(server) = made else { return 1 };
    let end = Arc::new(End::default());
    let worker = tokio::spawn(server.clone().work());
    let front = Front { inner: service, server: server.clone(), end: end.clone() };
    let input = Input::new(input, end.clone(), server.clone());
    let serving = tower_lsp::Server::new(input, output, socket).concurrency_level(CONCURRENCY).serve(front);
    tokio::select! {
        () = serving => {}
        () = async { end.wait().await; tokio::time::sleep(GRACE).await } => {}
    }
    worker.abort();
    u8::from(!server.session.lock().shut_down)
}
