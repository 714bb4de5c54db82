//! Whether the sign-in redirect URI is registered. Okta never says it to us: it shows a page of its
//! own, in words that vary. So a redirect URI that cannot be registered is tried as well, and only
//! where the two pages tell themselves apart, or the way back is open, anything is claimed.

mod page;
mod variants;

use api::Cause;
use url::Url;

use super::{discovery::There, finding::Finding, probe::Probe, request};
pub(super) use page::Page;

use crate::oidc::{
    ConnectionConfig, Landing, Metadata, NoReply, Reply, TokenAuth, no_reply_cause, refusal_cause,
};

/// The way back to us, with the error that stands in for a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Back {
    pub(super) cause: Option<Cause>,
    pub(super) said: String,
}

/// Where one try ended.
#[derive(Debug)]
pub(super) enum End {
    Back(Back),
    Page(Page, String),
    /// Sent somewhere else, such as to a sign-in page.
    Elsewhere(String),
    Silent(NoReply),
}

/// Both tries.
pub(super) struct Tries {
    pub(super) ours: End,
    control: End,
}

impl Tries {
    pub(super) fn page(&self) -> Page {
        match &self.ours {
            End::Page(page, _) => *page,
            End::Back(_) | End::Elsewhere(_) | End::Silent(_) => Page::None,
        }
    }

    /// Whether the app is there and active: the authorization endpoint went by its settings.
    pub(super) fn shows_an_active_app(&self) -> bool {
        match &self.ours {
            End::Back(_) | End::Page(Page::RedirectUri | Page::Login | Page::Service, _) => true,
            End::Page(
                Page::None | Page::UnknownClient | Page::Server | Page::Busy | Page::Other,
                _,
            )
            | End::Elsewhere(_)
            | End::Silent(_) => false,
        }
    }

    pub(super) fn back(&self) -> Option<&Back> {
        match &self.ours {
            End::Back(back) => Some(back),
            End::Page(..) | End::Elsewhere(_) | End::Silent(_) => None,
        }
    }
}

/// Of the web app.
pub(super) async fn ask(probe: &Probe<'_>, metadata: &Metadata) -> Tries {
    tries(probe, metadata, probe.config(), &probe.subject.redirect_uri).await
}

/// Of the native app: what is wrong with its redirect URI, if one was entered.
pub(super) async fn climb_native(
    probe: &Probe<'_>,
    metadata: &Metadata,
    client_id: &str,
) -> Option<Finding> {
    let redirect_uri = probe.config().native_redirect_uri.as_deref()?;
    let mut config = probe.config().clone();
    client_id.clone_into(&mut config.client_id);
    let tries = tries(probe, metadata, &config, redirect_uri).await;
    judge_native(&tries, redirect_uri)
}

async fn tries(
    probe: &Probe<'_>,
    metadata: &Metadata,
    config: &ConnectionConfig,
    redirect_uri: &str,
) -> Tries {
    let control = control(probe, redirect_uri);
    let (ours, control) = tokio::join!(
        land(probe, metadata, config, redirect_uri),
        land(probe, metadata, config, &control)
    );
    Tries { ours, control }
}

/// As far as this tells; none where nothing is wrong.
fn judge_native(tries: &Tries, redirect_uri: &str) -> Option<Finding> {
    let readable = matches!(&tries.control, End::Page(Page::RedirectUri, _));
    match &tries.ours {
        End::Back(_) if !matches!(tries.control, End::Back(_)) => None,
        End::Page(Page::Login, _) | End::Elsewhere(_) if readable => None,
        // The page's own words name none.
        End::Page(Page::RedirectUri, _) if readable => {
            Some(Finding::failed(Cause::RedirectUnregistered).seen(redirect_uri))
        }
        End::Page(_, seen) => Some(Finding::unclear(None).seen(seen)),
        End::Back(_) | End::Elsewhere(_) | End::Silent(_) => Some(Finding::unclear(None)),
    }
}

/// What the pushed request told, and how it was sent.
pub(super) struct Pushed<'a> {
    pub(super) there: &'a There,
    pub(super) auth: TokenAuth,
    pub(super) reply: Option<&'a Result<Reply, NoReply>>,
}

/// The rung. `inactive`: the secret was refused in a way that an inactive app explains. Where the
/// page cannot be read, the pushed request of the same run decides.
pub(super) async fn judge(
    probe: &Probe<'_>,
    tries: &Tries,
    inactive: bool,
    pushed: &Pushed<'_>,
) -> Finding {
    let finding = judge_pages(probe, &pushed.there.metadata, tries, inactive).await;
    if finding.cause != Some(Cause::PageUnreadable) {
        return finding;
    }
    match pushed.reply {
        Some(reply) if request::refuses_redirect_uri(reply) => {
            let seen = probe.subject.redirect_uri.clone();
            nearly(probe, &pushed.there.metadata, &seen).await
        }
        Some(reply) if request::is_accepted(reply) => {
            // An endpoint that does not look at it takes one that nobody registered as well.
            let control = control(probe, &probe.subject.redirect_uri);
            let control = request::ask(probe, pushed.there, pushed.auth, &control).await;
            match control {
                Some(control) if request::refuses_redirect_uri(&control) => Finding::passed(),
                Some(_) | None => finding,
            }
        }
        Some(_) | None => finding,
    }
}

