//! The input, message by message.
//!
//! The transport stops for good at the first message that it cannot read. So messages are read here first, and one
//! that is none is handed on as a note that says so, which is then answered as an error. The input also ends here
//! where the client says `exit`, even where the client keeps it open.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use tokio::io::{AsyncRead, ReadBuf};
use tower_lsp::jsonrpc::{Id, Response};

use crate::front::End;
use crate::server::Server;

/// The note for a body that is no JSON.
pub(crate) const NO_JSON: &str = "$/replylint/noJson";
/// The note for JSON that is no message.
pub(crate) const NO_MESSAGE: &str = "$/replylint/noMessage";

/// A header is short; what goes on without one is none.
const LONGEST_HEADER: usize = 16 * 1024;
/// A message of more bytes is a mistake in its header.
const LONGEST_BODY: usize = 1 << 30;

/// An input whose messages can all be read.
pub(crate) struct Input<R> {
    inner: R,
    end: Arc<End>,
    server: Arc<Server>,
    /// What has come and is not a whole message yet.
    incoming: Vec<u8>,
    /// What was handed on of `outgoing`.
    handed_on: usize,
    outgoing: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Input<R> {
    pub fn new(inner: R, end: Arc<End>, server: Arc<Server>) -> Self {
        Input { inner, end, server, incoming: Vec::new(), handed_on: 0, outgoing: Vec::new() }
    }

    fn hand_on(&mut self, buffer: &mut ReadBuf<'_>) {
        let rest = &self.outgoing[self.handed_on..];
        let length = rest.len().min(buffer.remaining());
        buffer.put_slice(&rest[..length]);
        self.handed_on += length;
        if self.handed_on == self.outgoing.len() {
            self.outgoing.clear();
            self.handed_on = 0;
        }
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Input<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let this = &mut *self;
        loop {
            if this.end.has_come() {
                return Poll::Ready(Ok(()));
            }
            if this.outgoing.is_empty() {
                // One message at a time, so that nothing after `exit` is handed on.
                take_message(&mut this.incoming, &mut this.outgoing);
            }
            if !this.outgoing.is_empty() {
                this.hand_on(buffer);
                return Poll::Ready(Ok(()));
            }
            let mut space = [0; 16 * 1024];
            let mut read = ReadBuf::new(&mut space);
            match Pin::new(&mut this.inner).poll_read(context, &mut read) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(())) if !read.filled().is_empty() => {
                    this.incoming.extend_from_slice(read.filled());
                }
                // An input that cannot be read is at its end.
                Poll::Ready(_) => {
                    this.end.come();
                    // Requests that are held until something changes are held no longer.
                    this.server.session.tell_end();
                    return Poll::Ready(Ok(()));
                }
            }
        }
    }
}

/// Moves one whole message from the one to the other; nothing where there is none yet.
fn take_message(incoming: &mut Vec<u8>, outgoing: &mut Vec<u8>) {
    let header_end = memchr::memmem::find(incoming, b"\r\n\r\n").map(|at| at + 4);
    let Some(body_start) = header_end else {
        if incoming.len() > LONGEST_HEADER {
            incoming.clear();
            note(NO_MESSAGE, outgoing);
        }
        return;
    };
    let Some(length) = content_length(&incoming[..body_start]) else {
        incoming.drain(..body_start);
        note(NO_MESSAGE, outgoing);
        return;
    };
    let body_end = body_start + length;
    let Some(body) = incoming.get(body_start..body_end) else {
        incoming.reserve((body_end - incoming.len()).min(LONGEST_HEADER));
        return;
    };
    if is_request(body) || serde_json::from_slice::<Response>(body).is_ok() {
        outgoing.extend_from_slice(format!("Content-Length: {length}\r\n\r\n").as_bytes());
        outgoing.extend_from_slice(body);
    } else if serde_json::from_slice::<IgnoredAny>(body).is_ok() {
        note(NO_MESSAGE, outgoing);
    } else {
        note(NO_JSON, outgoing);
    }
    incoming.drain(..body_end);
}

/// A request as the transport reads it; its parameters, which may hold a whole text, are passed over.
#[derive(Deserialize)]
struct Head<'b> {
    jsonrpc: Cow<'b, str>,
    #[serde(default)]
    method: Cow<'b, str>,
    #[serde(default, rename = "params")]
    _params: Option<IgnoredAny>,
    #[serde(default)]
    id: Option<Value>,
}

