//! What is to be read, cut into pieces of work.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use indicatif::ProgressBar;
use replylint_input::{Form, InputError, LONGEST_FILE, Lines};
use replylint_workspace::{Found, walk};

use crate::Failure;
use crate::args::CheckArgs;
use crate::sources::{Checker, Checkers};

/// Lines are handed on in pieces of about so many bytes.
const PIECE: usize = 64 * 1024;

/// Where a piece of work comes from.
#[derive(Clone)]
pub(crate) struct Origin {
    /// For people.
    pub name: Arc<str>,
    /// The file, for ignores that name paths.
    pub path: Option<Arc<Path>>,
    pub form: Form,
    pub checker: Arc<Checker>,
}

/// A piece of work.
pub(crate) enum Job {
    /// A file to be read whole.
    File(Origin, PathBuf, Compression),
    /// What standard input held.
    Bytes(Origin, Vec<u8>),
    /// Lines of a stream, each a record in JSON.
    Lines(Origin, LinePiece),
    /// Rows of a table.
    #[cfg(feature = "parquet")]
    Rows(Origin, Vec<(usize, Result<replylint_input::InputThread, InputError>)>),
    /// Something that cannot be read.
    Unreadable { name: Arc<str>, message: String },
}

/// Lines with their numbers.
#[derive(Default)]
pub(crate) struct LinePiece {
    pub text: String,
    pub lines: Vec<(usize, Result<Range<usize>, InputError>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compression {
    None,
    Gzip,
    Zstd,
}

/// The form and the compression that a name tells; a form that is given beats the name's.
fn form_of(path: &Path, given: Option<Form>) -> (Option<Form>, Compression) {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    let compression = match ending.as_str() {
        "gz" => Compression::Gzip,
        "zst" => Compression::Zstd,
        _ => return (given.or_else(|| Form::of_path(path)), Compression::None),
    };
    (given.or_else(|| Form::of_path(Path::new(path.file_stem().unwrap_or_default()))), compression)
}

/// Whether a file's name says that it holds replies.
fn is_input(path: &Path) -> bool {
    match form_of(path, None) {
        // JSON of all sorts lies about; a thread is named.
        (Some(Form::Json), _) | (None, _) => false,
        (Some(form), compression) => compression == Compression::None || form == Form::JsonLines,
    }
}

/// Whether records can be told apart by lines.
fn is_by_line(form: Form, path: &Path) -> bool {
    let (by_name, _) = form_of(path, None);
    form == Form::JsonLines || form.is_json() && by_name == Some(Form::JsonLines)
}

fn decompressed(input: impl Read + 'static, compression: Compression) -> io::Result<Box<dyn BufRead>> {
    Ok(match compression {
        Compression::None => Box::new(BufReader::with_capacity(PIECE, input)),
        Compression::Gzip => Box::new(BufReader::with_capacity(
            PIECE,
            flate2::read::MultiGzDecoder::new(BufReader::new(input)),
        )),
        Compression::Zstd => {
            let decoder = ruzstd::decoding::StreamingDecoder::new(BufReader::new(input))
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string()))?;
            Box::new(BufReader::with_capacity(PIECE, decoder))
        }
    })
}

/// Reads a file whole.
pub(crate) fn read_file(path: &Path, compression: Compression) -> io::Result<Vec<u8>> {
    read_whole(File::open(path)?, compression)
}

/// Reads an input whole that is no longer than a file may be.
pub(crate) fn read_whole(input: impl Read + 'static, compression: Compression) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    decompressed(input, compression)?.take(LONGEST_FILE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST_FILE {
        let message = format!("the file is longer than {LONGEST_FILE} bytes; only JSON lines may be");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
    }
    Ok(bytes)
}

/// The pieces of work of a run, in the order of its arguments.
pub(crate) struct Jobs<'a> {
    arguments: &'a CheckArgs,
    checkers: Checkers<'a>,
    paths: std::slice::Iter<'a, PathBuf>,
    found: std::vec::IntoIter<Found>,
    stream: Option<Stream>,
    progress: ProgressBar,
}

enum Stream {
    Lines(Origin, Lines<Box<dyn BufRead>>),
    #[cfg(feature = "parquet")]
    Rows(Origin, crate::parquet::Rows),
}

impl<'a> Jobs<'a> {
    pub fn new(arguments: &'a CheckArgs, checkers: Checkers<'a>, progress: ProgressBar) -> Self {
        let stream = None;
        let found = Vec::new().into_iter();
        Jobs { arguments, checkers, paths: arguments.paths.iter(), found, stream, progress }
    }

    fn next_job(&mut self) -> Result<Option<Job>, Failure> {
        loop {
            if let Some(job) = self.stream.as_mut().and_then(|stream| stream.next(self.arguments)) {
                return Ok(Some(job));
            }
            self.stream = None;
            if let Some(found) = self.found.next() {
                let job = match found {
                    Found::File(path) => self.open(path)?,
                    Found::Failed { path, message } => Some(unreadable(&path, message)),
                    _ => None,
                };
                if job.is_some() {
                    return Ok(job);
                }
                continue;
            }
            let Some(path) = self.paths.next() else { return Ok(None) };
            if path == Path::new("-") {
                if let Some(job) = self.standard_input()? {
                    return Ok(Some(job));
                }
                continue;
            }
            let found = walk(path, is_input);
            if found.is_empty() {
                let message = "there is no reply to check in this folder: no .txt, .md, .eml, .mbox or .jsonl file \
                               that is not ignored";
                return Ok(Some(unreadable(path, message.to_owned())));
            }
            self.found = found.into_iter();
        }
    }

