//! The parts of a form: each with its label, its hint and its error where they belong.

use super::esc;

/// A one-line field.
pub(crate) struct Text<'a> {
    pub(crate) label: &'a str,
    pub(crate) name: &'a str,
    pub(crate) value: &'a str,
    pub(crate) hint: &'a str,
    pub(crate) error: Option<&'a str>,
}

impl Text<'_> {
    pub(crate) fn html(&self) -> String {
        let (described, notes) = notes(self.name, self.hint, self.error);
        format!(
            "<div class=\"field\"><label for=\"{name}\">{label}</label><input id=\"{name}\" name=\"{name}\" value=\"{value}\" autocomplete=\"off\" spellcheck=\"false\"{described}>{notes}</div>",
            name = self.name,
            label = esc(self.label),
            value = esc(self.value),
        )
    }

    /// The same with several lines.
    pub(crate) fn lines_html(&self) -> String {
        let (described, notes) = notes(self.name, self.hint, self.error);
        format!(
            "<div class=\"field\"><label for=\"{name}\">{label}</label><textarea id=\"{name}\" name=\"{name}\" rows=\"3\" autocomplete=\"off\" spellcheck=\"false\"{described}>\n{value}</textarea>{notes}</div>",
            name = self.name,
            label = esc(self.label),
            value = esc(self.value),
        )
    }
}

fn notes(name: &str, hint: &str, error: Option<&str>) -> (String, String) {
    let mut ids = Vec::new();
    let mut html = String::new();
    if let Some(error) = error {
        ids.push(format!("{name}-error"));
        html.push_str(&format_note(name, "error", error));
    }
    if !hint.is_empty() {
        ids.push(format!("{name}-hint"));
        html.push_str(&format_note(name, "hint", hint));
    }
    let invalid = if error.is_some() {
        " aria-invalid=\"true\""
    } else {
        ""
    };
    let described = if ids.is_empty() {
        String::new()
    } else {
        format!(" aria-describedby=\"{}\"", ids.join(" "))
    };
    (format!("{described}{invalid}"), html)
}

fn format_note(name: &str, kind: &str, text: &str) -> String {
    format!("<p class=\"{kind}\" id=\"{name}-{kind}\">{}</p>", esc(text))
}

/// A value to be carried elsewhere.
pub(crate) fn readonly(label: &str, id: &str, value: &str) -> String {
    format!(
        "<div class=\"field\"><label for=\"{id}\">{}</label><input class=\"value\" id=\"{id}\" value=\"{}\" readonly></div>",
        esc(label),
        esc(value)
    )
}

pub(crate) fn checkbox(label: &str, name: &str, value: &str, checked: bool) -> String {
    choice("checkbox", label, name, value, checked)
}

pub(crate) fn radio(label: &str, name: &str, value: &str, checked: bool) -> String {
    choice("radio", label, name, value, checked)
}

fn choice(kind: &str, label: &str, name: &str, value: &str, checked: bool) -> String {
    let checked = if checked { " checked" } else { "" };
    format!(
        "<label class=\"choice\"><input type=\"{kind}\" name=\"{name}\" value=\"{}\"{checked}> <span>{}</span></label>",
        esc(value),
        esc(label)
    )
}

pub(crate) fn group(legend: &str, content: &str) -> String {
    format!(
        "<fieldset><legend>{}</legend>{content}</fieldset>",
        esc(legend)
    )
}

/// `options`: value and text.
pub(crate) fn select(label: &str, name: &str, chosen: &str, options: &[(&str, &str)]) -> String {
    let options: String = options
        .iter()
        .map(|(value, text)| {
            format!(
                "<option value=\"{}\"{}>{}</option>",
                esc(value),
                if *value == chosen { " selected" } else { "" },
                esc(text)
            )
        })
        .collect();
    format!(
        "<div class=\"field\"><label for=\"{name}\">{}</label><select id=\"{name}\" name=\"{name}\">{options}</select></div>",
        esc(label)
    )
}

/// A form that is one button. `about` is read out after the label where many such buttons stand in a list.
pub(crate) fn act(action: &str, label: &str, about: &str, fields: &[(&str, &str)]) -> String {
    let hidden: String = fields
        .iter()
        .map(|(name, value)| {
            format!(
                "<input type=\"hidden\" name=\"{name}\" value=\"{}\">",
                esc(value)
            )
        })
        .collect();
    let about = if about.is_empty() {
        String::new()
    } else {
        format!(" <span class=\"unseen\">{}</span>", esc(about))
    };
    format!(
        "<form method=\"post\" action=\"{}\" class=\"act\">{hidden}<button class=\"button\">{}{about}</button></form>",
        esc(action),
        esc(label)
    )
}

/// The button that ends a form.
pub(crate) fn submit(label: &str) -> String {
    format!(
        "<button class=\"button\" data-tone=\"primary\">{}</button>",
        esc(label)
    )
}
