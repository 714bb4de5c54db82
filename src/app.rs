//! The console as a whole: what is fetched first, the contexts, and which page a route shows.
//!
//! It must not know what is on a page.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
    time::Duration,
};

use api::{Role, Session};
use leptos::prelude::*;
use locales::{Language, keys};

use crate::{
    api as server,
    api::Trouble,
    choices,
    navigation::{self, Place},
    pages,
    paths::{self, Route},
    problems, session,
    shell::shell,
    theme::{self, Theme},
    ui::{
        button::button,
        el::{Inside, View, el, live},
        format::Clock,
        notice::{Notice, notice},
        overlay::Confirm,
        page::Frame,
        task::{act, later},
        toast::Toasts,
    },
    words,
};

/// Fetches the words and who is signed in, both at once, and puts the console in the place of the loading page.
pub async fn start(clock: RwSignal<i64>) {
    Theme::stored().wear();
    let language = words::preferred();
    let path = window().location().pathname().unwrap_or_default();
    let setting_up = paths::route(&path) == Route::SetUp;
    let (texts, session) = both(server::locale(language), async {
        if setting_up {
            None
        } else {
            Some(server::session().await)
        }
    })
    .await;
    let Ok(texts) = texts else {
        return say_trouble();
    };
    words::put(language, texts);
    if let Some(Ok(Session {
        role: Role::Member, ..
    })) = &session
    {
        // The console is for administrators; members have a page of the server's own.
        return navigation::leave(api::paths::ME);
    }
    take_away("loading");
    take_away("trouble");
    mount_to_body(move || app(clock, session));
}

/// Without its words the console cannot say so itself: the page that was loading has a sentence for it.
fn say_trouble() {
    take_away("loading");
    if let Some(trouble) = document().get_element_by_id("trouble") {
        let _ = trouble.remove_attribute("hidden");
    }
}

/// Takes a part of the loading page away.
fn take_away(id: &str) {
    if let Some(part) = document().get_element_by_id(id) {
        part.remove();
    }
}

/// Another language, from now on and at the next visit. The old one stays until the new one is there.
pub fn speak(language: Language, toasts: Toasts) {
    later(async move {
        match server::locale(language).await {
            Ok(texts) => {
                choices::keep(choices::LANGUAGE, Some(language.tag()));
                words::put(language, texts);
            }
            Err(trouble) => toasts.failed(problems::notice(&trouble).title),
        }
    });
}

/// Everything that is drawn. `session` is none where nobody needs to be signed in.
#[must_use]
pub fn app(clock: RwSignal<i64>, session: Option<Result<Session, Trouble>>) -> View {
    let place = Place::follow();
    provide_context(place);
    provide_context(Clock(clock));
    provide_context(theme::Current::follow());
    provide_context(Toasts::default());
    provide_context(Confirm::default());
    match session {
        None => {
            provide_context(frame(place, Signal::stored("SSO Console".to_owned())));
            pages::set_up::set_up()
        }
        Some(Ok(session)) => {
            let session = RwSignal::new(session);
            provide_context(session::Current(session));
            provide_context(frame(
                place,
                Signal::derive(move || session.with(|it| it.organization.clone())),
            ));
            let route = Memo::new(move |_| place.path.with(|path| paths::route(path)));
            // The shell is a task of its own, and the page the next: so that neither holds the browser for long.
            let stands = RwSignal::new(false);
            let stand = move || {
                stands.try_set(true);
            };
            set_timeout(stand, Duration::ZERO);
            shell(
                route,
                live(move || stands.get().then(|| screen(route.get()))),
            )
        }
        Some(Err(trouble)) => unreached(problems::notice(&trouble)),
    }
}

fn frame(place: Place, site: Signal<String>) -> Frame {
    Frame {
        crumbs: RwSignal::new(Vec::new()),
        site,
        moves: place.moves.into(),
    }
}

/// The route table.
fn screen(route: Route) -> View {
    match route {
        Route::Overview => pages::overview::overview(),
        Route::Users => pages::users::list::users(),
        Route::NewUser => pages::users::new::new_user(),
        Route::NewImport => pages::users::import::new_import(),
        Route::Import(id) => pages::users::import::job::import(id),
        Route::User(id) => pages::users::detail::user(id),
        Route::SignIns => pages::sign_ins::sign_ins(),
        Route::Audit => pages::audit::audit(),
        Route::Organization => pages::organization::organization(),
        Route::Security => pages::security::security(),
        Route::Integrations => pages::integrations::integrations(),
        Route::Connection(provider) => pages::connection::connection(provider),
        Route::Connect(provider) => pages::connect::connect(provider),
        Route::Notifications => pages::notifications::notifications(),
        Route::Resume => pages::guide::resume(),
        Route::Guide(step) => pages::guide::guide(step),
        Route::SetUp | Route::Unknown => pages::unknown::unknown(),
    }
}

/// Nobody could say who is signed in.
fn unreached(said: Notice) -> View {
    let again = act(|| drop(window().location().reload()));
    let retry = button(keys::ACTION_TRY_AGAIN, again).picture("again");
    el("main")
        .class("alone")
        .child(notice(said, Some(retry.inside())))
        .done()
}

/// Two answers at once, without a library for it.
async fn both<A, B>(a: impl Future<Output = A>, b: impl Future<Output = B>) -> (A, B) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut first, mut second) = (None, None);
    poll_fn(|cx| {
        if first.is_none()
            && let Poll::Ready(value) = a.as_mut().poll(cx)
        {
            first = Some(value);
        }
        if second.is_none()
            && let Poll::Ready(value) = b.as_mut().poll(cx)
        {
            second = Some(value);
        }
        match (first.take(), second.take()) {
            (Some(a), Some(b)) => Poll::Ready((a, b)),
            (a, b) => {
                (first, second) = (a, b);
                Poll::Pending
            }
        }
    })
    .await
}
