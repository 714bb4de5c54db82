//! Security: the administrator's recovery codes, and which codes were armed or used lately.

use api::break_glass::{BreakGlass, BreakGlassUse, CodeForm, CodeKind, RECOVERY_CODES, Recovery};
use leptos::prelude::*;
use locales::{Key, keys};

use crate::{
    api as server,
    navigation::unsaved,
    problems,
    ui::{
        button::{Weight, button, submit},
        copy::{copy_field, shown_once},
        el::{El, Inside, View, code, div, el, group, live, p, span},
        field::{Kind, Look, field},
        form::Form,
        format::when,
        load::{Remote, bones, empty},
        overlay::{Question, use_confirm},
        page::{Crumb, Head, facts, page, section},
        table::{Column, row, table},
        task::{Act, act, later},
        toast::use_toasts,
    },
    words::Text,
};

const COLUMNS: [Column; 4] = [
    Column::kind(keys::SECURITY_RECENT_KIND, "name"),
    Column::kind(keys::SECURITY_RECENT_USER, "name"),
    Column::kind(keys::SECURITY_RECENT_MADE, "time"),
    Column::kind(keys::SECURITY_RECENT_USED, "time"),
];

#[must_use]
pub fn security() -> View {
    let remote = Remote::new(|| problems::asked(server::break_glass()));
    let made = Made {
        codes: RwSignal::new(String::new()),
        busy: RwSignal::new(false),
    };
    let head = Head::new(keys::SECURITY_TITLE)
        .lede(keys::SECURITY_LEDE)
        .crumbs(vec![
            Crumb::here(keys::SHELL_SETTINGS),
            Crumb::here(keys::SECURITY_TITLE),
        ]);
    page(
        head,
        remote.draw(|| bones("form", 4), move |it| content(&it, remote, made)),
    )
}

/// The codes that were just made, one a line: shown until one leaves the page, and never again.
#[derive(Clone, Copy)]
struct Made {
    codes: RwSignal<String>,
    busy: RwSignal<bool>,
}

fn content(shown: &BreakGlass, remote: Remote<BreakGlass>, made: Made) -> View {
    let codes = div("panel-body stack")
        .child(p("").child(keys::SECURITY_CODES_MEANS))
        .child(shown.recovery.map_or_else(
            || p("muted").child(keys::SECURITY_NONE).done(),
            |it| state(it).done(),
        ))
        .child(live(move || {
            let codes = made.codes.get();
            (!codes.is_empty()).then(|| shown_once(made.busy, just_made(&codes)))
        }))
        .child(div("actions").child(make(shown.recovery.is_some(), remote, made)));
    let test = shown
        .recovery
        .filter(|it| it.left > 0)
        .map(|_| section(keys::SECURITY_TEST, None, test(remote)));
    let host = div("panel-body stack")
        .child(p("muted").child(keys::SECURITY_HOST_MEANS))
        .child(code(
            "sso-console break-glass issue --user ada@example.com --for 30m",
        ));
    div("stack narrow")
        .child(section(keys::SECURITY_CODES, None, codes))
        .child(test)
        .child(section(
            keys::SECURITY_RECENT,
            None,
            group(vec![recent(&shown.recent), host.done()]),
        ))
        .done()
}

fn state(recovery: Recovery) -> El {
    let all = RECOVERY_CODES.to_string();
    let left = Text::with(
        keys::SECURITY_LEFT_OF,
        &[("n", &*recovery.left.to_string()), ("all", &*all)],
    );
    let tested = match recovery.tested_at {
        Some(at) => when(at),
        None => el("span").child(keys::SECURITY_NEVER_TESTED),
    };
    facts(vec![
        (keys::SECURITY_LEFT_LABEL, left.inside()),
        (keys::SECURITY_MADE_AT, when(recovery.issued_at).done()),
        (keys::SECURITY_TESTED_AT, tested.done()),
    ])
}

