//! `replylint check`.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use anstream::ColorChoice;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use replylint::{Options, PackError, RuleSetting, catalogue};
use replylint_workspace::Baseline;

use crate::args::{CheckArgs, OutputForm};
use crate::jobs::Jobs;
use crate::sink::Sink;
use crate::sources::Checkers;
use crate::work::{self, Settings, Totals};
use crate::{Failure, Outcome, pipeline, sink};

/// A run of this length says how fast it was.
const LONG: Duration = Duration::from_secs(5);

pub(crate) fn run(arguments: &CheckArgs, color: ColorChoice) -> Result<Outcome, Failure> {
    for rule in arguments.select.iter().chain(&arguments.ignore) {
        check_rule_name(rule)?;
    }
    // A new baseline is about everything that is found, not about what an old one does not know.
    let baseline = match (&arguments.baseline, &arguments.write_baseline) {
        (_, Some(_)) => Some(Baseline::default()),
        (Some(path), None) => Some(Baseline::read(path)?),
        (None, None) => None,
    };
    let begun = Instant::now();
    let progress = progress(arguments);
    let checkers = Checkers::new(&arguments.config, baseline, |options| adjust(options, arguments));
    let mut sink = Sink::new(arguments.format, arguments.output.as_deref(), color, progress.clone())?;
    sink.begin()?;
    let settings = Settings {
        format: arguments.format,
        quiet: arguments.quiet,
        threshold: arguments.fail_on.into(),
        min_score: arguments.min_score,
        collects_baseline: arguments.write_baseline.is_some(),
    };
    let jobs = match arguments.jobs {
        Some(jobs) => jobs.get(),
        None => thread::available_parallelism().map_or(1, std::num::NonZero::get),
    };
    let mut found = Baseline::default();
    pipeline::run(
        jobs,
        Jobs::new(arguments, checkers, progress.clone()),
        |job| work::run(job, settings),
        |mut done| {
            found.merge(std::mem::take(&mut done.baseline));
            sink.add(done)
        },
    )?;
    progress.finish_and_clear();
    let (outcome, totals) = sink.end()?;
    if begun.elapsed() >= LONG {
        anstream::eprintln!("{}", rates(&totals, begun.elapsed()));
    }
    if let Some(path) = &arguments.write_baseline {
        found.write(path).map_err(|error| {
            Failure::Usage(format!("replylint: cannot write {}: {error}", path.display()))
        })?;
        let findings = sink::plural(found.len(), "finding");
        anstream::eprintln!("replylint: {findings} written to {}", path.display());
        // What stands in the baseline is no reason to fail.
        return Ok(if outcome == Outcome::Findings { Outcome::Clean } else { outcome });
    }
    Ok(outcome)
}

pub(crate) fn check_rule_name(rule: &str) -> Result<(), Failure> {
    if catalogue().iter().any(|card| card.id == rule) {
        return Ok(());
    }
    Err(PackError::new(format!("there is no rule `{rule}`"))
        .help("`replylint rules` lists them")
        .near(rule, catalogue().iter().map(|card| card.id.as_str()))
        .into())
}

/// What the command line says beyond the configuration.
fn adjust(options: &mut Options, arguments: &CheckArgs) {
    options.language = arguments.language.clone().or(options.language.take());
    if let Some(channel) = arguments.channel {
        options.channel = Some(channel.into());
    }
    options.strict |= arguments.strict;
    if !arguments.select.is_empty() {
        for card in catalogue() {
            if !arguments.select.contains(&card.id) {
                options.rules.insert(card.id.clone(), RuleSetting::Off);
            } else if card.tier == replylint::Tier::Strict {
                // Who names a rule wants it, whatever its tier.
                options.strict = true;
            }
        }
    }
    for rule in &arguments.ignore {
        options.rules.insert(rule.clone(), RuleSetting::Off);
    }
}

/// A bar for who waits at a terminal, where it does not stand in the way of the findings.
fn progress(arguments: &CheckArgs) -> ProgressBar {
    let prints_here =
        arguments.output.is_none() && std::io::stdout().is_terminal() && arguments.format == OutputForm::Text;
    if arguments.quiet || prints_here || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let size = |path: &PathBuf| path.metadata().ok().filter(|path| path.is_file()).map(|path| path.len());
    let total: Option<u64> = arguments.paths.iter().map(size).sum();
    let (bar, template) = match total {
        Some(total) => (ProgressBar::new(total), "{bar:30} {percent}% {msg} {eta} left"),
        None => (ProgressBar::new_spinner(), "{spinner} {bytes} {msg}"),
    };
    bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(5));
    bar.with_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn rates(totals: &Totals, elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64();
    format!(
        "replylint: {} replies in {seconds:.1} s: {:.0} replies/s, {:.1} MB/s",
        totals.replies,
        totals.replies as f64 / seconds,
        totals.bytes as f64 / seconds / 1e6
    )
}
