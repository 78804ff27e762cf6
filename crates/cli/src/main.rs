//! The `replylint` command.

mod args;
mod check;
mod eval;
mod explain;
mod github;
mod jobs;
mod json;
mod pages;
mod pairs;
#[cfg(feature = "parquet")]
mod parquet;
mod pipeline;
mod place;
mod points;
mod sarif;
mod shown;
mod sink;
mod sources;
#[cfg(feature = "parquet")]
mod table;
mod test_packs;
mod text_output;
mod work;

use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Arguments, Command};

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// Nothing at or above the threshold.
    Clean = 0,
    /// Findings, or examples that fail.
    Findings = 1,
    /// The arguments or the configuration are wrong; nothing was checked.
    Usage = 2,
    /// Some input could not be read; the rest was checked.
    Unreadable = 3,
}

/// Why a run stops before its end.
#[derive(Debug)]
enum Failure {
    /// The arguments or the configuration are wrong.
    Usage(String),
    /// Standard output cannot be written to.
    Output(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

impl From<replylint::PackError> for Failure {
    fn from(error: replylint::PackError) -> Self {
        Failure::Usage(text_output::pack_error(&error))
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let color = arguments.color.choice();
    color.write_global();
    let result = match &arguments.command {
        Command::Check(check) => check::run(check, color),
        Command::Rules(rules) => explain::rules(rules),
        Command::Explain(explain) => explain::explain(explain),
        Command::Points(arguments) => points::run(arguments),
        Command::Eval(eval) => eval::run(eval),
        Command::TestPacks(test) => test_packs::run(test),
        Command::Lsp { .. } => {
            return match replylint_lsp::run() {
                Ok(code) => ExitCode::from(code),
                Err(error) => {
                    anstream::eprintln!("replylint: the language server cannot be started: {error}");
                    ExitCode::from(Outcome::Usage as u8)
                }
            };
        }
        Command::Completions { shell } => {
            clap_complete::generate(*shell, &mut Arguments::command(), "replylint", &mut io::stdout());
            Ok(Outcome::Clean)
        }
    };
    let outcome = match result {
        Ok(outcome) => outcome,
        // The reader has seen enough: no error.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Outcome::Clean,
        Err(Failure::Output(error)) => {
            anstream::eprintln!("replylint: cannot write the output: {error}");
            Outcome::Unreadable
        }
        Err(Failure::Usage(message)) => {
            anstream::eprintln!("{}", message.trim_end());
            Outcome::Usage
        }
    };
    ExitCode::from(outcome as u8)
}
