//! The arguments.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use anstream::ColorChoice;
use clap::{Args, Parser, Subcommand, ValueEnum};
use replylint::{Channel, Severity};
use replylint_input::Form;

const AFTER: &str = "\
Examples:
  replylint check draft.txt            check one reply
  replylint check macros/              check every .txt, .md, .eml, .mbox and .jsonl below a folder
  pbpaste | replylint check -          check what is in the clipboard
  replylint explain negative-framing   what a rule means, and what to write instead

Exit codes: 0 nothing found, 1 findings, 2 wrong arguments or configuration,
3 some input could not be read (the rest was checked).";

/// Shows what will annoy or fail the customer in a reply, why, and how to say it better.
#[derive(Debug, Parser)]
#[command(name = "replylint", version, after_help = AFTER, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

impl Color {
    pub fn choice(self) -> ColorChoice {
        match self {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check replies
    Check(CheckArgs),
    /// List the rules
    Rules(RulesArgs),
    /// Explain a rule: what it finds, why, what to write instead, with examples
    Explain(ExplainArgs),
    /// Show the points of threads and what in the reply answers them
    Points(PointsArgs),
    /// Measure precision and recall of the rules on labelled replies
    Eval(EvalArgs),
    /// Compile a rules folder and run its examples
    TestPacks(TestPacksArgs),
    /// Serve editors: the language server on standard input and output
    Lsp {
        /// Accepted because many editors say so; there is no other way
        #[arg(long, hide = true)]
        stdio: bool,
    },
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

const CHECK_AFTER: &str = "\
Examples:
  replylint check draft.txt --language hu
  replylint check - --channel chat < draft.txt
  replylint check --format json replies/ > findings.json
  replylint check --input jsonl --format jsonl - < threads.jsonl > findings.jsonl
  replylint check --input zendesk tickets.json
  replylint check --format jsonl --output findings.jsonl threads.jsonl.zst
  replylint check --write-baseline known.jsonl macros/
  replylint check --baseline known.jsonl macros/
  replylint check --select ambiguous-estimate --fail-on error macros/

A configuration is looked for in replylint.toml, from each file's folder upward.";

#[derive(Debug, Args)]
#[command(after_help = CHECK_AFTER)]
pub(crate) struct CheckArgs {
    /// Files or folders; - is standard input
    #[arg(default_value = "-", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What the input is; told by the file's ending where this is not given
    #[arg(long, value_enum, value_name = "FORM")]
    pub input: Option<InputForm>,
    /// What to print
    #[arg(long, value_enum, default_value_t = OutputForm::Text, value_name = "FORM")]
    pub format: OutputForm,
    /// The language of all replies as an ISO 639-1 code; detected where this is not given
    #[arg(long, short, value_name = "CODE")]
    pub language: Option<String>,
    /// The channel of replies that name none
    #[arg(long, value_enum)]
    pub channel: Option<ChannelArg>,
    /// Run the rules of the strict tier as well
    #[arg(long)]
    pub strict: bool,
    /// Run only these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub select: Vec<String>,
    /// Leave these rules out
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub ignore: Vec<String>,
    /// Findings below this severity do not make the run fail
    #[arg(long, value_enum, default_value_t = SeverityArg::Hint, value_name = "SEVERITY")]
    pub fail_on: SeverityArg,
    /// A reply with a lower score (0 to 100) makes the run fail
    #[arg(long, value_name = "SCORE", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub min_score: Option<u8>,
    #[command(flatten)]
    pub config: ConfigArgs,
    /// The name to show for standard input, and the place to look for its configuration
    #[arg(long, value_name = "PATH")]
    pub stdin_path: Option<PathBuf>,
    /// Leave out what this file knows; see --write-baseline
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write what is found to this file, so that later runs with --baseline report new findings only
    #[arg(long, value_name = "FILE")]
    pub write_baseline: Option<PathBuf>,
    /// Write to this file instead of standard output; it is complete or not there
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Check so many pieces at once; as many as there are processors where this is not given
    #[arg(long, short, value_name = "N")]
    pub jobs: Option<NonZeroUsize>,
    /// Print the summary only
    #[arg(long, short)]
    pub quiet: bool,
    /// Lines of JSON input may be so many bytes long
    #[arg(long, value_name = "BYTES", default_value_t = replylint_input::DEFAULT_LINE_LIMIT)]
    pub max_line: usize,
    /// What the columns of Parquet files hold: id, customer, reply, language or channel
    #[cfg(feature = "parquet")]
    #[arg(long, value_name = "FIELD=COLUMN", value_delimiter = ',')]
    pub columns: Vec<String>,
}

impl CheckArgs {
    /// The form of the input, where it is given.
    pub fn form(&self) -> Option<Form> {
        self.input.map(Form::from)
    }
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// Use this configuration file for all inputs
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Use no configuration file
    #[arg(long)]
    pub no_config: bool,
    /// Use the packs of this folder instead of the built-in ones
    #[arg(long, value_name = "FOLDER")]
    pub rules_dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputForm {
    /// A file is a reply
    Text,
    /// A file is a reply in Markdown, maybe with front matter
    Markdown,
    /// A file is a mail
    Mail,
    /// A file is a mailbox
    Mbox,
    /// A file is a thread in JSON
    Json,
    /// A line is a thread in JSON
    Jsonl,
    /// Zendesk's tickets with their comments
    Zendesk,
    /// Intercom's conversations
    Intercom,
    /// Freshdesk's tickets with their conversations
    Freshdesk,
}

impl From<InputForm> for Form {
    fn from(form: InputForm) -> Self {
        match form {
            InputForm::Text => Form::Text,
            InputForm::Markdown => Form::Markdown,
            InputForm::Mail => Form::Mail,
            InputForm::Mbox => Form::Mbox,
            InputForm::Json => Form::Json,
            InputForm::Jsonl => Form::JsonLines,
            InputForm::Zendesk => Form::Zendesk,
            InputForm::Intercom => Form::Intercom,
            InputForm::Freshdesk => Form::Freshdesk,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputForm {
    /// For people
    Text,
    /// One JSON document
    Json,
    /// One JSON object a reply
    Jsonl,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations for GitHub Actions
    Github,
    /// A table in Apache Parquet, a row a reply; needs --output
    #[cfg(feature = "parquet")]
    Parquet,
}

impl OutputForm {
    /// What stands between two records.
    pub fn between_records(self) -> &'static [u8] {
        if self == OutputForm::Jsonl { b"\n" } else { b",\n" }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ChannelArg {
    Email,
    Chat,
    Social,
    Review,
}

impl From<ChannelArg> for Channel {
    fn from(channel: ChannelArg) -> Self {
        match channel {
            ChannelArg::Email => Channel::Email,
            ChannelArg::Chat => Channel::Chat,
            ChannelArg::Social => Channel::Social,
            ChannelArg::Review => Channel::Review,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum SeverityArg {
    Hint,
    Info,
    Warning,
    Error,
}

impl From<SeverityArg> for Severity {
    fn from(severity: SeverityArg) -> Self {
        match severity {
            SeverityArg::Hint => Severity::Hint,
            SeverityArg::Info => Severity::Info,
            SeverityArg::Warning => Severity::Warning,
            SeverityArg::Error => Severity::Error,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct RulesArgs {
    /// What to print
    #[arg(long, value_enum, default_value_t = ListForm::Text, value_name = "FORM")]
    pub format: ListForm,
    /// Print the table of rules and languages in Markdown, with the counts of phrases and examples
    #[arg(long, conflicts_with = "format")]
    pub markdown: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListForm {
    /// For people
    Text,
    /// One JSON document
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The rule's id
    pub rule: String,
    /// The language of the examples as an ISO 639-1 code
    #[arg(long, short, value_name = "CODE", default_value = "en", conflicts_with = "markdown")]
    pub language: String,
    /// Print the rule's page in Markdown, with the examples of all languages
    #[arg(long)]
    pub markdown: bool,
}

const POINTS_AFTER: &str = "\
Reads threads as JSON lines (see docs/json.md). A point is a question, a request or a complaint of the
customer; it is answered when the reply gives what it asks for, refuses it, asks back or takes it on.
Exit codes: 0 all points answered, 1 some are open, 2 wrong arguments, 3 some input could not be read.";

#[derive(Debug, Args)]
#[command(after_help = POINTS_AFTER)]
pub(crate) struct PointsArgs {
    /// Files of replies with what they answer; - is standard input
    #[arg(default_value = "-", value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// What the input is; told by the file's ending where this is not given, else a thread in JSON a line
    #[arg(long, value_enum, value_name = "FORM")]
    pub input: Option<InputForm>,
    /// What to print
    #[arg(long, value_enum, default_value_t = ListForm::Text, value_name = "FORM")]
    pub format: ListForm,
    /// The language of all replies as an ISO 639-1 code; detected where this is not given
    #[arg(long, short, value_name = "CODE")]
    pub language: Option<String>,
    #[command(flatten)]
    pub config: ConfigArgs,
}

const EVAL_AFTER: &str = "\
Each line is a JSON object: id, lang, channel, customer (or null), reply, labels
(rule, kind, quote: a part of the reply that occurs once) and, if there are any,
unsure (the same, scored neither way). A finding matches a label of its rule
where the two overlap. Files without a label, such as those of clean replies
only, say nothing by themselves: name the rules to score with --rule.";

#[derive(Debug, Args)]
#[command(after_help = EVAL_AFTER)]
pub(crate) struct EvalArgs {
    /// Files of labelled replies, one JSON object a line
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Score only these rules; those that are labelled somewhere in the files where this is not given
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub rule: Vec<String>,
    /// List each false alarm and each miss
    #[arg(long)]
    pub errors: bool,
    /// What to print
    #[arg(long, value_enum, default_value_t = ListForm::Text, value_name = "FORM")]
    pub format: ListForm,
    /// Let the language be detected instead of taking the row's
    #[arg(long)]
    pub detect: bool,
    /// Run the rules of the strict tier as well
    #[arg(long)]
    pub strict: bool,
    #[command(flatten)]
    pub config: ConfigArgs,
}

#[derive(Debug, Args)]
pub(crate) struct TestPacksArgs {
    /// The rules folder; the built-in packs where this is not given
    pub folder: Option<PathBuf>,
    /// Test only this language
    #[arg(long, short, value_name = "CODE")]
    pub language: Option<String>,
}
