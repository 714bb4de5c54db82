//! Finding by role and accessible name, as the browser itself computes them for a screen reader.

use std::sync::Arc;

use reqwest::Method;
use serde_json::{Value, json};
use thirtyfour::{
    WebElement,
    common::command::{Command, ExtensionCommand},
    prelude::ScriptRet,
};

use super::Browser;
use crate::words;

const FIND: &str = include_str!("find.js");

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A button or a link.
    Press,
    /// A field.
    Fill,
    /// A radio or a checkbox.
    Choose,
}

impl Kind {
    fn code(self) -> &'static str {
        match self {
            Self::Press => "press",
            Self::Fill => "fill",
            Self::Choose => "choose",
        }
    }
}

/// WebDriver's "Get Computed Label" and "Get Computed Role".
#[derive(Debug)]
struct Computed(Arc<str>);

impl ExtensionCommand for Computed {
    fn parameters_json(&self) -> Option<Value> {
        None
    }

    fn method(&self) -> Method {
        Method::GET
    }

    fn endpoint(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }
}

impl Browser {
    /// The one element of this kind and name. Several of one name are an error, unless they lead to one place: a screen
    /// reader could not tell them apart either.
    pub(super) async fn find(&self, kind: Kind, name: &str) -> Result<WebElement, String> {
        let mut found = self.find_all(kind, name).await?;
        if found.len() > 1 {
            let mut places = Vec::new();
            for element in &found {
                places.push(
                    element
                        .prop("href")
                        .await
                        .map_err(|error| error.to_string())?,
                );
            }
            if places[0].is_some() && places.iter().all(|place| *place == places[0]) {
                found.truncate(1);
            }
        }
        match found.len() {
            1 => found.into_iter().next().ok_or_else(String::new),
            0 => Err(format!(
                "there is nothing to {} called {name:?}",
                kind.code()
            )),
            more => Err(format!(
                "there are {more} to {} called {name:?}",
                kind.code()
            )),
        }
    }

    pub(super) async fn find_all(&self, kind: Kind, name: &str) -> Result<Vec<WebElement>, String> {
        let names = self.said(name, &self.address().await);
        let arguments = vec![json!(kind.code()), json!(names)];
        let answer = self.session().execute(FIND, arguments).await;
        let candidates = answer
            .and_then(ScriptRet::elements)
            .map_err(|error| error.to_string())?;
        let mut found = Vec::new();
        for candidate in candidates {
            let label = self.computed("label", &candidate).await?;
            let fits = names.iter().any(|name| match kind {
                Kind::Press | Kind::Fill => label == *name,
                // What a choice means is part of its name.
                Kind::Choose => label == *name || label.starts_with(&format!("{name} ")),
            });
            if fits {
                found.push(candidate);
            }
        }
        Ok(found)
    }

    pub(super) async fn computed(
        &self,
        what: &str,
        element: &WebElement,
    ) -> Result<String, String> {
        let endpoint = format!("/element/{}/computed{what}", element.element_id());
        let command = Command::ExtensionCommand(Box::new(Computed(endpoint.into())));
        let answer = self
            .session()
            .cmd(command)
            .await
            .map_err(|error| error.to_string())?;
        let text: String = answer.value().map_err(|error| error.to_string())?;
        Ok(words::tidy(&text))
    }
}