/// Never registered: nobody could have known it before.
fn control(probe: &Probe<'_>, redirect_uri: &str) -> String {
    format!("{redirect_uri}/{}", probe.state())
}

async fn judge_pages(
    probe: &Probe<'_>,
    metadata: &Metadata,
    tries: &Tries,
    inactive: bool,
) -> Finding {
    // The control must be refused: a provider that lets it through lets everything through, and
    // one that shows the same page for both cannot be read.
    let readable = matches!(&tries.control, End::Page(Page::RedirectUri, _));
    let unclear = |seen: &str| {
        Finding::unclear(Some(Cause::PageUnreadable))
            .likely(&[Cause::RedirectUnregistered, Cause::ClientInactive])
            .seen(seen)
    };
    match &tries.ours {
        End::Back(_) if matches!(tries.control, End::Back(_)) => unclear("the control came back"),
        End::Back(_) => Finding::passed(),
        End::Page(Page::RedirectUri, seen) if readable => nearly(probe, metadata, seen).await,
        End::Page(Page::UnknownClient, seen) => Finding::failed(Cause::ClientUnknown).seen(seen),
        End::Page(Page::Service, seen) => Finding::failed(Cause::ClientIsService).seen(seen),
        End::Page(Page::Server, seen) => Finding::failed(Cause::ServerUnknown).seen(seen),
        End::Page(Page::Login, _) | End::Elsewhere(_) if readable => Finding::passed(),
        End::Page(Page::Other, seen) if inactive && !readable => {
            Finding::failed(Cause::ClientInactive).seen(seen)
        }
        End::Page(Page::Busy, seen) if seen.starts_with("429") => {
            Finding::unclear(Some(Cause::RateLimited)).seen(seen)
        }
        End::Page(Page::Busy, seen) => Finding::unclear(Some(Cause::ProviderError)).seen(seen),
        End::Elsewhere(to) => unclear(to),
        End::Page(_, seen) => unclear(seen),
        End::Silent(why) => Finding::unclear(Some(no_reply_cause(why))),
    }
}

/// Which redirect URI is registered that is nearly ours.
async fn nearly(probe: &Probe<'_>, metadata: &Metadata, seen: &str) -> Finding {
    let ours = &probe.subject.redirect_uri;
    let all = variants::of(ours);
    // Okta allows a client five requests at a time.
    for some in all.chunks(4) {
        let tried = some.iter().map(async |(cause, uri)| {
            let end = land(probe, metadata, probe.config(), uri).await;
            let registered = matches!(end, End::Back(_) | End::Page(Page::Login, _));
            registered.then_some((*cause, uri))
        });
        let found = futures_util::future::join_all(tried).await;
        if let Some((cause, uri)) = found.into_iter().flatten().next() {
            return Finding::failed(cause).seen(uri);
        }
    }
    Finding::failed(Cause::RedirectUnregistered).seen(seen)
}

async fn land(
    probe: &Probe<'_>,
    metadata: &Metadata,
    config: &ConnectionConfig,
    redirect_uri: &str,
) -> End {
    match probe.authorize(metadata, config, redirect_uri).await {
        Ok(Landing::Page(reply)) => {
            let (page, seen) = page::read(&reply);
            End::Page(page, seen)
        }
        Ok(Landing::Sent { to: Some(to) }) => sent(&to, redirect_uri, probe.state()),
        Ok(Landing::Sent { to: None }) => End::Elsewhere("an address that is none".into()),
        Err(why) => End::Silent(why),
    }
}

/// Back at the redirect URI with our own state, or elsewhere.
fn sent(to: &Url, redirect_uri: &str, state: &str) -> End {
    // Schemes of apps have no origin that could be compared.
    let place = |url: &Url| {
        let host = url.host_str().map(str::to_owned);
        let port = url.port_or_known_default();
        (url.scheme().to_owned(), host, port, url.path().to_owned())
    };
    let is_ours = Url::parse(redirect_uri).is_ok_and(|wanted| place(&wanted) == place(to));
    let value = |name: &str| {
        to.query_pairs()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    if !is_ours || value("state").as_deref() != Some(state) {
        return End::Elsewhere(to.origin().ascii_serialization());
    }
    let words = value("error_description").unwrap_or_default();
    match value("error") {
        Some(code) => End::Back(Back {
            cause: Some(refusal_cause(&code, &words)),
            said: format!("{code}: {words}"),
        }),
        None => End::Back(Back {
            cause: None,
            said: String::new(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_redirect_uri_with_our_own_state_is_the_way_back() {
        let ours = "https://sso.example/auth/okta/callback";
        let back = |to: &str| sent(&Url::parse(to).expect("a URL"), ours, "s1");
        assert!(matches!(
            back("https://sso.example/auth/okta/callback?state=s1&error=login_required"),
            End::Back(Back {
                cause: Some(Cause::LoginRequired),
                ..
            })
        ));
        for to in [
            "https://sso.example/auth/okta/callback?error=login_required",
            "https://sso.example/auth/okta/callback?state=s2&error=login_required",
            "https://sso.example/auth/okta/callback/?state=s1",
            "https://evil.example/auth/okta/callback?state=s1",
            "http://sso.example/auth/okta/callback?state=s1",
        ] {
            assert!(matches!(back(to), End::Elsewhere(_)), "{to}");
        }
    }
}
