//! Writes made-up text: `corpus text LANGUAGE BYTES [SEED]`, `corpus replies LANGUAGE BYTES [SEED]` (a JSON array),
//! `corpus short LANGUAGE BYTES [SEED]` (short replies, JSON lines) or `corpus threads LANGUAGE|all BYTES [SEED]` (JSON lines).

use std::error::Error;
use std::io::{self, BufWriter, Write};

use replylint_benches::Corpus;

const USAGE: &str = "corpus text|replies|short|threads LANGUAGE BYTES [SEED]";

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (form, code, bytes) = match arguments.as_slice() {
        [form, code, bytes] | [form, code, bytes, _] => (form.as_str(), code.as_str(), bytes.parse()?),
        _ => return Err(USAGE.into()),
    };
    let seed = arguments.get(3).map_or(Ok(1), |seed| seed.parse())?;
    let corpus = Corpus::new()?;
    let mut out = BufWriter::new(io::stdout().lock());
    match form {
        "text" => out.write_all(corpus.text(code, bytes, seed)?.as_bytes())?,
        "replies" => serde_json::to_writer(&mut out, &corpus.sample(code, bytes, seed)?.replies)?,
        "short" => {
            for reply in corpus.short(code, bytes, seed)? {
                writeln!(out, "{}", serde_json::json!({ "reply": reply }))?;
            }
        }
        "threads" => {
            let mut written = Ok(());
            let code = Some(code).filter(|code| *code != "all");
            corpus.threads(code, bytes, seed, |line| {
                if written.is_ok() {
                    written = out.write_all(line.as_bytes());
                }
            })?;
            written?;
        }
        _ => return Err(USAGE.into()),
    }
    out.flush()?;
    Ok(())
}
