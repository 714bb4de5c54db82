//! The settings of `serve`: flags over environment over TOML file over defaults.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use api::{Loopback, issuer};
use clap::Args;
use serde::Deserialize;

use crate::{app::Settings, db::Location, trusted_proxies::TrustedProxies};

const LISTEN: &str = "127.0.0.1:8080";
const DATABASE: &str = "sso-console.db";

/// What `serve` can be told.
#[derive(Clone, Debug, Default, Args)]
pub struct Options {
    /// TOML configuration file; keys match these options, with _ instead of -.
    #[arg(long, env = "SSO_CONSOLE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// URL that browsers use to reach this server, for example https://sso.example.com.
    #[arg(long, env = "SSO_CONSOLE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Address and port to listen on [default: 127.0.0.1:8080].
    #[arg(long, env = "SSO_CONSOLE_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// Address and port for Prometheus metrics; disabled if not set.
    #[arg(long, env = "SSO_CONSOLE_METRICS_LISTEN", value_name = "ADDRESS")]
    pub metrics_listen: Option<String>,
    /// SQLite file or postgres:// URL [default: sso-console.db].
    #[arg(long, env = "SSO_CONSOLE_DATABASE", value_name = "FILE OR URL")]
    pub database: Option<String>,
    /// File with the encryption key for secrets [default: the database file plus .key].
    #[arg(long, env = "SSO_CONSOLE_ENCRYPTION_KEY_FILE", value_name = "FILE")]
    pub encryption_key_file: Option<PathBuf>,
    /// IP address or network (10.0.0.0/8, fd00::/8) of a proxy whose X-Forwarded-For header is trusted; repeatable.
    #[arg(
        long,
        env = "SSO_CONSOLE_TRUSTED_PROXIES",
        value_delimiter = ',',
        value_name = "ADDRESS OR NETWORK"
    )]
    pub trusted_proxies: Option<Vec<String>>,
    /// Host name of an identity provider on a private network; repeatable.
    #[arg(
        long,
        env = "SSO_CONSOLE_PRIVATE_HOSTS",
        value_delimiter = ',',
        value_name = "HOST"
    )]
    pub private_hosts: Option<Vec<String>>,
    /// Allow an identity provider on this machine; rejected with a public URL.
    #[arg(long, env = "SSO_CONSOLE_ALLOW_LOOPBACK_ISSUERS", num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub allow_loopback_issuers: Option<bool>,
    /// Sign-ins one IP address may start per minute [default: 1200].
    #[arg(long, env = "SSO_CONSOLE_SIGN_INS_PER_MINUTE", value_name = "COUNT")]
    pub sign_ins_per_minute: Option<u32>,
    /// Log level: error, warn, info, debug, or trace [default: info].
    #[arg(long, env = "SSO_CONSOLE_LOG", value_name = "LEVEL")]
    pub log: Option<String>,
}

/// The TOML file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    public_url: Option<String>,
    listen: Option<String>,
    metrics_listen: Option<String>,
    database: Option<String>,
    encryption_key_file: Option<PathBuf>,
    trusted_proxies: Option<Vec<String>>,
    private_hosts: Option<Vec<String>>,
    allow_loopback_issuers: Option<bool>,
    sign_ins_per_minute: Option<u32>,
    log: Option<String>,
}

/// Settings that are all there and fit together.
#[derive(Clone, Debug)]
pub struct Resolved {
    pub listen: SocketAddr,
    pub metrics_listen: Option<SocketAddr>,
    pub database: Location,
    pub encryption_key_file: Option<PathBuf>,
    pub log: tracing::Level,
    pub settings: Settings,
}

impl File {
    /// Where the database is: the flag (or the environment), this file, or the default.
    pub(super) fn database(&self, flag: Option<String>) -> Result<Location, String> {
        let text = flag
            .or_else(|| self.database.clone())
            .unwrap_or_else(|| DATABASE.to_owned());
        Location::parse(&text).map_err(|why| format!("--database: {why}"))
    }
}

