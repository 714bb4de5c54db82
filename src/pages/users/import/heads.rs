//! The heads of a file, to show which column is what before the file is sent. The server reads the whole file by
//! itself; what is shown here decides nothing.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, TextDecoder};

/// No file's first line is longer.
const ENOUGH: i32 = 64 * 1024;

/// The cells of the first line that has any; none where the file cannot be read.
pub(super) async fn heads(file: &File) -> Vec<String> {
    first_line(file)
        .await
        .as_deref()
        .map(cells)
        .unwrap_or_default()
}

async fn first_line(file: &File) -> Option<String> {
    let some = file.slice_with_i32_and_i32(0, ENOUGH).ok()?;
    let buffer: ArrayBuffer = JsFuture::from(some.array_buffer())
        .await
        .ok()?
        .dyn_into()
        .ok()?;
    let bytes = Uint8Array::new(&buffer).to_vec();
    let label = match bytes.as_slice() {
        [0xff, 0xfe, ..] => "utf-16le",
        [0xfe, 0xff, ..] => "utf-16be",
        _ => "utf-8",
    };
    let text = TextDecoder::new_with_label(label).ok()?;
    let text = text.decode_with_u8_array(&bytes).ok()?;
    let line = text.lines().find(|line| !line.trim().is_empty());
    line.map(str::to_owned)
}

/// The sign between cells is the one that the line has most of.
fn cells(line: &str) -> Vec<String> {
    let separator = [b';', b'\t', b',']
        .into_iter()
        .max_by_key(|sign| line.bytes().filter(|it| it == sign).count())
        .map_or(',', char::from);
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    for sign in line.chars() {
        if sign == '"' {
            is_quoted = !is_quoted;
        } else if sign == separator && !is_quoted {
            cells.push(String::new());
        } else if let Some(cell) = cells.last_mut() {
            cell.push(sign);
        }
    }
    cells
}
