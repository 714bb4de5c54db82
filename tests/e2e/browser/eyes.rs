//! What a person sees: texts, headings, states with their icon and colour.

use serde_json::{Value, json};

use super::{Browser, find::Kind};
use crate::words;

/// A state as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Badge {
    pub(crate) has_icon: bool,
    /// Red, green and blue of the word.
    pub(crate) color: [u8; 3],
}

impl Badge {
    pub(crate) fn is_red(&self) -> bool {
        let [red, green, blue] = self.color.map(u16::from);
        red > green + 40 && red > blue + 40
    }

    pub(crate) fn is_green(&self) -> bool {
        let [red, green, blue] = self.color.map(u16::from);
        green > red + 40 && green > blue
    }
}

/// A way through a provider's menus, in the provider's words, and what is said around it.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub(crate) path: String,
    pub(crate) around: String,
}

const WAYS: &str = r"
const tidy = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
return [...document.querySelectorAll('main [lang=en]')]
  .filter((element) => element.checkVisibility() && element.textContent.includes('›'))
  .map((element) => [element.textContent, element.closest('li, [role=alert], section').innerText].map(tidy));
";

const OFFERS: &str = r"
const tidy = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
return [...document.querySelectorAll('main button, main a[href]')].filter((element) => element.checkVisibility())
  .map((element) => tidy(element.innerText)).filter((name) => name.startsWith(arguments[0]));
";

const BADGE: &str = r"
const tidy = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
const words = [...document.querySelectorAll('main *')].filter((element) => element.childElementCount === 0
  && arguments[0].includes(tidy(element.textContent)) && element.checkVisibility()
  && element.parentElement.querySelector('svg') !== null);
const within = words.filter((element) => arguments[1] === null
  || tidy(element.closest('tr, li, section, header')?.innerText).includes(arguments[1]));
const word = within[0];
return word && [getComputedStyle(word).color, word.parentElement.querySelector('svg').getBoundingClientRect().width];
";

impl Browser {
    /// Everything that can be read on the page, with single blanks.
    pub(crate) async fn text(&self) -> Result<String, String> {
        let text = self
            .script("return document.body?.innerText ?? ''", Vec::new())
            .await?;
        Ok(words::tidy(text.as_str().unwrap_or_default()))
    }

    /// Waits until a text can be read.
    pub(crate) async fn see(&self, text: &str) {
        self.until("see", async || {
            let wanted = self.said(text, &self.address().await);
            let shown = self.text().await?;
            if wanted.iter().any(|it| shown.contains(it)) {
                Ok(())
            } else {
                Err(format!("{wanted:?} cannot be read"))
            }
        })
        .await;
    }

    /// Waits until a text cannot be read any more.
    pub(crate) async fn see_no(&self, text: &str) {
        self.until("see no", async || {
            let unwanted = self.said(text, &self.address().await);
            let shown = self.text().await?;
            match unwanted.iter().find(|it| shown.contains(*it)) {
                None => Ok(()),
                Some(it) => Err(format!("{it:?} can be read")),
            }
        })
        .await;
    }

    /// The ways through menus that the page names, in their order.
    pub(crate) async fn ways(&self) -> Vec<Way> {
        let found = self.look(WAYS, Vec::new()).await;
        let found: Vec<[String; 2]> = serde_json::from_value(found).expect("texts");
        let found = found.into_iter();
        found.map(|[path, around]| Way { path, around }).collect()
    }

    /// The names of the buttons and links whose name begins like this.
    pub(crate) async fn offers(&self, start: &str) -> Vec<String> {
        let found = self.look(OFFERS, vec![json!(start)]).await;
        serde_json::from_value(found).expect("texts")
    }

    /// Whether there is a radio or checkbox of this name now.
    pub(crate) async fn can_choose(&self, name: &str) -> bool {
        self.there_is(Kind::Choose, name).await
    }

    /// Whether there is a button or link of this name now.
    pub(crate) async fn can_press(&self, name: &str) -> bool {
        self.there_is(Kind::Press, name).await
    }

    async fn there_is(&self, kind: Kind, name: &str) -> bool {
        let found = self.until("look for", async || self.find_all(kind, name).await);
        !found.await.is_empty()
    }