    /// A file becomes a piece of work, or a stream of them.
    fn open(&mut self, path: PathBuf) -> Result<Option<Job>, Failure> {
        let (form, compression) = form_of(&path, self.arguments.form());
        let origin = Origin {
            name: path.display().to_string().into(),
            path: Some(path.as_path().into()),
            form: form.unwrap_or(Form::Text),
            checker: self.checkers.for_path(&path)?,
        };
        #[cfg(feature = "parquet")]
        if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet")) {
            return match crate::parquet::Rows::open(&path, &self.arguments.columns) {
                Ok(rows) => {
                    self.stream = Some(Stream::Rows(origin, rows));
                    Ok(None)
                }
                Err(crate::parquet::OpenError::Columns(message)) => Err(Failure::Usage(message)),
                Err(crate::parquet::OpenError::File(message)) => Ok(Some(unreadable(&path, message))),
            };
        }
        #[cfg(not(feature = "parquet"))]
        if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("parquet")) {
            let message = "this program was built without the feature `parquet`".to_owned();
            return Ok(Some(unreadable(&path, message)));
        }
        if !is_by_line(origin.form, &path) {
            if let Ok(metadata) = path.metadata() {
                self.progress.inc(metadata.len());
            }
            return Ok(Some(Job::File(origin, path, compression)));
        }
        let progress = self.progress.clone();
        let opened = File::open(&path).and_then(|file| decompressed(progress.wrap_read(file), compression));
        match opened {
            Ok(input) => {
                self.stream = Some(Stream::Lines(origin, Lines::new(input, self.arguments.max_line)));
                Ok(None)
            }
            Err(error) => Ok(Some(unreadable(&path, error.to_string()))),
        }
    }

    fn standard_input(&mut self) -> Result<Option<Job>, Failure> {
        let place = self.arguments.stdin_path.as_deref();
        let (form, compression) = form_of(place.unwrap_or(Path::new("-")), self.arguments.form());
        let origin = Origin {
            name: place.map_or("<stdin>".to_owned(), |path| path.display().to_string()).into(),
            path: place.map(Arc::from),
            form: form.unwrap_or(Form::Text),
            checker: self.checkers.for_path(place.unwrap_or(Path::new("-")))?,
        };
        let name = Arc::clone(&origin.name);
        let failed = |error: io::Error| Ok(Some(Job::Unreadable { name, message: error.to_string() }));
        let mut input = match decompressed(self.progress.wrap_read(io::stdin()), compression) {
            Ok(input) => input,
            Err(error) => return failed(error),
        };
        if is_by_line(origin.form, place.unwrap_or(Path::new("-"))) {
            self.stream = Some(Stream::Lines(origin, Lines::new(input, self.arguments.max_line)));
            return Ok(None);
        }
        let mut bytes = Vec::new();
        match input.by_ref().take(LONGEST_FILE + 1).read_to_end(&mut bytes) {
            Ok(_) if bytes.len() as u64 > LONGEST_FILE => {
                failed(io::Error::other(format!("the input is longer than {LONGEST_FILE} bytes")))
            }
            Ok(_) => Ok(Some(Job::Bytes(origin, bytes))),
            Err(error) => failed(error),
        }
    }
}

impl Iterator for Jobs<'_> {
    type Item = Result<Job, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_job().transpose()
    }
}

impl Stream {
    /// The next piece; `None` at the end.
    fn next(&mut self, _arguments: &CheckArgs) -> Option<Job> {
        let (origin, lines) = match self {
            Stream::Lines(origin, lines) => (origin, lines),
            #[cfg(feature = "parquet")]
            Stream::Rows(origin, rows) => return Some(Job::Rows(origin.clone(), rows.next_piece()?)),
        };
        let mut piece = LinePiece::default();
        while piece.text.len() < PIECE {
            match lines.next_line() {
                Ok(Some((number, Ok(line)))) => {
                    let start = piece.text.len();
                    piece.text.push_str(line);
                    piece.lines.push((number, Ok(start..piece.text.len())));
                }
                Ok(Some((number, Err(error)))) => piece.lines.push((number, Err(error))),
                Ok(None) => break,
                Err(error) => {
                    // The lines before it are checked first; reading on gives the same error or the end.
                    if piece.lines.is_empty() {
                        let job =
                            Job::Unreadable { name: Arc::clone(&origin.name), message: error.to_string() };
                        lines.stop();
                        return Some(job);
                    }
                    piece.lines.push((0, Err(InputError::of_stream(&error))));
                    lines.stop();
                    break;
                }
            }
        }
        (!piece.lines.is_empty()).then(|| Job::Lines(origin.clone(), piece))
    }
}

fn unreadable(path: &Path, message: String) -> Job {
    Job::Unreadable { name: path.display().to_string().into(), message }
}
