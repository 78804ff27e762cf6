//! What of a Markdown text is no prose.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// Code, HTML, images, targets of links and their definitions, in order.
pub(crate) fn not_prose(text: &str) -> Vec<Range<usize>> {
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let mut ranges: Vec<Range<usize>> =
        parser.reference_definitions().iter().map(|(_, definition)| definition.span.clone()).collect();
    // For each open link, where its text begins and ends.
    let mut links: Vec<(Range<usize>, Option<Range<usize>>)> = Vec::new();
    let mut images = 0usize;
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Start(Tag::Image { .. }) => {
                images += 1;
                ranges.push(range.clone());
            }
            Event::End(TagEnd::Image) => images = images.saturating_sub(1),
            Event::Code(_)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => ranges.push(range.clone()),
            Event::Start(Tag::Link { .. }) => {
                links.push((range.clone(), None));
                continue;
            }
            Event::End(TagEnd::Link) => {
                if let Some((link, words)) = links.pop() {
                    let words = words.unwrap_or(link.end..link.end);
                    ranges.push(link.start..words.start);
                    ranges.push(words.end..link.end);
                }
            }
            _ => {}
        }
        if images == 0 {
            for (_, words) in &mut links {
                let words = words.get_or_insert(range.clone());
                words.start = words.start.min(range.start);
                words.end = words.end.max(range.end);
            }
        }
    }
    joined(ranges)
}

fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| range.start < range.end);
    ranges.sort_by_key(|range| range.start);
    let mut out: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match out.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::not_prose;

    #[test]
    fn code_images_and_targets_are_no_prose() {
        let text = "See [the *form*](a/b.html \"soon\") and ![soon](x.png) or `soon`, <b>now</b>.\n\n    soon\n\n```\nsoon\n```\n\n[the list][1] and <https://example.com>\n\n[1]: soon.html\n";
        let out: Vec<&str> = not_prose(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(
            out,
            [
                "[",
                "](a/b.html \"soon\")",
                "![soon](x.png)",
                "`soon`",
                "<b>",
                "</b>",
                "soon\n",
                "```\nsoon\n```",
                "[",
                "][1]",
                "<",
                ">",
                "[1]: soon.html"
            ]
        );
    }

    proptest! {
        #[test]
        fn ranges_are_in_order_and_on_characters(text in "(\\[|\\]|\\(|\\)|!|`|<|>|é|\n|    |a|\\*|```|\\|){0,60}") {
            let mut end = 0;
            for range in not_prose(&text) {
                prop_assert!(range.start >= end && text.get(range.clone()).is_some(), "{range:?}");
                end = range.end;
            }
        }
    }
}
