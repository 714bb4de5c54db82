//! Comma-separated values, read and written (RFC 4180), as spreadsheets make and open them.
//!
//! Written cells never run as formulas, and every cell is read back as it was. It must not know what
//! a column means.

use api::users::file_head;

/// The most columns of a file.
pub(super) const COLUMNS_MAX: usize = 200;
/// What a spreadsheet takes for the beginning of a formula.
const RUNS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// One row, with the line on which it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) line: u64,
    /// Of more than [`COLUMNS_MAX`] one more than that: what else the row has is left out.
    pub(super) cells: Vec<String>,
    /// Whether that would say anything.
    is_more: bool,
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

/// Every row that is not blank.
pub(super) fn records(text: &str) -> impl Iterator<Item = Record> {
    let (rest, separator) = file_head(text);
    let blank = &text[..text.len() - rest.len()];
    Records {
        rest,
        separator,
        line: 1 + blank.matches('\n').count() as u64,
    }
    .filter(|record| record.is_more || record.cells.iter().any(|cell| !cell.trim().is_empty()))
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
        let (mut is_empty, mut is_more) = (true, false);
        let mut signs = self.rest.char_indices().peekable();
        let mut end = self.rest.len();
        while let Some((at, sign)) = signs.next() {
            if sign == '\n' {
                self.line += 1;
            }
            let next = signs.peek().map(|(_, sign)| *sign);
            let is_kept = cells.len() <= COLUMNS_MAX;
            let was_empty = is_empty;
            let mut put = |sign: char| {
                is_empty = false;
                if is_kept {
                    cell.push(sign);
                } else {
                    is_more |= !sign.is_whitespace();
                }
            };
            match sign {
                '"' if is_quoted && next == Some('"') => {
                    put('"');
                    signs.next();
                }
                '"' if is_quoted => is_quoted = false,
                _ if is_quoted => put(sign),
                '"' if was_empty && !was_quoted => {
                    is_quoted = true;
                    was_quoted = true;
                }
                '\n' => {
                    end = at + 1;
                    break;
                }
                '\r' if next == Some('\n') || next.is_none() => {}
                _ if sign == self.separator => {
                    if is_kept {
                        cells.push(plain(std::mem::take(&mut cell)));
                    }
                    (is_empty, was_quoted) = (true, false);
                }
                _ => put(sign),
            }
        }
        if cells.len() <= COLUMNS_MAX {
            cells.push(plain(cell));
        }
        self.rest = &self.rest[end..];
        Some(Record {
            line,
            cells,
            is_more,
            is_broken: is_quoted,
        })
    }
}

/// A cell as it was before [`write`] made it harmless.
fn plain(cell: String) -> String {
    match cell.strip_prefix('\'') {
        Some(rest) if is_marked(rest) => rest.to_owned(),
        _ => cell,
    }
}

/// Whether a cell gets a mark: it would run, or what is written of it could be taken for one with a mark.
fn is_marked(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(RUNS)
}

/// Writes one row.
pub(super) fn write<'a>(out: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    for (at, cell) in cells.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        let is_plain = !cell.contains(['"', ',', ';', '\t', '\n', '\r']);
        let mark = if is_marked(cell) { "'" } else { "" };
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
            rows in prop::collection::vec(prop::collection::vec("'{0,3}[=+@-]?[^\0]{0,12}", 2..5), 1..6)
        ) {
            // Blank rows are nobody's.
            prop_assume!(rows.iter().all(|row| row.iter().any(|cell| !cell.trim().is_empty())));
            let mut text = String::from("a,b,c,d\r\n");
            for row in &rows {
                write(&mut text, row.iter().map(String::as_str));
            }
            prop_assert_eq!(&cells(&text)[1..], &rows[..]);
        }

        #[test]
        fn no_written_cell_runs(cell in "'{0,2}[=+@＝＋－＠\t\r-]?.{0,12}") {
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
    fn the_first_line_that_says_something_says_what_is_between_cells() {
        for blank in ["\n", "\r\n\r\n", " \t \n", ",,,,\n", "\"\",\n"] {
            let text = format!("{blank}Nom;E-mail\nZoë;zoe@x.example\n");
            let expected = [["Nom", "E-mail"], ["Zoë", "zoe@x.example"]];
            assert_eq!(cells(&text), expected, "{blank:?}");
            let lines = blank.matches('\n').count() as u64;
            let line = records(&text).next().map(|it| it.line);
            assert_eq!(line, Some(lines + 1), "{blank:?}");
        }
        assert_eq!(cells("\n \n"), [[""; 0]; 0]);
    }

    #[test]
    fn a_row_of_too_many_cells_is_left_at_one_more_than_there_may_be() {
        let commas = ",".repeat(100_000);
        let text = format!(
            "a,b\n1{commas}2\n{commas}\n{commas}x\n{commas}\"\n\",y\"\n,\"z\"\"\n\"\n5,6\n7{commas}\"8"
        );
        let all: Vec<Record> = records(&text).collect();
        let counts: Vec<usize> = all.iter().map(|it| it.cells.len()).collect();
        let many = COLUMNS_MAX + 1;
        assert_eq!(counts, [2, many, many, many, 2, 2, many]);
        assert!(all.iter().all(|it| it.cells.capacity() <= 2 * many));
        let lines: Vec<u64> = all.iter().map(|it| it.line).collect();
        assert_eq!(lines, [1, 2, 4, 5, 7, 9, 10], "the blank one is nobody's");
        assert_eq!((&*all[1].cells[0], &*all[1].cells[many - 1]), ("1", ""));
        assert_eq!(all[4].cells, ["", "z\"\n"]);
        assert_eq!(all[5].cells, ["5", "6"]);
        assert!(all[6].is_broken && !all[3].is_broken);
        let exactly = ",".repeat(COLUMNS_MAX - 1);
        assert_eq!(cells(&format!("x{exactly}"))[0].len(), COLUMNS_MAX);
        assert_eq!(cells(&format!("x{exactly},"))[0].len(), many);
    }

    #[test]
    fn a_quote_that_stays_open_is_said_of_its_own_row() {
        let all: Vec<Record> = records("a,b\n\"x\"\"y\",\"1\n2\"\n3,\"open\n").collect();
        assert_eq!(all[1].cells, ["x\"y", "1\n2"]);
        assert_eq!((all[2].line, all[2].is_broken), (4, true));
        assert!(!all[1].is_broken);
    }
}
