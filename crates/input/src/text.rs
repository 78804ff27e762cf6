//! Plain text and Markdown: the draft, and what it quotes.

use replylint::{Message, Role, Thread};

use crate::map::{Place, Places};
use crate::quotes::quoted_messages;
use crate::{Form, InputError, InputThread, SourceMap, front_matter, markdown, not_utf8};

/// Reads a text file. A byte order mark stays in the text's offsets but is no word.
pub(crate) fn read(form: Form, bytes: &[u8]) -> Result<InputThread, InputError> {
    let text = std::str::from_utf8(bytes).map_err(not_utf8)?;
    let matter = if form == Form::Markdown { front_matter::read(text) } else { None };
    let matter = matter.transpose()?.unwrap_or_default();
    let draft = &text[matter.end..];
    let map = SourceMap::verbatim(matter.end, draft.len());

    let mut thread = Thread::new(draft);
    let mut places = Vec::new();
    if let Some((customer, map)) = matter.customer {
        thread.messages.push(Message::new(Role::Customer, customer));
        places.push(Place::readable(map));
    }
    for (message, place) in quoted_messages(draft, &map).into_iter().map(|quoted| quoted.into_message(true)) {
        thread.messages.push(message);
        places.push(place);
    }
    if form == Form::Markdown {
        thread.draft.not_prose = markdown::not_prose(draft);
    }
    thread.channel = matter.channel;
    thread.language = matter.language;
    thread.draft.at = matter.at;
    let places = Places { draft: Place::readable(map), messages: places };
    Ok(InputThread { id: None, thread, places, ignore: matter.ignore })
}
