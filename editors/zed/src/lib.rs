//! Tells Zed how to start the server.

use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree, settings::LspSettings};

struct Replylint;

impl zed::Extension for Replylint {
    fn new() -> Self {
        Replylint
    }

    fn language_server_command(&mut self, id: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let configured = LspSettings::for_worktree(id.as_ref(), worktree).ok().and_then(|it| it.binary?.path);
        let command = configured.or_else(|| worktree.which("replylint")).ok_or_else(|| {
            "there is no program `replylint` on the path: install it with `cargo install --path crates/cli`, or name it \
             in the setting `lsp.replylint.binary.path`"
                .to_owned()
        })?;
        Ok(Command { command, args: vec!["lsp".to_owned()], env: worktree.shell_env() })
    }
}

zed::register_extension!(Replylint);
