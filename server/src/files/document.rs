//! A file for `plan` and `apply`: read from TOML, each value with its line.
//!
//! It must not know what is in the database.

use std::collections::BTreeMap;

use api::{Provider, connections::MatchBy};
use serde::Deserialize;
use toml::Spanned;

use crate::secret::Secret;

/// A text with the line that it stands on.
#[derive(Clone, Debug)]
pub(crate) struct Said<T> {
    pub(crate) value: T,
    pub(crate) line: usize,
}

/// What a file says; what it does not name it leaves alone.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// Its name, without the folder.
    pub(crate) file: String,
    pub(crate) organization_name: Option<Said<String>>,
    pub(crate) webhook_url: Option<Said<String>>,
    pub(crate) connections: Vec<Connection>,
}

/// What a file says of one connection.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) provider: Provider,
    /// Where its table begins.
    pub(crate) line: usize,
    /// By the names of the form's fields.
    pub(crate) fields: BTreeMap<&'static str, Said<String>>,
    pub(crate) secret: Option<Said<Secret>>,
    pub(crate) on: Option<Said<bool>>,
}

/// Where a file says that a secret is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Source<'a> {
    /// A path, from the folder of the file.
    File(&'a str),
    /// A variable of the environment.
    Variable(&'a str),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    organization: Option<RawOrganization>,
    webhook: Option<RawWebhook>,
    okta: Option<Spanned<RawOkta>>,
    google: Option<Spanned<RawGoogle>>,
    microsoft: Option<Spanned<RawMicrosoft>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOrganization {
    name: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWebhook {
    url: Option<Spanned<String>>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawState {
    On,
    Off,
}

/// A struct for each provider, so that the library names the line of a key that is none of it.
macro_rules! raw {
    ($name:ident, $($field:ident: $kind:ty),*) => {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct $name {
            client_id: Option<Spanned<String>>,
            client_secret_file: Option<Spanned<String>>,
            client_secret_env: Option<Spanned<String>>,
            client_secret_expires_on: Option<Spanned<String>>,
            state: Option<Spanned<RawState>>,
            $($field: Option<Spanned<$kind>>),*
        }

        impl $name {
            fn read(self, reader: &Reader<'_>, provider: Provider, line: usize) -> Result<Connection, String> {
                let fields = [
                    ("client_id", self.client_id.map(|it| reader.text(it))),
                    ("client_secret_expires_on", self.client_secret_expires_on.map(|it| reader.text(it))),
                    $((stringify!($field), self.$field.map(|it| reader.text(it)))),*
                ];
                let secret = reader.secret(self.client_secret_file, self.client_secret_env)?;
                Ok(Connection {
                    provider,
                    line,
                    fields: fields
                        .into_iter()
                        .filter_map(|(name, value)| Some((name, value?)))
                        .collect(),
                    secret,
                    on: self.state.map(|it| reader.said(it)).map(|it| Said {
                        value: matches!(it.value, RawState::On),
                        line: it.line,
                    }),
                })
            }
        }
    };
}

raw!(
    RawOkta,
    issuer: String,
    native_client_id: String,
    native_redirect_uri: String,
    audience: String,
    match_by: MatchBy,
    allow_unverified_email: bool
);
raw!(RawGoogle, hosted_domain: String);
raw!(RawMicrosoft, tenant: String);

/// A value as the form would send it.
trait Written {
    fn written(&self) -> String;
}

impl Written for String {
    fn written(&self) -> String {
        self.clone()
    }
}

impl Written for bool {
    fn written(&self) -> String {
        self.to_string()
    }
}

impl Written for MatchBy {
    fn written(&self) -> String {
        self.code().to_owned()
    }
}

/// Finds lines, and secrets.
struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    find: &'a dyn Fn(Source<'_>) -> Result<Secret, String>,
}

impl Reader<'_> {
    fn line(&self, at: usize) -> usize {
        let before = self.text.as_bytes().iter().take(at);
        before.filter(|byte| **byte == b'\n').count() + 1
    }

    fn said<T>(&self, value: Spanned<T>) -> Said<T> {
        Said {
            line: self.line(value.span().start),
            value: value.into_inner(),
        }
    }

    fn text(&self, value: Spanned<impl Written>) -> Said<String> {
        let said = self.said(value);
        Said {
            line: said.line,
            value: said.value.written(),
        }
    }

    fn secret(
        &self,
        file: Option<Spanned<String>>,
        variable: Option<Spanned<String>>,
    ) -> Result<Option<Said<Secret>>, String> {
        let (name, found) = match (file, variable) {
            (None, None) => return Ok(None),
            (Some(_), Some(second)) => {
                let line = self.said(second).line;
                return Err(format!(
                    "{}, line {line}: client_secret_env stands beside client_secret_file: give one",
                    self.file
                ));
            }
            (Some(path), None) => {
                let path = self.said(path);
                let found = (self.find)(Source::File(&path.value));
                (path.line, found)
            }
            (None, Some(name)) => {
                let name = self.said(name);
                let found = (self.find)(Source::Variable(&name.value));
                (name.line, found)
            }
        };
        let value = found.map_err(|why| format!("{}, line {name}: {why}", self.file))?;
        Ok(Some(Said { value, line: name }))
    }
}

/// Reads a file's text. Fails with a sentence that names the file and the line.
pub(crate) fn read(
    file: &str,
    text: &str,
    find: &dyn Fn(Source<'_>) -> Result<Secret, String>,
) -> Result<Document, String> {
    let raw: Raw = toml::from_str(text).map_err(|error| {
        let reader = Reader { file, text, find };
        let line = error.span().map_or(1, |span| reader.line(span.start));
        // The key alone: what stands behind it may be a secret that was put there by mistake.
        let said = text.lines().nth(line - 1).unwrap_or_default();
        let key = said.split('=').next().unwrap_or_default().trim();
        let plain = |c: char| c.is_ascii_alphanumeric() || "_-[]. ".contains(c);
        let key = if key.chars().all(plain) { key } else { "" };
        format!("{file}, line {line}: {key}: {}", error.message())
    })?;
    let reader = Reader { file, text, find };
    let mut connections = Vec::new();
    if let Some(okta) = raw.okta {
        let line = reader.line(okta.span().start);
        connections.push(okta.into_inner().read(&reader, Provider::Okta, line)?);
    }
    if let Some(google) = raw.google {
        let line = reader.line(google.span().start);
        connections.push(google.into_inner().read(&reader, Provider::Google, line)?);
    }
    if let Some(it) = raw.microsoft {
        let line = reader.line(it.span().start);
        connections.push(it.into_inner().read(&reader, Provider::Microsoft, line)?);
    }
    Ok(Document {
        file: file.to_owned(),
        organization_name: raw
            .organization
            .and_then(|it| it.name)
            .map(|it| reader.said(it)),
        webhook_url: raw.webhook.and_then(|it| it.url).map(|it| reader.said(it)),
        connections,
    })
}

impl Document {
    /// Every field that it names, in the order of the alphabet.
    pub(crate) fn fields(&self) -> Vec<String> {
        let mut fields = Vec::new();
        fields.extend(
            self.organization_name
                .as_ref()
                .map(|_| "organization.name".into()),
        );
        fields.extend(self.webhook_url.as_ref().map(|_| "webhook.url".into()));
        for connection in &self.connections {
            let area = connection.provider.code();
            fields.extend(
                connection
                    .fields
                    .keys()
                    .map(|name| format!("{area}.{name}")),
            );
            fields.extend(
                connection
                    .secret
                    .as_ref()
                    .map(|_| format!("{area}.client_secret")),
            );
            fields.extend(connection.on.as_ref().map(|_| format!("{area}.state")));
        }
        fields.sort();
        fields
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Result<Document, String> {
        read("sso.toml", text, &|source| match source {
            Source::Variable("SECRET") => Ok("s3cret".into()),
            Source::Variable(name) => Err(format!("{name} is not set")),
            Source::File(path) => Err(format!("{path} is not there")),
        })
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, line, named) in [
            (
                "[okta]\nissuer = \"x\"\nclient_secrte = \"y\"\n",
                3,
                "client_secrte",
            ),
            ("[okta]\nclient_id = 7\n", 2, "integer"),
            ("[okta]\nmatch_by = \"upn\"\n", 2, "upn"),
            ("[okta]\nallow_unverified_email = \"yes\"\n", 2, "string"),
            ("[google]\nmatch_by = \"email\"\n", 2, "match_by"),
            ("\n[octa]\n", 2, "octa"),
            ("[okta]\nstate = \"maybe\"\n", 2, "maybe"),
            (
                "[google]\n\nissuer = \"https://evil.example\"\n",
                3,
                "issuer",
            ),
            ("[okta\n", 1, ""),
            (
                "[okta]\nclient_id = \"a\"\nclient_id = \"b\"\n",
                3,
                "duplicate",
            ),
            (
                "[microsoft]\nclient_secret_env = \"NONE\"\n",
                2,
                "NONE is not set",
            ),
            ("[okta]\nclient_secret_file = \"no.txt\"\n", 2, "no.txt"),
            (
                "[okta]\nclient_secret_file = \"a\"\nclient_secret_env = \"SECRET\"\n",
                3,
                "give one",
            ),
        ] {
            let why = told(text).map(|_| ()).expect_err(text);
            assert!(
                why.starts_with(&format!("sso.toml, line {line}: ")),
                "{text}: {why}"
            );
            assert!(why.contains(named), "{text}: {why}");
        }
    }

    #[test]
    fn what_is_named_is_what_is_owned() {
        let document = told(
            "[organization]\nname = \"N\"\n\n[okta]\nclient_id = \"c\"\nclient_secret_env = \"SECRET\"\nstate = \"off\"\n",
        )
        .expect("read");
        assert_eq!(
            document.fields(),
            [
                "okta.client_id",
                "okta.client_secret",
                "okta.state",
                "organization.name"
            ]
        );
        let okta = &document.connections[0];
        assert_eq!((okta.line, okta.fields["client_id"].line), (4, 5));
        assert_eq!(
            okta.on.as_ref().map(|it| (it.value, it.line)),
            Some((false, 7))
        );
        assert!(told("").expect("an empty file").fields().is_empty());
    }
}
