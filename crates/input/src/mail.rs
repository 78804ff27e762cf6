//! Mail: one message, a draft with headers, or a whole mailbox.

use std::collections::BTreeMap;
use std::ops::Range;

use mail_parser::{
    Address, Encoding, HeaderValue, Message as Parsed, MessageParser, MessagePart, MimeHeaders, PartType,
};
use replylint::{Channel, Message, Role, Thread};

use crate::map::{Place, Places, TextBuilder};
use crate::quotes::{own_words, quoted_messages};
use crate::{Input, InputError, InputThread, SourceMap, html};

/// One mail, read.
struct Mail {
    id: Option<String>,
    /// The ids of the mails before it: what it answers comes last.
    references: Vec<String>,
    at: Option<jiff::Timestamp>,
    from: Option<Person>,
    to: Option<Person>,
    attachments: Vec<String>,
    body: TextBuilder,
    is_readable: bool,
    /// Whether the mail program marked it as not sent yet.
    is_draft: bool,
}

#[derive(Clone)]
struct Person {
    name: Option<String>,
    address: String,
}

/// Reads one mail as the draft of a reply; what it quotes is the thread.
pub(crate) fn read(bytes: &[u8]) -> Result<Input, InputError> {
    let id = MessageParser::default()
        .parse_headers(bytes)
        .and_then(|headers| headers.message_id().map(str::to_owned));
    let error = |message: String| InputError { id: id.clone(), message, fault: None };
    let mail = parse(bytes, &SourceMap::verbatim(0, bytes.len())).map_err(error)?;
    Ok(match mail {
        Some(mail) => reply(mail, Vec::new()),
        None => Input::NotApplicable { id, reason: "the mail holds no text".to_owned() },
    })
}

/// Reads a mailbox: its mails are put together to threads, and the last mail of each thread that the customer did not
/// write is the draft.
pub(crate) fn read_mbox(bytes: &[u8]) -> Vec<Result<Input, InputError>> {
    let mut out = Vec::new();
    let mut mails = Vec::new();
    for range in split(bytes) {
        let (unescaped, map) = unescape(bytes, &range);
        match parse(&unescaped, &map) {
            Ok(Some(mail)) => mails.push(mail),
            Ok(None) => {}
            Err(message) => {
                let message = format!("the mail at byte {}: {message}", range.start);
                out.push(Err(InputError::new(message)));
            }
        }
    }
    if mails.is_empty() && out.is_empty() {
        let message = "there is no mail in it: each begins with a line \"From …\"";
        return vec![Err(InputError::new(message))];
    }
    let is_alone = mails.len() == 1;
    out.extend(threads(mails).into_iter().map(|thread| Ok(settle(thread, is_alone))));
    out
}

/// Where the mails of a mailbox stand, without the lines "From …" above them.
fn split(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    let mut after_blank = true;
    while at < bytes.len() {
        let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |found| at + found + 1);
        let line = &bytes[at..end];
        if after_blank && line.starts_with(b"From ") {
            if let Some(last) = ranges.last_mut() {
                last.end = at;
            }
            ranges.push(end..bytes.len());
        }
        after_blank = line.iter().all(u8::is_ascii_whitespace);
        at = end;
    }
    ranges
}

/// A mail of a mailbox without the mark that keeps lines which begin with "From " from being taken for the next one.
fn unescape(bytes: &[u8], range: &Range<usize>) -> (Vec<u8>, SourceMap) {
    let mut out = Vec::with_capacity(range.len());
    let mut map = SourceMap::default();
    let mut at = range.start;
    while at < range.end {
        let end = memchr::memchr(b'\n', &bytes[at..range.end]).map_or(range.end, |found| at + found + 1);
        let marks = bytes[at..end].iter().take_while(|byte| **byte == b'>').count();
        let start = at + usize::from(marks > 0 && bytes[at + marks..end].starts_with(b"From "));
        map.push(out.len()..out.len() + end - start, start..end);
        out.extend_from_slice(&bytes[start..end]);
        at = end;
    }
    (out, map)
}

