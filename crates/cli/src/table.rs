//! Findings as Apache Parquet: a row is a reply, its findings are a list of structures in it. The names and the meaning
//! are those of the JSON output.

use std::fs::File;
use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, ConvertedType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::{Type, TypePtr};
use serde_json::Value;

const SCHEMA: &str = "message reply {
  optional binary id (UTF8);
  optional binary language (UTF8);
  required double confidence;
  optional int64 score;
  optional group scores {
    optional int64 clarity;
    optional int64 positivity;
    optional int64 ownership;
    optional int64 tone;
    optional int64 completeness;
    optional int64 concision;
    optional int64 safety;
  }
  required group findings (LIST) {
    repeated group list {
      required group element {
        required binary rule (UTF8);
        optional binary kind (UTF8);
        required binary severity (UTF8);
        required binary target (UTF8);
        optional int64 message_index;
        required int64 start;
        required int64 end;
        required int64 line;
        required int64 column;
        optional group source {
          required int64 start;
          required int64 end;
          required int64 line;
          required int64 column;
        }
        required binary text (UTF8);
        required binary fingerprint (UTF8);
        required binary message (UTF8);
        required group suggestions (LIST) {
          repeated group list {
            required group element {
              required binary title (UTF8);
              required binary replacement (UTF8);
              required int64 start;
              required int64 end;
              required binary applicability (UTF8);
            }
          }
        }
      }
    }
  }
  optional binary error (UTF8);
  optional binary not_applicable (UTF8);
}";

/// Rows are written when about so many bytes of them are held: it bounds the memory.
const GROUP: usize = 32 << 20;
/// What a value takes beside its text.
const VALUE: usize = 48;

/// A file that rows are written to.
pub(crate) struct Table<W: Write + Send = File> {
    writer: SerializedFileWriter<W>,
    schema: TypePtr,
    /// In the order of the schema.
    columns: Vec<Column>,
    held: usize,
}

/// The values of a column that wait to be written, with their levels: how much of the way to the value is there, and
/// which list it goes on with.
struct Column {
    values: Values,
    definitions: Vec<i16>,
    repetitions: Vec<i16>,
}

enum Values {
    Texts(Vec<ByteArray>),
    Wholes(Vec<i64>),
    Reals(Vec<f64>),
}

impl<W: Write + Send> Table<W> {
    pub fn new(out: W) -> Result<Self, ParquetError> {
        let schema = Arc::new(parse_message_type(SCHEMA)?);
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
            .set_created_by(concat!("replylint ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let writer = SerializedFileWriter::new(out, Arc::clone(&schema), Arc::new(properties))?;
        let columns = writer
            .schema_descr()
            .columns()
            .iter()
            .map(|column| Column {
                values: match column.physical_type() {
                    Physical::DOUBLE => Values::Reals(Vec::new()),
                    Physical::INT64 => Values::Wholes(Vec::new()),
                    _ => Values::Texts(Vec::new()),
                },
                definitions: Vec::new(),
                repetitions: Vec::new(),
            })
            .collect();
        Ok(Table { writer, schema, columns, held: 0 })
    }

    /// Adds a record of the JSON output as a row.
    pub fn add(&mut self, record: &Value) -> Result<(), ParquetError> {
        let schema = Arc::clone(&self.schema);
        let mut shredder = Shredder { columns: &mut self.columns, at: 0, held: 0 };
        for field in schema.get_fields() {
            shredder.shred(field, record.get(field.name()), Levels::default());
        }
        self.held += shredder.held;
        if self.held >= GROUP {
            self.write_group()?;
        }
        Ok(())
    }

    /// Writes what is held and the end of the file.
    pub fn finish(mut self) -> Result<W, ParquetError> {
        if self.held > 0 {
            self.write_group()?;
        }
        self.writer.into_inner()
    }

    fn write_group(&mut self) -> Result<(), ParquetError> {
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            column.write(&mut group)?;
        }
        group.close()?;
        self.held = 0;
        Ok(())
    }
}

impl Column {
    fn write<W: Write + Send>(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        let Some(mut writer) = group.next_column()? else { return Ok(()) };
        // Levels that are zero throughout are not stored for columns which have none.
        let (definitions, repetitions) = (Some(&*self.definitions), Some(&*self.repetitions));
        match &mut self.values {
            Values::Texts(texts) => {
                writer.typed::<ByteArrayType>().write_batch(texts, definitions, repetitions)?;
                texts.clear();
            }
            Values::Wholes(numbers) => {
                writer.typed::<Int64Type>().write_batch(numbers, definitions, repetitions)?;
                numbers.clear();
            }
            Values::Reals(numbers) => {
                writer.typed::<DoubleType>().write_batch(numbers, definitions, repetitions)?;
                numbers.clear();
            }
        }
        writer.close()?;
        self.definitions.clear();
        self.repetitions.clear();
        Ok(())
    }
}

/// Where a value stands in its row.
#[derive(Debug, Clone, Copy, Default)]
struct Levels {
    definition: i16,
    repetition: i16,
    /// The number of lists around it.
    lists: i16,
}

/// Takes a record apart into the columns.
struct Shredder<'a> {
    columns: &'a mut [Column],
    /// The column that comes next.
    at: usize,
    held: usize,
}

