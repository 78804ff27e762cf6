//! Counts what a check asks of the allocator, as JSON: for each language, blocks and bytes a reply of a kilobyte, and the
//! most that are held at once.

use std::collections::BTreeMap;
use std::error::Error;

use replylint::{Linter, Options, Thread};
use replylint_benches::Corpus;
use serde_json::json;

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

fn main() -> Result<(), Box<dyn Error>> {
    let corpus = Corpus::new()?;
    let linter = Linter::new(Options::default())?;
    let mut languages = BTreeMap::new();
    for code in corpus.languages() {
        let threads: Vec<Thread> =
            corpus.sample(code, 100_000, 1)?.replies.into_iter().map(Thread::new).collect();
        // The pack is opened and the words are known, as in a batch or an editor.
        for thread in &threads {
            linter.check(thread);
        }
        let profiler = dhat::Profiler::builder().testing().build();
        for thread in &threads {
            linter.check(thread);
        }
        let heap = dhat::HeapStats::get();
        drop(profiler);
        let count = threads.len() as u64;
        languages.insert(
            code.to_owned(),
            json!({
                "blocks": heap.total_blocks / count,
                "bytes": heap.total_bytes / count,
                "most_bytes": heap.max_bytes,
            }),
        );
    }
    println!("{}", json!(languages));
    Ok(())
}