    /// Waits for the page with this heading, complete.
    pub(crate) async fn arrive(&self, heading: &str) {
        self.until("arrive", async || {
            let wanted = self.said(heading, &self.address().await);
            let look = "const busy = document.querySelector('main [aria-busy=true]');
                return busy ? '(loading)' : document.querySelector('h1')?.innerText";
            let shown = self.script(look, Vec::new()).await?;
            let shown = words::tidy(shown.as_str().unwrap_or_default());
            if wanted.contains(&shown) {
                Ok(())
            } else {
                Err(format!("the heading is {shown:?}, not {wanted:?}"))
            }
        })
        .await;
    }

    /// Waits until what has this name has the focus.
    pub(crate) async fn until_focused(&self, name: &str) {
        self.until("focus", async || {
            let wanted = self.said(name, &self.address().await);
            let focused = self.focused().await;
            if wanted.contains(&focused) {
                Ok(())
            } else {
                Err(format!("the focus is on {focused:?}, not on {wanted:?}"))
            }
        })
        .await;
    }

    /// The state with this word, as it is drawn; `beside`: in the row or panel where this can be read.
    pub(crate) async fn badge(&self, word: &str, beside: Option<&str>) -> Badge {
        self.until("badge", async || {
            let said = self.said(word, &self.address().await);
            let found = self.script(BADGE, vec![json!(said), json!(beside)]).await?;
            let color = found[0]
                .as_str()
                .ok_or_else(|| format!("no state {said:?} is shown"))?;
            Ok(Badge {
                has_icon: found[1].as_f64().is_some_and(|width| width > 4.0),
                color: rgb(color).ok_or_else(|| format!("{color} is no colour"))?,
            })
        })
        .await
    }

    /// The row of a table, or the item of a list, in which `text` can be read.
    pub(crate) async fn row(&self, text: &str) -> String {
        let look = r"
            const tidy = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
            const rows = [...document.querySelectorAll('main tr, main li')].filter((row) => row.checkVisibility());
            return rows.map((row) => tidy(row.innerText)).find((row) => row.includes(arguments[0])) ?? null";
        self.until("row", async || {
            match self.script(look, vec![json!(text)]).await? {
                Value::String(row) => Ok(row),
                other => Err(format!("no row has {text:?}: {other}")),
            }
        })
        .await
    }

    /// The word that follows a text.
    pub(crate) async fn after(&self, text: &str) -> String {
        self.until("read on", async || {
            let wanted = self.said(text, &self.address().await);
            let shown = self.text().await?;
            let follows = wanted.iter().find_map(|it| shown.split_once(it.as_str()));
            let word = follows.and_then(|(_, rest)| rest.split_whitespace().next());
            word.map(str::to_owned)
                .ok_or_else(|| format!("nothing follows {wanted:?}"))
        })
        .await
    }

    /// Every heading of the first level that can be read.
    pub(crate) async fn headings(&self) -> Vec<String> {
        let look = "return [...document.querySelectorAll('h1')].filter((it) => it.checkVisibility()).map((it) => it.innerText)";
        let shown = self.look(look, Vec::new()).await;
        serde_json::from_value(shown).expect("texts")
    }

    /// The words of the product that are English and stand on the page, though the person reads French.
    pub(crate) async fn english_left(&self) -> Vec<String> {
        let look = r"
            const tidy = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
            const english = new Set(arguments[0]);
            const left = new Set();
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
              const own = node.parentElement.closest('[lang]')?.lang;
              if (own === 'fr' && english.has(tidy(node.data))) left.add(tidy(node.data));
            }
            for (const element of document.querySelectorAll('[aria-label], [placeholder], [title]')) {
              for (const name of ['aria-label', 'placeholder', 'title']) {
                const text = tidy(element.getAttribute(name));
                if (english.has(text)) left.add(`${name}: ${text}`);
              }
            }
            if (document.documentElement.lang !== 'fr') left.add(`lang=${document.documentElement.lang}`);
            return [...left]";
        let shown = self.look(look, vec![json!(words::only_english())]).await;
        serde_json::from_value(shown).expect("texts")
    }
}

/// `rgb(18, 122, 67)`.
fn rgb(text: &str) -> Option<[u8; 3]> {
    let inner = text.split_once('(')?.1.trim_end_matches(')');
    let mut parts = inner.split(',').map(|part| part.trim().parse().ok());
    Some([parts.next()??, parts.next()??, parts.next()??])
}
