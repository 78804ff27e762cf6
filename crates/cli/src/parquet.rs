//! Apache Parquet: a row is a thread, its columns are named on the command line.

use std::fs::File;
use std::path::Path;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};
use parquet::schema::types::Type;
use replylint::{Channel, did_you_mean};
use replylint_input::{InputError, InputThread};

/// So many rows are one piece of work.
const PIECE: usize = 256;

const FIELDS: [&str; 5] = ["id", "customer", "reply", "language", "channel"];

/// Rows of a file, read one after the other.
pub(crate) struct Rows {
    rows: RowIter<'static>,
    /// For each column that is read, the field that it holds.
    fields: Vec<(String, &'static str)>,
    number: usize,
    ended: bool,
}

/// Why a file cannot be read.
pub(crate) enum OpenError {
    /// The columns that were named are wrong.
    Columns(String),
    /// The file is no Parquet, or cannot be read.
    File(String),
}

impl Rows {
    /// Opens a file. `columns` are pairs `field=column`; fields that are not named are in columns of their own names,
    /// where there are such.
    pub fn open(path: &Path, columns: &[String]) -> Result<Rows, OpenError> {
        let failed = |error: &dyn std::fmt::Display| OpenError::File(error.to_string());
        let reader = File::open(path).map_err(|error| failed(&error))?;
        let reader = SerializedFileReader::new(reader).map_err(|error| failed(&error))?;
        let schema = reader.metadata().file_metadata().schema().clone();
        let known: Vec<&str> = schema.get_fields().iter().map(|column| column.name()).collect();
        let mut fields: Vec<(String, &'static str)> = Vec::new();
        for pair in columns {
            let Some((field, column)) = pair.split_once('=') else {
                return Err(OpenError::Columns(format!("replylint: `{pair}` is not FIELD=COLUMN")));
            };
            let field = one_of("field", field.trim(), &FIELDS)?;
            let column = one_of("column", column.trim(), &known)?;
            fields.push((column.to_owned(), FIELDS.iter().find(|known| **known == field).unwrap_or(&"id")));
        }
        for field in FIELDS {
            if known.contains(&field)
                && !fields.iter().any(|(column, named)| *named == field || column == field)
            {
                fields.push((field.to_owned(), field));
            }
        }
        if !fields.iter().any(|(_, field)| *field == "reply") {
            let message = format!(
                "replylint: {}: no column holds the replies; name it with --columns reply=COLUMN: there are {}",
                path.display(),
                known.join(", ")
            );
            return Err(OpenError::Columns(message));
        }
        let wanted = schema
            .get_fields()
            .iter()
            .filter(|column| fields.iter().any(|(name, _)| name == column.name()))
            .cloned()
            .collect();
        let projection = Type::group_type_builder(schema.name())
            .with_fields(wanted)
            .build()
            .map_err(|error| failed(&error))?;
        let rows = RowIter::from_file_into(Box::new(reader)).project(Some(projection));
        Ok(Rows { rows: rows.map_err(|error| failed(&error))?, fields, number: 0, ended: false })
    }

    /// The next rows with their 1-based numbers; `None` at the end.
    pub fn next_piece(&mut self) -> Option<Vec<(usize, Result<InputThread, InputError>)>> {
        let mut piece = Vec::new();
        while !self.ended && piece.len() < PIECE {
            match self.rows.next() {
                Some(Ok(row)) => {
                    self.number += 1;
                    piece.push((self.number, self.thread(&row)));
                }
                Some(Err(error)) => {
                    // Where a page is broken, nothing after it can be found.
                    self.number += 1;
                    self.ended = true;
                    piece.push((self.number, Err(InputError::of_row(None, &error.to_string()))));
                }
                None => self.ended = true,
            }
        }
        (!piece.is_empty()).then_some(piece)
    }

    fn thread(&self, row: &Row) -> Result<InputThread, InputError> {
        let mut values: [Option<String>; 5] = Default::default();
        for (column, value) in row.get_column_iter() {
            let text = match value {
                Field::Null => None,
                Field::Str(text) => Some(text.clone()),
                Field::Bytes(bytes) => match bytes.as_utf8() {
                    Ok(text) => Some(text.to_owned()),
                    Err(_) => {
                        return Err(InputError::of_row(
                            None,
                            &format!("column `{column}` is not valid UTF-8"),
                        ));
                    }
                },
                number @ (Field::Byte(_)
                | Field::Short(_)
                | Field::Int(_)
                | Field::Long(_)
                | Field::UByte(_)
                | Field::UShort(_)
                | Field::UInt(_)
                | Field::ULong(_)) => Some(number.to_string()),
                _ => {
                    return Err(InputError::of_row(None, &format!("column `{column}` holds no text")));
                }
            };
            for (_, field) in self.fields.iter().filter(|(name, _)| name == column) {
                if let Some(at) = FIELDS.iter().position(|known| known == field) {
                    values[at].clone_from(&text);
                }
            }
        }
        let [id, customer, reply, language, channel] = values;
        let Some(reply) = reply else { return Err(InputError::of_row(id, "the row has no reply")) };
        let channel = match channel.as_deref() {
            None | Some("") => None,
            Some("email") => Some(Channel::Email),
            Some("chat") => Some(Channel::Chat),
            Some("social") => Some(Channel::Social),
            Some("review") => Some(Channel::Review),
            Some(_) => {
                let message = "the channel is not one of email, chat, social, review";
                return Err(InputError::of_row(id, message));
            }
        };
        let mut input = InputThread::short(id, customer, reply);
        input.thread.channel = channel;
        input.thread.language = language.filter(|language| !language.is_empty());
        Ok(input)
    }
}

fn one_of<'k>(what: &str, name: &str, known: &[&'k str]) -> Result<&'k str, OpenError> {
    if let Some(found) = known.iter().find(|known| **known == name) {
        return Ok(found);
    }
    let help = match did_you_mean(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", known.join(", ")),
    };
    Err(OpenError::Columns(format!("replylint: unknown {what} `{name}`; {help}")))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
    use parquet::file::writer::SerializedFileWriter;
    use parquet::schema::parser::parse_message_type;

    use super::{OpenError, Rows};

    fn write(path: &Path, replies: &[Option<&str>]) {
        let schema = "message schema { required int64 ticket; optional binary question (UTF8); optional binary answer (UTF8); required boolean open; }";
        let schema = Arc::new(parse_message_type(schema).unwrap());
        let file = std::fs::File::create(path).unwrap();
        let mut writer = SerializedFileWriter::new(file, schema, Arc::default()).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let count = replies.len();
        let mut column = group.next_column().unwrap().unwrap();
        let ids: Vec<i64> = (0..count as i64).collect();
        column.typed::<Int64Type>().write_batch(&ids, None, None).unwrap();
        column.close().unwrap();
        for texts in [&vec![Some("Where is it?"); count][..], replies] {
            let mut column = group.next_column().unwrap().unwrap();
            let levels: Vec<i16> = texts.iter().map(|text| i16::from(text.is_some())).collect();
            let values: Vec<ByteArray> = texts.iter().flatten().map(|text| ByteArray::from(*text)).collect();
            column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).unwrap();
            column.close().unwrap();
        }
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<parquet::data_type::BoolType>().write_batch(&vec![true; count], None, None).unwrap();
        column.close().unwrap();
        group.close().unwrap();
        writer.close().unwrap();
    }

    #[test]
    fn rows_are_threads() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.parquet");
        write(&path, &[Some("You get it soon."), None]);
        let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let mut rows =
            Rows::open(&path, &columns(&["id=ticket", "customer=question", "reply=answer"])).ok().unwrap();
        let piece = rows.next_piece().unwrap();
        assert_eq!(piece.len(), 2);
        let first = piece[0].1.as_ref().unwrap();
        assert_eq!(first.id.as_deref(), Some("0"));
        assert_eq!(first.thread.messages[0].text, "Where is it?");
        assert_eq!(first.thread.draft.text, "You get it soon.");
        let second = piece[1].1.as_ref().unwrap_err();
        assert_eq!((second.id.as_deref(), second.message.as_str()), (Some("1"), "the row has no reply"));
        assert!(rows.next_piece().is_none());

        let error = |names: &[&str]| match Rows::open(&path, &columns(names)) {
            Err(OpenError::Columns(message)) => message,
            _ => String::new(),
        };
        assert_eq!(error(&["reply=answr"]), "replylint: unknown column `answr`; did you mean `answer`?");
        assert_eq!(error(&["replay=answer"]), "replylint: unknown field `replay`; did you mean `reply`?");
        assert!(error(&[]).contains("no column holds the replies"));
        std::fs::write(&path, b"PAR1 this is none PAR1").unwrap();
        assert!(matches!(Rows::open(&path, &[]), Err(OpenError::File(_))));
    }
}