impl Shredder<'_> {
    fn shred(&mut self, node: &Type, value: Option<&Value>, levels: Levels) {
        let value = value.filter(|value| !value.is_null());
        let is_optional = node.get_basic_info().repetition() == Repetition::OPTIONAL;
        let inside = Levels { definition: levels.definition + i16::from(is_optional), ..levels };
        if node.is_primitive() {
            let is_there = self.push(value, levels.repetition);
            let definition = if is_there { inside.definition } else { levels.definition };
            self.columns[self.at].definitions.push(definition);
            self.at += 1;
            return;
        }
        let levels = if value.is_some() { inside } else { levels };
        if node.get_basic_info().converted_type() == ConvertedType::LIST {
            for list in node.get_fields() {
                self.shred_list(list, value.and_then(Value::as_array).map_or(&[], Vec::as_slice), levels);
            }
        } else {
            for field in node.get_fields() {
                self.shred(field, value.and_then(|value| value.get(field.name())), levels);
            }
        }
    }

    /// The items of a list; `node` is the repeated group between the list and its element.
    fn shred_list(&mut self, node: &Type, items: &[Value], levels: Levels) {
        let first = self.at;
        let lists = levels.lists + 1;
        if items.is_empty() {
            for element in node.get_fields() {
                self.shred(element, None, Levels { lists, ..levels });
            }
        }
        for (number, item) in items.iter().enumerate() {
            // The columns of the element take one item after the other.
            self.at = first;
            let repetition = if number == 0 { levels.repetition } else { lists };
            for element in node.get_fields() {
                self.shred(
                    element,
                    Some(item),
                    Levels { definition: levels.definition + 1, repetition, lists },
                );
            }
        }
    }

    /// Adds a value to the next column; whether there was one.
    fn push(&mut self, value: Option<&Value>, repetition: i16) -> bool {
        let column = &mut self.columns[self.at];
        column.repetitions.push(repetition);
        self.held += VALUE;
        match (&mut column.values, value) {
            (Values::Texts(texts), Some(Value::String(text))) => {
                self.held += text.len();
                texts.push(text.as_str().into());
            }
            (Values::Wholes(numbers), Some(value)) if value.is_i64() => numbers.extend(value.as_i64()),
            (Values::Reals(numbers), Some(value)) if value.is_number() => numbers.extend(value.as_f64()),
            _ => return false,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::io::Write;

    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::schema::parser::parse_message_type;
    use parquet::schema::types::Type;
    use serde_json::{Value, json};

    use super::{GROUP, SCHEMA, Table};

    fn suggestion(title: &str) -> Value {
        json!({"title": title, "replacement": "", "start": 1, "end": 2, "applicability": "safe"})
    }

    fn finding(rule: &str, suggestions: &[Value]) -> Value {
        json!({"rule": rule, "kind": null, "severity": "hint", "target": "draft", "start": 0, "end": 5, "line": 1,
               "column": 1, "text": "ő", "fingerprint": "f", "message": "m", "suggestions": suggestions})
    }

    fn read(bytes: &[u8]) -> (usize, Vec<String>) {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let groups = reader.num_row_groups();
        (groups, reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect())
    }

    #[test]
    fn rows_are_read_as_they_were_written() {
        let mut table = Table::new(Vec::new()).unwrap();
        let mut with_source = finding("b", &[suggestion("s"), suggestion("t")]);
        with_source["source"] = json!({"start": 7, "end": 9, "line": 2, "column": 3});
        with_source["kind"] = json!("k");
        with_source["message_index"] = json!(4);
        let records = [
            json!({"id": "1", "language": "hu", "confidence": 0.5, "score": 88, "scores": {"tone": 99, "clarity": null},
                   "findings": [finding("a", &[]), with_source, finding("c", &[suggestion("u")])]}),
            json!({"id": null, "language": null, "confidence": 0.0, "score": null, "findings": [], "error": "line 2"}),
            json!({"id": "3", "language": "fa", "confidence": 1.0, "score": 100, "scores": {}, "findings": [finding("d", &[])]}),
        ];
        for record in &records {
            table.add(record).unwrap();
        }
        let (groups, rows) = read(&table.finish().unwrap());
        assert_eq!(groups, 1);
        insta::assert_snapshot!(rows.join("\n"), @r#"
        {id: "1", language: "hu", confidence: 0.5, score: 88, scores: {clarity: null, positivity: null, ownership: null, tone: 99, completeness: null, concision: null, safety: null}, findings: [{rule: "a", kind: null, severity: "hint", target: "draft", message_index: null, start: 0, end: 5, line: 1, column: 1, source: null, text: "ő", fingerprint: "f", message: "m", suggestions: []}, {rule: "b", kind: "k", severity: "hint", target: "draft", message_index: 4, start: 0, end: 5, line: 1, column: 1, source: {start: 7, end: 9, line: 2, column: 3}, text: "ő", fingerprint: "f", message: "m", suggestions: [{title: "s", replacement: "", start: 1, end: 2, applicability: "safe"}, {title: "t", replacement: "", start: 1, end: 2, applicability: "safe"}]}, {rule: "c", kind: null, severity: "hint", target: "draft", message_index: null, start: 0, end: 5, line: 1, column: 1, source: null, text: "ő", fingerprint: "f", message: "m", suggestions: [{title: "u", replacement: "", start: 1, end: 2, applicability: "safe"}]}], error: null, not_applicable: null}
        {id: null, language: null, confidence: 0E0, score: null, scores: null, findings: [], error: "line 2", not_applicable: null}
        {id: "3", language: "fa", confidence: 1.0, score: 100, scores: {clarity: null, positivity: null, ownership: null, tone: null, completeness: null, concision: null, safety: null}, findings: [{rule: "d", kind: null, severity: "hint", target: "draft", message_index: null, start: 0, end: 5, line: 1, column: 1, source: null, text: "ő", fingerprint: "f", message: "m", suggestions: []}], error: null, not_applicable: null}
        "#);
    }

    #[test]
    fn many_rows_are_several_groups_and_no_rows_are_a_file() {
        let mut table = Table::new(Vec::new()).unwrap();
        let text = "x".repeat(1 << 20);
        let count = 2 * GROUP / (1 << 20) + 3;
        for number in 0..count {
            table
                .add(&json!({"id": number.to_string(), "confidence": 1.0, "findings": [], "error": text}))
                .unwrap();
        }
        let (groups, rows) = read(&table.finish().unwrap());
        assert_eq!((groups, rows.len()), (3, count));
        assert!(rows[count - 1].contains(&format!("id: \"{}\"", count - 1)));
        assert_eq!(read(&Table::new(Vec::new()).unwrap().finish().unwrap()), (0, Vec::new()));
    }

    /// The names of a schema's fields and of those inside them.
    fn names(node: &Type, path: &str, all: &mut BTreeSet<String>) {
        for field in node.get_fields() {
            let is_wrapping = matches!(field.name(), "list" | "element");
            let path = if is_wrapping { path.to_owned() } else { format!("{path}/{}", field.name()) };
            if !is_wrapping {
                all.insert(path.clone());
            }
            if field.is_group() {
                names(field, &path, all);
            }
        }
    }

    #[test]
    fn columns_are_the_fields_of_the_json_output() {
        let text =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/output.schema.json"));
        let schema: Value = serde_json::from_str(&text.unwrap()).unwrap();
        let mut expected = BTreeSet::new();
        let keys = |at: &Value| at["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        for (path, at) in [
            ("", &schema),
            ("/findings", &schema["$defs"]["finding"]),
            ("/findings/source", &schema["$defs"]["finding"]["properties"]["source"]),
            ("/findings/suggestions", &schema["$defs"]["suggestion"]),
        ] {
            expected.extend(keys(at).into_iter().map(|key| format!("{path}/{key}")));
        }
        expected.extend(replylint::Category::ALL.iter().map(|category| {
            format!("/scores/{}", serde_json::to_value(category).unwrap().as_str().unwrap())
        }));
        let mut found = BTreeSet::new();
        names(&parse_message_type(SCHEMA).unwrap(), "", &mut found);
        assert_eq!(found, expected);
    }
}
