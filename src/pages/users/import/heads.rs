//! The heads of a file, to show which column is what before the file is sent. The server reads the whole file by
//! itself; what is shown here decides nothing.

use api::users::file_head;
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, TextDecoder};

/// No file's first line is longer.
const ENOUGH: i32 = 64 * 1024;

/// The cells of the first line that has any; none where the file cannot be read.
pub(super) async fn heads(file: &File) -> Vec<String> {
    start(file).await.as_deref().map(cells).unwrap_or_default()
}

async fn start(file: &File) -> Option<String> {
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
    text.decode_with_u8_array(&bytes).ok()
}

fn cells(text: &str) -> Vec<String> {
    let (text, separator) = file_head(text);
    let line = text.lines().next().unwrap_or_default();
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