/// Mails that answer one another, each thread oldest first, the threads in the order of their first mail.
fn threads(mails: Vec<Mail>) -> Vec<Vec<Mail>> {
    let by_id: BTreeMap<String, usize> =
        mails.iter().enumerate().filter_map(|(at, mail)| Some((mail.id.clone()?, at))).collect();
    let mut root: Vec<usize> = (0..mails.len()).collect();
    fn find(root: &mut [usize], mut at: usize) -> usize {
        while root[at] != at {
            root[at] = root[root[at]];
            at = root[at];
        }
        at
    }
    for (at, mail) in mails.iter().enumerate() {
        for before in mail.references.iter().filter_map(|id| by_id.get(id)) {
            let (a, b) = (find(&mut root, at), find(&mut root, *before));
            let first = a.min(b);
            root[a] = first;
            root[b] = first;
        }
    }
    let mut threads: BTreeMap<usize, Vec<Mail>> = BTreeMap::new();
    for (at, mail) in mails.into_iter().enumerate() {
        let first = find(&mut root, at);
        threads.entry(first).or_default().push(mail);
    }
    let mut threads: Vec<Vec<Mail>> = threads.into_values().collect();
    for thread in &mut threads {
        thread.sort_by_key(|mail| (mail.is_draft, mail.at));
    }
    threads
}

fn settle(mut thread: Vec<Mail>, is_alone: bool) -> Input {
    let same = |a: &Mail, b: &Mail| match (&a.from, &b.from) {
        (Some(a), Some(b)) => a.address == b.address,
        _ => false,
    };
    let draft = match thread.as_slice() {
        [mail]
            if is_alone || mail.is_draft || !quoted_messages(&mail.body.text, &mail.body.map).is_empty() =>
        {
            Some(0)
        }
        [_] => None,
        mails if mails.last().is_some_and(|mail| mail.is_draft) => Some(mails.len() - 1),
        // Who wrote first asked.
        mails => mails.iter().rposition(|mail| !same(mail, &mails[0])),
    };
    let Some(draft) = draft else {
        let id = thread.swap_remove(0).id;
        let reason = "nobody has answered this mail: it quotes none and no mail of the file answers it";
        return Input::NotApplicable { id, reason: reason.to_owned() };
    };
    thread.truncate(draft + 1);
    match thread.pop() {
        Some(draft) => reply(draft, thread),
        None => Input::NotApplicable { id: None, reason: "the thread is empty".to_owned() },
    }
}

/// The thread that a mail answers: the mails before it, or else what it quotes.
fn reply(draft: Mail, before: Vec<Mail>) -> Input {
    let mut thread = Thread::default();
    let mut places = Vec::new();
    let place =
        |map: SourceMap, readable: bool| if readable { Place::readable(map) } else { Place::coded(map) };
    for mail in &before {
        let role = match (&mail.from, &draft.from) {
            (Some(a), Some(b)) if a.address == b.address => Role::Agent,
            _ => Role::Customer,
        };
        let own = own_words(&mail.body.text, &mail.body.map);
        let mut message = Message::new(role, own.text);
        message.at = mail.at;
        message.from = mail.from.as_ref().and_then(|person| person.name.clone());
        thread.messages.push(message);
        places.push(place(own.map, mail.is_readable));
    }
    if before.is_empty() {
        for quoted in quoted_messages(&draft.body.text, &draft.body.map) {
            let (message, place) = quoted.into_message(draft.is_readable);
            thread.messages.push(message);
            places.push(place);
        }
        // Who gets the answer asked the question.
        if let Some(last) = thread.messages.last_mut().filter(|message| message.from.is_none()) {
            last.from = draft.to.and_then(|person| person.name);
        }
    }
    thread.channel = Some(Channel::Email);
    thread.draft.text = draft.body.text;
    thread.draft.at = draft.at;
    thread.draft.attachments = Some(draft.attachments);
    let places = Places { draft: place(draft.body.map, draft.is_readable), messages: places };
    InputThread { id: draft.id, thread, places, ignore: Vec::new() }.into()
}

