//! Reads a page as a browser would, as far as our pages go, and refuses what is not well formed.

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Open(String, Vec<(String, String)>),
    Close(String),
    Text(String),
}

const VOID: [&str; 3] = ["meta", "link", "input"];

/// The tokens of a page in which every tag is closed in its order and every attribute is quoted.
pub(super) fn tokens(page: &str) -> Result<Vec<Token>, String> {
    let mut rest = page
        .strip_prefix("<!doctype html>")
        .ok_or("no document type")?;
    let mut tokens = Vec::new();
    let mut open: Vec<String> = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("</") {
            let (tag, after) = after.split_once('>').ok_or("an end tag has no end")?;
            if open.pop().as_deref() != Some(tag) {
                return Err(format!("</{tag}> closes something else"));
            }
            tokens.push(Token::Close(tag.to_owned()));
            rest = after;
        } else if let Some(after) = rest.strip_prefix('<') {
            let (token, after) = start_tag(after)?;
            if let Token::Open(tag, _) = &token
                && !VOID.contains(&tag.as_str())
            {
                open.push(tag.clone());
            }
            tokens.push(token);
            rest = after;
        } else {
            let end = rest.find('<').unwrap_or(rest.len());
            let text = &rest[..end];
            if text.contains(['>', '"', '\'']) {
                return Err(format!("unescaped text {text:?}"));
            }
            tokens.push(Token::Text(text.to_owned()));
            rest = &rest[end..];
        }
    }
    if open.is_empty() {
        Ok(tokens)
    } else {
        Err(format!("still open: {open:?}"))
    }
}

fn start_tag(text: &str) -> Result<(Token, &str), String> {
    let end = text.find([' ', '>']).ok_or("a tag has no end")?;
    let (tag, mut rest) = text.split_at(end);
    if tag.is_empty()
        || !tag
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    {
        return Err(format!("a tag named {tag:?}"));
    }
    let mut attributes: Vec<(String, String)> = Vec::new();
    while let Some(after) = rest.strip_prefix(' ') {
        let end = after.find(['=', ' ', '>']).ok_or("a tag has no end")?;
        let (name, after) = after.split_at(end);
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') {
            return Err(format!("an attribute named {name:?}"));
        }
        if attributes.iter().any(|(known, _)| known == name) {
            return Err(format!("{name} stands twice"));
        }
        let (value, after) = match after.strip_prefix("=\"") {
            Some(after) => after.split_once('"').ok_or("a value has no end")?,
            None => ("", after),
        };
        if value.contains(['<', '>', '\'']) {
            return Err(format!("unescaped value {value:?}"));
        }
        attributes.push((name.to_owned(), value.to_owned()));
        rest = after;
    }
    let rest = rest.strip_prefix('>').ok_or("a tag has no end")?;
    Ok((Token::Open(tag.to_owned(), attributes), rest))
}

#[test]
fn what_is_not_well_formed_is_noticed() {
    for page in [
        "<p></p>",
        "<!doctype html><p>",
        "<!doctype html><p></b>",
        "<!doctype html></p>",
        "<!doctype html><p a=b></p>",
        "<!doctype html><p a=\"b></p>",
        "<!doctype html><p a=\"1\" a=\"2\"></p>",
        "<!doctype html><P></P>",
        "<!doctype html><p>\"</p>",
        "<!doctype html><p a=\"<\"></p>",
    ] {
        assert!(tokens(page).is_err(), "{page}");
    }
    assert!(tokens("<!doctype html><p a=\"b\" c>t<input d></p>").is_ok());
}
