//! `replylint test-packs`.

use std::io::Write;

use replylint::{built_in_files, verify_packs};
use replylint_workspace::read_pack_folder;

use crate::args::TestPacksArgs;
use crate::{Failure, Outcome};

pub(crate) fn run(arguments: &TestPacksArgs) -> Result<Outcome, Failure> {
    let mut files = match &arguments.folder {
        Some(folder) => read_pack_folder(folder)?,
        None => built_in_files(),
    };
    if let Some(language) = &arguments.language {
        files.retain(|file| file.path.rsplit('/').nth(1) == Some(language));
        if files.is_empty() {
            return Err(Failure::Usage(format!("replylint: there is no pack for `{language}` here")));
        }
    }
    let (summaries, problems) = verify_packs(&files)?;
    let mut out = anstream::stdout().lock();
    for problem in &problems {
        writeln!(out, "{problem}")?;
    }
    for summary in &summaries {
        writeln!(
            out,
            "{}: {} rules, {} phrases, {} bad and {} good examples",
            summary.language, summary.rules, summary.phrases, summary.bad, summary.good
        )?;
    }
    match problems.len() {
        0 => Ok(Outcome::Clean),
        count => {
            writeln!(out, "{count} problems")?;
            Ok(Outcome::Findings)
        }
    }
}