/// Reads a mail; `None` where it has no text. `source` leads from its bytes to those of the file.
fn parse(bytes: &[u8], source: &SourceMap) -> Result<Option<Mail>, String> {
    let parsed = MessageParser::default()
        .parse(bytes)
        .filter(|parsed| parsed.headers().iter().any(|header| !header.name().contains(' ')))
        .ok_or("this is no mail: it does not begin with headers")?;
    let mut body = TextBuilder::default();
    let mut is_readable = true;
    let mut bodies: Vec<&MessagePart<'_>> = parsed.text_bodies().filter(|part| part.is_text()).collect();
    if bodies.iter().all(|part| part.text_contents().is_none_or(|text| text.trim().is_empty())) {
        bodies = parsed.html_bodies().filter(|part| part.is_text()).collect();
    }
    let cut_off = parsed.parts.iter().find(|part| part.is_encoding_problem && is_letter(part));
    if let Some(part) = cut_off {
        return Err(format!(
            "the text at byte {} is cut off or its encoding is broken",
            source.to_source(&(part.offset_body as usize..part.offset_body as usize)).start
        ));
    }
    for part in bodies {
        let (text, map, readable) = decoded(bytes, part)?;
        if !body.text.is_empty() {
            body.push_new("\n");
        }
        // The map leads to the mail's bytes, the mail's own map on to the file's.
        body.push(&text, &map.through(source), 0..text.len());
        is_readable &= readable;
    }
    if body.text.trim().is_empty() {
        return Ok(None);
    }
    let text_of = |name: &str| parsed.header(name.to_owned()).is_some();
    Ok(Some(Mail {
        id: parsed.message_id().map(str::to_owned),
        references: ids(parsed.references()).chain(ids(parsed.in_reply_to())).collect(),
        at: parsed
            .date()
            .filter(|date| date.is_valid())
            .and_then(|date| jiff::Timestamp::from_second(date.to_timestamp()).ok()),
        from: person(parsed.from()),
        to: person(parsed.to()),
        attachments: attachments(&parsed),
        body,
        is_readable,
        is_draft: text_of("X-Unsent") || text_of("X-Mozilla-Draft-Info"),
    }))
}

/// Whether a part is text of the mail and no attached file.
fn is_letter(part: &MessagePart<'_>) -> bool {
    let is_file = part.content_disposition().is_some_and(|disposition| disposition.is_attachment());
    let is_text = part
        .content_type()
        .is_none_or(|kind| kind.ctype() == "text" && matches!(kind.subtype(), Some("plain" | "html") | None));
    is_text && !is_file && part.attachment_name().is_none()
}

fn ids<'a>(value: &'a HeaderValue<'_>) -> impl Iterator<Item = String> + 'a {
    let list: Vec<String> = match value {
        HeaderValue::Text(id) => vec![id.to_string()],
        HeaderValue::TextList(ids) => ids.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    };
    list.into_iter()
}

fn person(addresses: Option<&Address<'_>>) -> Option<Person> {
    let first = addresses?.first()?;
    Some(Person {
        name: first.name().map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned),
        address: first.address().unwrap_or_default().to_lowercase(),
    })
}

fn attachments(parsed: &Parsed<'_>) -> Vec<String> {
    parsed
        .attachments()
        .map(|part| match part.attachment_name() {
            Some(name) => name.to_owned(),
            None => part.content_type().map_or_else(
                || "attachment".to_owned(),
                |kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("*")),
            ),
        })
        .collect()
}

