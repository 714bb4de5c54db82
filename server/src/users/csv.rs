//! Comma-separated values, read and written (RFC 4180), as spreadsheets make and open them.
//!
//! Written cells never run as formulas; such cells are read back as they were. It must not know
//! what a column means.

/// The most columns of a file.
pub(super) const COLUMNS_MAX: usize = 200;
/// What a spreadsheet takes for the beginning of a formula.
const RUNS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// One row, with the line on which it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
    /// A quote is open to the end of the file.
    pub(super) is_broken: bool,
}

/// The text of a file: UTF-8, or UTF-16 with its mark. None if it is neither.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    let wide = |bytes: &[u8], read: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| read([pair[0], pair[1]]));
        let is_whole = bytes.len().is_multiple_of(2);
        let text: Result<String, _> = char::decode_utf16(units).collect();
        text.ok().filter(|_| is_whole)
    };
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => std::str::from_utf8(rest).ok().map(str::to_owned),
        plain => std::str::from_utf8(plain).ok().map(str::to_owned),
    };
    text.filter(|text| !text.contains('\0'))
}

/// Every row that is not blank. The sign between cells is the one that the first line has most of.
pub(super) fn records(text: &str) -> impl Iterator<Item = Record> {
    let head = text.lines().next().unwrap_or_default();
    let separator = [',', ';', '\t']
        .into_iter()
        .max_by_key(|sign| (head.matches(*sign).count(), *sign == ','))
        .unwrap_or(',');
    Records {
        rest: text,
        separator,
        line: 1,
    }
    .filter(|record| record.cells.iter().any(|cell| !cell.trim().is_empty()))
}

struct Records<'a> {
    rest: &'a str,
    separator: char,
    line: u64,
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        if self.rest.is_empty() {
            return None;
        }
        let line = self.line;
        let mut cells = Vec::new();
        let mut cell = String::new();
        let (mut is_quoted, mut was_quoted) = (false, false);
        let mut signs = self.rest.char_indices().peekable();
        let mut end = self.rest.len();
        while let Some((at, sign)) = signs.next() {
            if sign == '\n' {
                self.line += 1;
            }
            let next = signs.peek().map(|(_, sign)| *sign);
            match sign {
                '"' if is_quoted && next == Some('"') => {
                    cell.push('"');
                    signs.next();
                }
                '"' if is_quoted => is_quoted = false,
                _ if is_quoted => cell.push(sign),
                '"' if cell.is_empty() && !was_quoted => {
                    is_quoted = true;
                    was_quoted = true;
                }
                '\n' => {
                    end = at + 1;
                    break;
                }
                '\r' if next == Some('\n') || next.is_none() => {}
                _ if sign == self.separator => {
                    cells.push(plain(std::mem::take(&mut cell)));
                    was_quoted = false;
                }
                _ => cell.push(sign),
            }
        }
        cells.push(plain(cell));
        self.rest = &self.rest[end..];
        Some(Record {
            line,
            cells,
            is_broken: is_quoted,
        })
    }
}

/// A cell as it was before [`write`] made it harmless.
fn plain(cell: String) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(RUNS) => rest.to_owned(),
        _ => cell,
    }
}

/// Writes one row.
pub(super) fn write<'a>(out: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        let would_run = cell.starts_with(RUNS);
        let is_plain = !cell.contains(['"', ',', ';', '\t', '\n', '\r']);
        let mark = if would_run { "'" } else { "" };
        if is_plain && !cell.is_empty() {
            out.push_str(mark);
            out.push_str(cell);
        } else {
            out.push('"');
            out.push_str(mark);
            out.push_str(&cell.replace('"', "\"\""));
            out.push('"');
        }
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cells(text: &str) -> Vec<Vec<String>> {
        records(text).map(|record| record.cells).collect()
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            rows in prop::collection::vec(prop::collection::vec("[^\0]{0,12}", 2..5), 1..6)
        ) {
            // The mark in front of a formula's sign is ours; and blank rows are nobody's.
            let is_ours = |cell: &String| {
                !cell.strip_prefix('\'').is_some_and(|rest| rest.starts_with(RUNS))
            };
            prop_assume!(rows.iter().flatten().all(is_ours));
            prop_assume!(rows.iter().all(|row| row.iter().any(|cell| !cell.trim().is_empty())));
            let mut text = String::from("a,b,c,d\r\n");
            for row in &rows {
                write(&mut text, row.iter().map(String::as_str));
            }
            prop_assert_eq!(&cells(&text)[1..], &rows[..]);
        }

        #[test]
        fn no_written_cell_runs(cell in "[=+@＝＋－＠\t\r-]?.{0,12}") {
            let mut text = String::new();
            write(&mut text, [cell.as_str(), "x"]);
            // One quote opens the cell; a second one is the cell's own.
            let first = text.strip_prefix('"').unwrap_or(&text).chars().next();
            prop_assert!(!first.is_some_and(|it| "=+-@\t\r＝＋－＠".contains(it)), "{text:?}");
        }

        #[test]
        fn no_text_breaks_the_reader(text in ".{0,200}") {
            prop_assert!(cells(&text).len() <= text.len() + 1);
        }

        #[test]
        fn no_bytes_break_the_decoder(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let text = decode(&bytes);
            prop_assert!(text.is_none_or(|text| !text.contains('\0')));
        }
    }

    #[test]
    fn files_of_spreadsheets_are_read() {
        let wide = |text: &str, write: fn(u16) -> [u8; 2], mark: [u8; 2]| {
            let units = text.encode_utf16().flat_map(write);
            mark.into_iter().chain(units).collect::<Vec<u8>>()
        };
        let text = "Nom;E-mail\r\nZoë;zoe@x.example\r\n";
        let expected = [vec!["Nom", "E-mail"], vec!["Zoë", "zoe@x.example"]];
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            wide(text, u16::to_le_bytes, [0xff, 0xfe]),
            wide(text, u16::to_be_bytes, [0xfe, 0xff]),
        ] {
            let text = decode(&bytes).expect("a text");
            assert_eq!(cells(&text), expected);
        }
        assert_eq!(decode(b"\xff\xfea"), None, "half a unit");
        assert_eq!(decode(b"a\0b"), None);
        assert_eq!(decode(b"\xe9t\xe9"), None, "Latin-1 is not guessed at");
    }

    #[test]
    fn a_quote_that_stays_open_is_said_of_its_own_row() {
        let all: Vec<Record> = records("a,b\n\"x\"\"y\",\"1\n2\"\n3,\"open\n").collect();
        assert_eq!(all[1].cells, ["x\"y", "1\n2"]);
        assert_eq!((all[2].line, all[2].is_broken), (4, true));
        assert!(!all[1].is_broken);
    }
}
