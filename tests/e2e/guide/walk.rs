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
                let mut words = stop
                    .split(|it: char| !it.is_alphanumeric())
                    .filter(|it| !it.is_empty());
                assert!(
                    words.all(|it| shown.contains(&it.to_lowercase())),
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
        let button = format!("{}: {}", said(keys::ACTION_COPY), said(label));
        admin.press(&button).await;
        admin.see("Copied").await;
        assert_eq!(admin.clipboard().await, value, "what is copied is shown");
        value
    }
}