/// A part's text, where it stands in the mail, and whether people can read it there.
fn decoded(bytes: &[u8], part: &MessagePart<'_>) -> Result<(String, SourceMap, bool), String> {
    let range = part.offset_body as usize..(part.offset_end as usize).max(part.offset_body as usize);
    let encoded = bytes.get(range.clone()).unwrap_or_default();
    let text = part.text_contents().unwrap_or_default();
    let charset = part.content_type().and_then(|kind| kind.attribute("charset"));
    let is_utf8 =
        charset.is_none_or(|name| matches!(&*name.to_ascii_lowercase(), "utf-8" | "utf8" | "us-ascii"));
    if part.encoding == Encoding::Base64 && is_cut_base64(encoded) {
        return Err(format!("the base64 text at byte {} is cut off", range.start));
    }
    if text.contains('\u{fffd}') && !is_replacement_written(encoded, part) {
        let name = charset.unwrap_or("utf-8");
        let known: String =
            name.chars().filter(|sign| sign.is_ascii_alphanumeric() || "-_".contains(*sign)).collect();
        return Err(format!("the text at byte {} is not in its charset, {known}", range.start));
    }
    if let PartType::Html(html) = &part.body {
        let (text, words) = html::to_text(html)?;
        let map = match body_map(encoded, range.start, part.encoding, html) {
            Some(html) => words.through(&html),
            None => SourceMap::whole(text.len(), range),
        };
        return Ok((text, map, false));
    }
    let readable = is_utf8 && part.encoding == Encoding::None;
    let map = body_map(encoded, range.start, part.encoding, text)
        .unwrap_or_else(|| SourceMap::whole(text.len(), range));
    Ok((text.to_owned(), map, readable))
}

fn is_cut_base64(encoded: &[u8]) -> bool {
    let letters = encoded.iter().filter(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte)).count();
    let padding = encoded.iter().filter(|byte| **byte == b'=').count();
    // Some programs leave the padding out; a single letter over is nothing that can be decoded.
    letters % 4 == 1 || padding > 0 && (letters + padding) % 4 != 0
}

/// Whether the writer wrote the replacement sign: then it is no sign of a wrong charset.
fn is_replacement_written(encoded: &[u8], part: &MessagePart<'_>) -> bool {
    match part.encoding {
        Encoding::None => memchr::memmem::find(encoded, "\u{fffd}".as_bytes()).is_some(),
        Encoding::QuotedPrintable => memchr::memmem::find(encoded, b"=EF=BF=BD").is_some(),
        Encoding::Base64 => false,
    }
}

/// Longer bodies are not followed byte by byte.
const LONGEST_CODED: usize = 4 * 1024 * 1024;

/// Where each byte of a text part stands; `None` where its encoding does not tell.
fn body_map(encoded: &[u8], start: usize, encoding: Encoding, text: &str) -> Option<SourceMap> {
    if encoding == Encoding::None && encoded.starts_with(text.as_bytes()) {
        return Some(SourceMap::verbatim(start, text.len()));
    }
    if encoded.len() > LONGEST_CODED {
        return None;
    }
    let bytes: Vec<(u8, Range<usize>)> = match encoding {
        Encoding::None => encoded.iter().enumerate().map(|(at, byte)| (*byte, at..at + 1)).collect(),
        Encoding::QuotedPrintable => quoted_printable(encoded),
        Encoding::Base64 => return None,
    };
    let mut map = SourceMap::default();
    let mut push = |text: Range<usize>, from: &Range<usize>, to: &Range<usize>| {
        map.push(text, start + from.start..start + to.end);
    };
    let is_same =
        bytes.len() >= text.len() && text.bytes().zip(&bytes).all(|(byte, (coded, _))| byte == *coded);
    let mut at = 0;
    for (index, sign) in text.chars().enumerate() {
        let end = at + sign.len_utf8();
        // In a charset of single bytes, a character is a byte.
        let (first, last) = if is_same { (at, end - 1) } else { (index, index) };
        push(at..end, &bytes.get(first)?.1, &bytes.get(last)?.1);
        at = end;
    }
    (is_same || text.chars().count() == bytes.len()).then_some(map)
}

