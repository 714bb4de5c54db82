//! `/practice/reading-room`: pick a mistake, and read what Okta answers and what the console says to it.

use axum::extract::RawQuery;
use axum::response::Response;

use crate::http::{Call, Params};
use crate::mistake::{Mistake, Topic};
use crate::page::esc;
use crate::page::form::act;
use crate::reading::{Page, Reading, read};

use super::frame::{Frame, Section, panel};
use super::mistakes;

pub(super) const PATH: &str = "/practice/reading-room";

pub(super) async fn show(call: Call, RawQuery(query): RawQuery) -> Response {
    let query = Params::parse(query.unwrap_or_default().as_bytes());
    let chosen = query
        .get("mistake")
        .and_then(Mistake::from_id)
        .unwrap_or(Mistake::A01);
    let pages = read(&call.engine, &call.place.base, chosen).await;
    let reading = call
        .engine
        .config
        .reader
        .as_ref()
        .and_then(|reader| reader.read(chosen));
    let content = choose(chosen)
        + &panel(chosen.title(), &mistake(&call, chosen))
        + &panel("What the console says", &said(reading.as_ref()))
        + &panel("What Okta answers", &answers(&pages));
    Frame::new(
        Section::ReadingRoom,
        "Reading room",
        "Pick a mistake, and read what Okta answers to the console. Nothing is changed by reading.",
        content,
    )
    .show(&call, &query)
}

fn choose(chosen: Mistake) -> String {
    let topics: String = Topic::ALL
        .iter()
        .map(|topic| {
            let options: String = Mistake::ALL
                .iter()
                .filter(|mistake| mistake.topic() == *topic)
                .map(|mistake| {
                    format!(
                        "<option value=\"{id}\"{selected}>{id} · {title}</option>",
                        id = mistake.id(),
                        selected = if *mistake == chosen { " selected" } else { "" },
                        title = esc(mistake.title())
                    )
                })
                .collect();
            format!(
                "<optgroup label=\"{}\">{options}</optgroup>",
                esc(topic.title())
            )
        })
        .collect();
    format!(
        "<form method=\"get\" action=\"{PATH}\" class=\"panel\"><div class=\"row\" data-align=\"end\"><div class=\"field\"><label for=\"mistake\">Mistake</label>\
         <select id=\"mistake\" name=\"mistake\">{topics}</select></div><button class=\"button\" data-tone=\"primary\">Read</button></div></form>"
    )
}

fn mistake(call: &Call, mistake: Mistake) -> String {
    let switch = if mistake.is_played_by_okta() {
        act(
            mistakes::PATH,
            "Make it in earnest",
            "",
            &[("on", mistake.id())],
        )
    } else {
        String::new()
    };
    format!(
        "<p>{}</p>{}{switch}",
        esc(mistake.about()),
        mistakes::notes(call, mistake)
    )
}

fn said(reading: Option<&Reading>) -> String {
    let Some(reading) = reading else {
        return "<p class=\"muted\">No console has told this Okta what it says. The demo's does.</p>".to_owned();
    };
    let words: String = reading
        .words
        .iter()
        .map(|words| {
            format!(
                "<div class=\"said\" lang=\"{language}\"><h3>{title}</h3><p>{fix}</p></div>",
                language = esc(&words.language),
                title = esc(&words.title),
                fix = esc(&words.fix)
            )
        })
        .collect();
    let menu = reading
        .menu
        .as_ref()
        .map(|menu| format!("<dt>In Okta</dt><dd>{}</dd>", esc(menu)))
        .unwrap_or_default();
    let cause = reading
        .cause
        .as_ref()
        .map(|cause| format!("<dt>Cause</dt><dd><code>{}</code></dd>", esc(cause)))
        .unwrap_or_default();
    format!(
        "{words}<dl class=\"facts\"><dt>Noticed</dt><dd>{}</dd>{menu}{cause}</dl>",
        esc(&reading.seen)
    )
}

/// What differs is open, the rest is folded.
fn answers(pages: &[Page]) -> String {
    let all_same = pages.iter().all(|page| page.now == page.honest);
    let note = if all_same {
        "<p class=\"muted\">Every answer is the one that comes without the mistake too.</p>"
    } else {
        ""
    };
    let pages: String = pages.iter().map(exchange).collect();
    format!("{note}<div class=\"exchanges\">{pages}</div>")
}

fn exchange(page: &Page) -> String {
    let differs = page.now != page.honest;
    let (open, word) = if differs {
        (
            " open",
            "<span class=\"state\" data-tone=\"warning\"><span aria-hidden=\"true\">≠</span> Differs</span>",
        )
    } else {
        (
            "",
            "<span class=\"state\" data-tone=\"quiet\"><span aria-hidden=\"true\">=</span> As always</span>",
        )
    };
    let block = |label: &str, text: &str| {
        if text.is_empty() {
            return String::new();
        }
        format!(
            "<p class=\"muted\">{label}</p><pre tabindex=\"0\" role=\"group\" aria-label=\"{label}: {}\">{}</pre>",
            esc(page.now.title),
            esc(text)
        )
    };
    let honest = if differs && page.honest.answer != page.now.answer {
        block("Without the mistake", &page.honest.answer)
    } else {
        String::new()
    };
    format!(
        "<details{open}><summary>{} {word}</summary>{}{}{honest}</details>",
        esc(page.now.title),
        block("Request", &page.now.request),
        block("Answer", &page.now.answer),
    )
}
