//! Writes synthetic threads as JSON lines, the same for the same seed: `synthetic_threads COUNT [SEED]`.
//!
//! Replies are made of the packs' own examples between neutral sentences, in all languages, so that a batch of them
//! has as much to find as real ones.

use std::io::{self, BufWriter, Write};

use replylint::{Linter, Options, coverage};
use serde_json::json;

/// A small generator of numbers; all that matters is that the seed settles them.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit.max(1)
    }
}

/// Rules whose examples are taken.
const RULES: [&str; 5] =
    ["ambiguous-estimate", "negative-framing", "escalation-phrase", "hedging", "customer-blame"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let count: usize = arguments.next().ok_or("how many threads?")?.parse()?;
    let mut numbers = Numbers(arguments.next().map_or(Ok(1), |seed| seed.parse())?);
    let linter = Linter::new(Options::default())?;
    let mut good: Vec<Vec<String>> = Vec::new();
    let mut bad: Vec<Vec<String>> = Vec::new();
    for language in linter.languages() {
        let (mut fine, mut faulty) = (Vec::new(), Vec::new());
        let taken = coverage(language).into_iter().filter(|coverage| RULES.contains(&coverage.rule.as_str()));
        for example in taken.flat_map(|coverage| coverage.examples) {
            if example.is_bad { faulty.push(example.text) } else { fine.push(example.text) }
        }
        good.push(fine);
        bad.push(faulty);
    }
    let mut out = BufWriter::new(io::stdout().lock());
    for id in 0..count {
        let language = numbers.below(good.len());
        let mut text = |sentences: usize, faults: bool| {
            let mut text = String::new();
            for _ in 0..sentences {
                let is_fault = faults && numbers.below(8) == 0;
                let list = if is_fault { &bad[language] } else { &good[language] };
                text.push_str(&list[numbers.below(list.len())]);
                text.push_str(if numbers.below(3) == 0 { "\n\n" } else { " " });
            }
            text
        };
        let customer = text(3, false);
        let reply = text(8, true);
        let thread = json!({
            "id": id,
            "messages": [{"role": "customer", "text": customer}],
            "draft": {"text": reply},
        });
        writeln!(out, "{thread}")?;
    }
    out.flush()?;
    Ok(())
}