impl Options {
    /// Reads the file, if one is named, and fits everything together. Fails with a sentence that
    /// names the setting and what to do.
    pub fn resolve(self) -> Result<Resolved, String> {
        let file = match &self.config {
            Some(path) => read(path)?,
            None => File::default(),
        };
        let text = |flag: Option<String>, file: Option<String>, default: &str| {
            flag.or(file).unwrap_or_else(|| default.to_owned())
        };
        let database = file.database(self.database)?;
        let listen = address("listen", &text(self.listen, file.listen, LISTEN))?;
        let metrics_listen = self
            .metrics_listen
            .or(file.metrics_listen)
            .map(|value| address("metrics-listen", &value))
            .transpose()?;
        let local = format!("http://localhost:{}", listen.port());
        let public_url = match self.public_url.or(file.public_url) {
            Some(url) => url,
            None if listen.ip().is_loopback() => local,
            None => {
                return Err(
                    "--public-url is missing: under which address do browsers reach this \
                            server? For example --public-url https://sso.example.com"
                        .into(),
                );
            }
        };
        let mut settings = Settings::new(&checked(&public_url)?);
        settings.trusted_proxies =
            TrustedProxies::parse(&list(self.trusted_proxies, file.trusted_proxies))
                .map_err(|why| format!("--trusted-proxies has {why}"))?;
        settings.private_hosts = list(self.private_hosts, file.private_hosts);
        settings.sign_ins_per_minute = self.sign_ins_per_minute.or(file.sign_ins_per_minute);
        let allowed = self.allow_loopback_issuers.or(file.allow_loopback_issuers);
        if allowed == Some(true) {
            if !listen.ip().is_loopback() || !is_local(&settings.public_url) {
                return Err(format!(
                    "--allow-loopback-issuers is for trying things out on one machine, and {} \
                     listens on {listen}: leave it out",
                    settings.public_url
                ));
            }
            settings.loopback = Loopback::Allowed;
        }
        let log = text(self.log, file.log, "info");
        Ok(Resolved {
            listen,
            metrics_listen,
            database,
            encryption_key_file: self.encryption_key_file.or(file.encryption_key_file),
            log: log.parse().map_err(|_| {
                format!("--log is {log:?}; it takes error, warn, info, debug or trace")
            })?,
            settings,
        })
    }
}

pub(super) fn read(path: &Path) -> Result<File, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("--config {}: {error}", path.display()))?;
    // The library's message has the line, the column and the known names.
    toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

fn address(name: &str, text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        format!("--{name} is {text:?}; it takes an address and a port, such as 0.0.0.0:8080")
    })
}

/// A list without its empty values. An environment variable that is set to nothing, as Compose files do, counts as
/// not set.
fn list(flag: Option<Vec<String>>, file: Option<Vec<String>>) -> Vec<String> {
    let full = |list: Option<Vec<String>>| -> Vec<String> {
        let values = list.into_iter().flatten();
        values.filter(|it| !it.trim().is_empty()).collect()
    };
    match full(flag) {
        none if none.is_empty() => full(file),
        values => values,
    }
}