/// The bytes of quoted-printable text with where each was written.
fn quoted_printable(encoded: &[u8]) -> Vec<(u8, Range<usize>)> {
    let hex = |at: usize| encoded.get(at).and_then(|digit| char::from(*digit).to_digit(16));
    let mut out: Vec<(u8, Range<usize>)> = Vec::with_capacity(encoded.len());
    let mut at = 0;
    // White space at a line's end is none of the text.
    let mut spaces = 0;
    while let Some(&byte) = encoded.get(at) {
        let length = match byte {
            b'=' => match (hex(at + 1), hex(at + 2)) {
                (Some(high), Some(low)) => {
                    out.push(((high * 16 + low) as u8, at..at + 3));
                    spaces = 0;
                    3
                }
                _ => {
                    let rest = &encoded[at + 1..];
                    let blank = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r')).count();
                    if rest.get(blank) == Some(&b'\n') {
                        spaces = 0;
                        blank + 2
                    } else {
                        out.push((b'=', at..at + 1));
                        1
                    }
                }
            },
            b'\n' | b'\r' => {
                out.truncate(out.len() - spaces);
                spaces = 0;
                out.push((byte, at..at + 1));
                1
            }
            _ => {
                spaces = if byte == b' ' || byte == b'\t' { spaces + 1 } else { 0 };
                out.push((byte, at..at + 1));
                1
            }
        };
        at += length;
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use replylint::{Channel, Role};

    use super::{read, read_mbox};
    use crate::{Input, InputThread};

    fn thread(input: Input) -> InputThread {
        match input {
            Input::Thread(thread) => *thread,
            other => panic!("{other:?}"),
        }
    }

    fn mail(headers: &str, body: &str) -> String {
        format!(
            "From: Shop <help@shop.example>\r\nTo: Ana Pop <ana@example.com>\r\nDate: Mon, 4 May 2026 12:12:00 +0200\r\nMessage-ID: <2@shop>\r\nIn-Reply-To: <1@example>\r\n{headers}\r\n{body}"
        )
    }

    /// The source of the first `word` of the draft.
    fn source<'a>(input: &InputThread, bytes: &'a [u8], word: &str) -> &'a [u8] {
        let at = input.thread.draft.text.find(word).unwrap();
        &bytes[input.places.draft.to_source(bytes, &(at..at + word.len()))]
    }

    #[test]
    fn a_plain_mail_is_a_draft_with_what_it_quotes() {
        let text = mail("", "It is here.\r\n\r\n> Where is it?\r\n");
        let input = thread(read(text.as_bytes()).unwrap());
        assert_eq!(input.id.as_deref(), Some("2@shop"));
        assert_eq!(input.thread.channel, Some(Channel::Email));
        assert_eq!(input.thread.draft.at.unwrap().to_string(), "2026-05-04T10:12:00Z");
        assert_eq!(input.thread.draft.attachments, Some(vec![]));
        assert_eq!(input.thread.messages[0].from.as_deref(), Some("Ana Pop"));
        assert_eq!(input.thread.messages[0].text, "Where is it?");
        assert_eq!(source(&input, text.as_bytes(), "here"), b"here");
        assert!(input.places.draft.is_readable());
    }

    #[test]
    fn encodings_are_followed() {
        let quoted = mail(
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n",
            "C=C3=A9z=C3=A9r,  \r\nthe seat reaches you s=\r\noon.\r\n",
        );
        let input = thread(read(quoted.as_bytes()).unwrap());
        assert_eq!(input.thread.draft.text, "Cézér,\r\nthe seat reaches you soon.\r\n");
        assert_eq!(source(&input, quoted.as_bytes(), "soon"), b"s=\r\noon");
        assert_eq!(source(&input, quoted.as_bytes(), "é"), b"=C3=A9");

        let mut latin = mail("Content-Type: text/plain; charset=windows-1250\r\n", "").into_bytes();
        latin.extend_from_slice(b"Hamar meg\xe9rkezik a sz\xe9k.");
        let input = thread(read(&latin).unwrap());
        assert_eq!(input.thread.draft.text, "Hamar megérkezik a szék.");
        assert_eq!(source(&input, &latin, "szék"), b"sz\xe9k");

        let base64 = mail(
            "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n",
            "w4F0dMOpdCBoYW1hci4=\r\n",
        );
        let input = thread(read(base64.as_bytes()).unwrap());
        assert_eq!(input.thread.draft.text, "Áttét hamar.");
        assert!(!input.places.draft.is_readable());
    }

    #[test]
    fn html_alone_becomes_text_and_files_are_named() {
        let text = mail(
            "Content-Type: multipart/mixed; boundary=b\r\n",
            "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>It is <b>here</b>.</p><blockquote>Where is it?</blockquote>\r\n--b\r\nContent-Type: application/pdf; name=\"bill.pdf\"\r\nContent-Disposition: attachment; filename=\"bill.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n",
        );
        let input = thread(read(text.as_bytes()).unwrap());
        assert_eq!(input.thread.draft.text, "It is here.\n\n> Where is it?\n");
        assert_eq!(input.thread.messages[0].text, "Where is it?");
        assert_eq!(input.thread.draft.attachments, Some(vec!["bill.pdf".into()]));
    }

    #[test]
    fn broken_mails_say_why() {
        let error = |headers: &str, body: &str| read(mail(headers, body).as_bytes()).unwrap_err().message;
        let base64 = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n";
        assert_eq!(error(base64, "w4F0dMOpd"), "the base64 text at byte 227 is cut off");
        let cut =
            "--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nw4F0dMOpdCBo\r\n";
        let mixed = "Content-Type: multipart/mixed; boundary=b\r\n";
        assert!(error(mixed, cut).ends_with("is cut off or its encoding is broken"), "{}", error(mixed, cut));
        let wrong =
            [mail("Content-Type: text/plain; charset=utf-8\r\n", "Hamar meg").as_bytes(), b"\xe9rkezik"]
                .concat();
        assert!(read(&wrong).unwrap_err().message.ends_with("is not in its charset, utf-8"));
        assert_eq!(
            read(b"Hello there").unwrap_err().message,
            "this is no mail: it does not begin with headers"
        );
        assert!(matches!(read(mail("", "").as_bytes()).unwrap(), Input::NotApplicable { .. }));
    }

    #[test]
    fn a_mailbox_is_put_together_to_threads() {
        let mbox = "From ana@example.com Mon May  4 10:00:00 2026\nFrom: Ana <ana@example.com>\nMessage-ID: <1@x>\nDate: Mon, 4 May 2026 10:00:00 +0000\n\nWhere is it?\n\n\
From help@shop.example Mon May  4 11:00:00 2026\nFrom: Shop <help@shop.example>\nMessage-ID: <2@x>\nIn-Reply-To: <1@x>\nDate: Mon, 4 May 2026 11:00:00 +0000\n\nFirst line.\n\n>From Monday on it is here soon.\n\n> Where is it?\n\n\
From zoe@example.com Mon May  4 12:00:00 2026\nFrom: Zoe <zoe@example.com>\nMessage-ID: <3@x>\nDate: Mon, 4 May 2026 12:00:00 +0000\n\nIs it open?\n";
        let mut inputs = read_mbox(mbox.as_bytes()).into_iter().map(Result::unwrap);
        let first = thread(inputs.next().unwrap());
        assert_eq!(first.id.as_deref(), Some("2@x"));
        assert_eq!(first.thread.messages.len(), 1);
        assert_eq!(first.thread.messages[0].role, Role::Customer);
        assert_eq!(first.thread.messages[0].text, "Where is it?");
        assert!(first.thread.draft.text.contains("\nFrom Monday on"));
        assert_eq!(source(&first, mbox.as_bytes(), "soon"), b"soon");
        let Input::NotApplicable { id, .. } = inputs.next().unwrap() else { panic!("a thread") };
        assert_eq!(id.as_deref(), Some("3@x"));
        assert!(inputs.next().is_none());
    }

    proptest! {
        #[test]
        fn any_mail_is_read(bytes in "(From: a@b\r\n|To: x\n|\r\n|\n|Content-Type: |multipart/mixed; boundary=b|text/plain|text/html|; charset=(utf-8|x|iso-8859-2)|Content-Transfer-Encoding: (base64|quoted-printable)|--b|--|=|=C3|é|<p>|From |>From |> |a|Date: Mon, 4 May){0,40}") {
            if let Ok(Input::Thread(input)) = read(bytes.as_bytes()) {
                let source = input.places.draft.to_source(bytes.as_bytes(), &(0..input.thread.draft.text.len()));
                prop_assert!(source.end <= bytes.len());
            }
            read_mbox(bytes.as_bytes());
        }

        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes);
            read_mbox(&bytes);
        }
    }
}