/// The ten codes, to copy and to keep in a file.
fn just_made(codes: &str) -> El {
    let items: Vec<El> = codes.lines().map(|it| el("li").child(code(it))).collect();
    let file = format!(
        "data:text/plain;charset=utf-8,{}",
        crate::paths::encoded(codes)
    );
    let download = el("a")
        .class("button")
        .attr("data-weight", "plain")
        .attr("href", file)
        .attr("download", "sso-console-recovery-codes.txt")
        .child(span("").child(keys::SECURITY_DOWNLOAD));
    div("stack")
        .attr("role", "status")
        .child(p("strong").child(keys::SECURITY_SHOWN_ONCE))
        .child(el("ol").child(items))
        .child(copy_field(
            "recovery-codes",
            keys::SECURITY_YOUR_CODES,
            codes.replace('\n', " "),
            None,
        ))
        .child(div("actions").child(download))
}

fn make(again: bool, remote: Remote<BreakGlass>, made: Made) -> View {
    let (toasts, confirm) = (use_toasts(), use_confirm());
    let busy = made.busy;
    let make = act(move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        later(async move {
            match server::make_recovery_codes().await {
                // Whoever left the page made them all the same, and sees none: the list says when.
                Ok(codes) if !busy.is_disposed() => {
                    unsaved::type_over(busy, made.codes, codes.codes.join("\n"));
                }
                Ok(_) => {}
                Err(trouble) => toasts.failed(problems::notice(&trouble).title),
            }
            busy.try_set(false);
            remote.again();
        });
    });
    let asked: Act = {
        let make = make.clone();
        act(move || {
            confirm.ask(Question {
                title: keys::SECURITY_MAKE_AGAIN_TITLE.into(),
                body: keys::SECURITY_MAKE_AGAIN_MEANS.into(),
                action: keys::SECURITY_MAKE_AGAIN.into(),
                weight: Weight::Danger,
                then: make.clone(),
            });
        })
    };
    if again {
        button(keys::SECURITY_MAKE_AGAIN, asked).busy(busy).inside()
    } else {
        button(keys::SECURITY_MAKE, make)
            .weight(Weight::Primary)
            .busy(busy)
            .inside()
    }
}

fn test(remote: Remote<BreakGlass>) -> El {
    let toasts = use_toasts();
    let typed = RwSignal::new(String::new());
    let form = Form::new(move || {
        let missing = typed.with(|it| it.trim().is_empty());
        missing
            .then(|| ("code".to_owned(), keys::FIELD_REQUIRED))
            .into_iter()
            .collect()
    })
    .only_asks();
    let send = act(move || {
        if !form.begin() {
            return;
        }
        let wish = CodeForm {
            code: typed.get_untracked(),
        };
        later(async move {
            match server::test_recovery_code(&wish).await {
                Ok(now) => {
                    form.end();
                    toasts.done(keys::SECURITY_TESTED);
                    remote.put(now);
                }
                Err(trouble) => {
                    form.fail(problems::notice(&trouble), problems::refused(&trouble));
                }
            }
        });
    });
    let look = Look {
        kind: Kind::Code,
        hint: Some(keys::SECURITY_TEST_HINT.into()),
        ..Look::default()
    };
    let fields = div("fields").child(field(
        form,
        "code",
        keys::SECURITY_TEST_LABEL,
        typed,
        look,
        None,
    ));
    let actions = div("form-actions").child(submit(keys::SECURITY_TEST, form.busy.into()));
    form.draw(send, vec![fields.done(), actions.done()])
}

fn recent(uses: &[BreakGlassUse]) -> View {
    if uses.is_empty() {
        return empty("key", keys::SECURITY_RECENT_NONE, "", None).done();
    }
    let rows: Vec<El> = uses.iter().map(one).collect();
    table(keys::SECURITY_RECENT, &COLUMNS, rows).done()
}

fn one(it: &BreakGlassUse) -> El {
    let used = match it.used_at {
        Some(at) => when(at),
        None => span("muted").child(keys::SECURITY_RECENT_UNUSED),
    };
    row(
        &COLUMNS,
        vec![
            kind(it.kind).inside(),
            it.user.clone().inside(),
            when(it.issued_at).done(),
            used.done(),
        ],
    )
}

fn kind(kind: CodeKind) -> Key {
    match kind {
        CodeKind::Issued => keys::SECURITY_KIND_ARMED,
        CodeKind::Recovery => keys::SECURITY_KIND_RECOVERY,
    }
}