/// The public URL is an origin: people sign in over https, or on this machine.
fn checked(text: &str) -> Result<String, String> {
    let url = url::Url::parse(text)
        .map_err(|error| format!("--public-url is {text:?}: {error}; give https://host"))?;
    let origin = url.origin().ascii_serialization();
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(format!(
            "--public-url is {text:?}; leave out what follows {origin}"
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("--public-url has a user name in it; leave it out".into());
    }
    match url.scheme() {
        "https" => Ok(origin),
        "http" if is_local(&origin) => Ok(origin),
        _ => Err(format!(
            "--public-url is {text:?}; it has to begin with https://, or browsers will not keep \
             users signed in"
        )),
    }
}

fn is_local(origin: &str) -> bool {
    url::Url::parse(origin)
        .ok()
        .and_then(|url| url.host_str().map(issuer::is_loopback))
        .unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(change: impl FnOnce(&mut Options)) -> Result<Resolved, String> {
        let mut options = Options::default();
        change(&mut options);
        options.resolve()
    }

    #[test]
    fn without_anything_it_is_a_server_on_this_machine() {
        let resolved = with(|_| ()).expect("defaults");
        assert_eq!(resolved.settings.public_url, "http://localhost:8080");
        assert_eq!(resolved.settings.loopback, Loopback::Refused);
        assert_eq!(resolved.database, Location::Sqlite(DATABASE.into()));
    }

    #[test]
    fn what_is_wrong_is_named_with_what_to_do() {
        type Change = fn(&mut Options);
        let table: [(Change, &str); 9] = [
            (|o| o.listen = Some("8080".into()), "--listen is \"8080\""),
            (
                |o| o.listen = Some("0.0.0.0:80".into()),
                "--public-url is missing",
            ),
            (
                |o| o.public_url = Some("http://sso.example.com".into()),
                "https://",
            ),
            (
                |o| o.public_url = Some("https://sso.example.com/x".into()),
                "leave out",
            ),
            (
                |o| o.public_url = Some("sso.example.com".into()),
                "--public-url",
            ),
            (|o| o.database = Some("mysql://x".into()), "--database"),
            (|o| o.log = Some("loud".into()), "--log"),
            (
                |o| o.trusted_proxies = Some(vec!["proxy".into()]),
                "--trusted-proxies",
            ),
            (
                |o| o.config = Some("no-such-file.toml".into()),
                "no-such-file.toml",
            ),
        ];
        for (change, named) in table {
            let why = with(change).map(|_| ()).expect_err(named);
            assert!(why.contains(named), "{why:?} does not name {named:?}");
        }
    }

    #[test]
    fn trusted_proxies_take_networks_and_skip_empty_values() {
        let trusted = |values: &[&str]| {
            let values = values.iter().map(|it| (*it).to_owned()).collect();
            let resolved = with(|o| o.trusted_proxies = Some(values)).expect("networks");
            resolved.settings.trusted_proxies.to_string()
        };
        assert_eq!(trusted(&[""]), "");
        assert_eq!(
            trusted(&["10.0.0.0/8", " ", "fd00::/8", "172.18.0.2"]),
            "10.0.0.0/8,fd00::/8,172.18.0.2"
        );
        let resolved = with(|o| o.private_hosts = Some(vec![String::new()])).expect("hosts");
        assert!(resolved.settings.private_hosts.is_empty());
        // Set to nothing, the environment says nothing, and the file counts.
        let in_file = || Some(vec!["10.0.0.1".to_owned(), String::new()]);
        assert_eq!(list(Some(vec![String::new()]), in_file()), ["10.0.0.1"]);
        assert_eq!(
            list(Some(vec!["10.0.0.2".to_owned()]), in_file()),
            ["10.0.0.2"]
        );
    }

    #[test]
    fn a_loopback_issuer_is_refused_on_a_public_address() {
        let public = with(|o| {
            o.public_url = Some("https://sso.example.com".into());
            o.allow_loopback_issuers = Some(true);
        });
        assert!(public.is_err());
        let everywhere = with(|o| {
            o.listen = Some("0.0.0.0:8080".into());
            o.public_url = Some("http://localhost:8080".into());
            o.allow_loopback_issuers = Some(true);
        });
        assert!(everywhere.is_err());
        let here = with(|o| o.allow_loopback_issuers = Some(true)).expect("on this machine");
        assert_eq!(here.settings.loopback, Loopback::Allowed);
    }

    #[test]
    fn an_unknown_key_in_the_file_is_named_with_its_line() {
        let error = toml::from_str::<File>("listen = \"x\"\npublic_ulr = \"y\"\n")
            .map(|_| ())
            .expect_err("a wrong key")
            .to_string();
        assert!(
            error.contains("line 2") && error.contains("public_ulr"),
            "{error}"
        );
    }
}