/// Whether the transport takes a body for a request or notification.
fn is_request(body: &[u8]) -> bool {
    serde_json::from_slice::<Head<'_>>(body).is_ok_and(|head| {
        head.jsonrpc == "2.0"
            && !head.method.is_empty()
            && head.id.is_none_or(|id| Id::deserialize(id).is_ok())
    })
}

/// The length that a header names, whatever stands around it.
fn content_length(header: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    let at = header.windows(NAME.len()).rposition(|part| part.eq_ignore_ascii_case(NAME))?;
    let rest = &header[at + NAME.len()..];
    let line = &rest[..rest.iter().position(|byte| *byte == b'\r')?];
    let length = std::str::from_utf8(line).ok()?.trim().parse().ok()?;
    (length <= LONGEST_BODY).then_some(length)
}

fn note(method: &str, outgoing: &mut Vec<u8>) {
    let body = format!("{{\"jsonrpc\":\"2.0\",\"method\":\"{method}\"}}");
    outgoing.extend_from_slice(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use tower_lsp::jsonrpc::Request;

    use super::{NO_JSON, NO_MESSAGE, is_request, take_message};

    fn bodies(input: &[u8]) -> Vec<String> {
        let mut incoming = input.to_vec();
        let mut out = Vec::new();
        loop {
            let mut outgoing = Vec::new();
            take_message(&mut incoming, &mut outgoing);
            if outgoing.is_empty() {
                return out;
            }
            let text = String::from_utf8(outgoing).unwrap();
            out.push(text.split_once("\r\n\r\n").unwrap().1.to_owned());
        }
    }

    #[test]
    fn what_is_no_message_does_not_hide_the_next() {
        let good = r#"{"jsonrpc":"2.0","method":"a"}"#;
        let frame = |body: &str| format!("Content-Length: {}\r\n\r\n{body}", body.len());
        let input = [
            frame("{"),
            frame(good),
            frame("[1]"),
            "Nonsense\r\n\r\n".to_owned(),
            format!("Content-Type: x\r\ncontent-LENGTH:{}\r\n\r\n{good}", good.len()),
            frame(r#"{"jsonrpc":"2.0","id":1,"result":null}"#),
            "Content-Length: 99999999999999\r\n\r\n".to_owned(),
            frame(good),
        ]
        .concat();
        let note = |method: &str| format!(r#"{{"jsonrpc":"2.0","method":"{method}"}}"#);
        let expected = [
            note(NO_JSON),
            good.to_owned(),
            note(NO_MESSAGE),
            note(NO_MESSAGE),
            good.to_owned(),
            r#"{"jsonrpc":"2.0","id":1,"result":null}"#.to_owned(),
            note(NO_MESSAGE),
            good.to_owned(),
        ];
        assert_eq!(bodies(input.as_bytes()), expected);
    }

    #[test]
    fn requests_are_those_of_the_transport() {
        for body in [
            r#"{"jsonrpc":"2.0","method":"a"}"#,
            r#"{"jsonrpc":"2.0","method":"a","id":null}"#,
            r#"{"jsonrpc":"2.0","method":"a","id":"x","params":null}"#,
            r#"{"jsonrpc":"2.0","method":"a","id":1.5}"#,
            r#"{"jsonrpc":"2.0","method":"a","id":[1]}"#,
            r#"{"jsonrpc":"2.0","method":"a","id":-7,"more":{"b":[1]}}"#,
            r#"{"jsonrpc":"2.0","method":"a\u0062","params":{"text":"\ud83d\ude00"}}"#,
            r#"{"jsonrpc":"1.0","method":"a"}"#,
            r#"{"jsonrpc":"2.0","method":""}"#,
            r#"{"jsonrpc":"2.0","method":null}"#,
            r#"{"jsonrpc":"2.0","method":"a","params":[1,}"#,
            r#"{"method":"a"}"#,
            "[]",
        ] {
            let read =
                serde_json::from_str::<Request>(body).is_ok_and(|request| !request.method().is_empty());
            assert_eq!(is_request(body.as_bytes()), read, "{body}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(prop::sample::select(b"Content-Length: 12\r\n\r\n{}[]\"\xff".to_vec()), 0..200)) {
            bodies(&bytes);
        }
    }
}
