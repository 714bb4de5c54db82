//! Along a way through Okta's menus, as the page writes it: links are followed, choices are chosen, and what is neither
//! has to be there to be read.

use locales::{Key, keys, text};

use super::{APP, NATIVE_APP, Story, words};

impl Story<'_> {
    /// Goes on from the page of Okta's that is shown.
    pub(super) async fn walk(&self, way: &str) {
        let admin = &self.admin;
        for stop in way.split(" › ") {
            let stop = match stop {
                "your app" => APP,
                "the native app" => NATIVE_APP,
                "your server" => "default",
                other => other.split(" (").next().unwrap_or(other),
            };
            if admin.can_press(stop).await {
                admin.press(stop).await;
            } else if admin.can_choose(stop).await {
                admin.choose(stop).await;
            } else {
                let shown = admin.text().await.expect("a page").to_lowercase();
                assert!(
                    is_read(stop, &shown),
                    "{way:?} leads nowhere at {stop:?}: {shown}"
                );
            }
        }
    }

    /// Copies a value by its button.
    pub(super) async fn copy(&self, label: Key) -> String {
        let admin = &self.admin;
        let value = admin.value(words(label)).await;
        // A name of two texts, each in the reader's language.
        let said = |key| text(admin.language(), key);
        let button = locales::fill(said(keys::ACTION_COPY_OF), &[("label", said(label))]);
        admin.press(&button).await;
        admin.see("Copied").await;
        assert_eq!(admin.clipboard().await, value, "what is copied is shown");
        value
    }
}

/// Whether a stop stands on a page. "Active/Inactive beside its name": of what stands there one has to, by its name. What
/// has none ("the domain under your name") is described.
fn is_read(stop: &str, shown: &str) -> bool {
    let is_there = |it: &str| shown.contains(&it.to_lowercase());
    let mut words = stop.split(|it: char| !it.is_alphanumeric());
    if !stop.contains(char::is_uppercase) {
        return words.any(|it| it.len() > 3 && is_there(it));
    }
    stop.split('/').any(|one| {
        let words = one.split(|it: char| !it.is_alphanumeric());
        let mut named = words
            .filter(|it| it.starts_with(char::is_uppercase))
            .peekable();
        named.peek().is_some() && named.all(is_there)
    })
}
