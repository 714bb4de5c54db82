//! How a PostgreSQL is reached: what its URL says about TLS, and whether the server has to show who it is.
//!
//! A password and everyone's data go over this connection. What libpq calls `prefer` would send them to any machine that
//! answers on the way, so that a server on another machine is verified unless the operator says otherwise.

use std::{net::IpAddr, path::PathBuf, sync::Arc, time::Duration};

use postgres::{
    Client, Config,
    config::{Host, SslMode},
};
use rustls::{
    RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::told_in_full;

/// Of every session. Pages are walked in an index's order; without values to look at, PostgreSQL
/// would rather gather all rows by a bitmap and sort them. Nor is a statement that reads a page worth being compiled: by
/// the guessed cost of the walk behind it some were, and that took longer than they do.
const OPTIONS: &str =
    "-c statement_timeout=5000 -c lock_timeout=2000 -c enable_bitmapscan=off -c jit=off";

/// What an operator can do where the server's certificate does not hold, or there is none.
const HINT: &str = "a database on another machine has to show a certificate that this machine \
                    trusts: for one of your own authority end its URL with \
                    sslmode=verify-full&sslrootcert=FILE; on a network that you trust, \
                    sslmode=disable does without";

pub(super) struct Connector {
    config: Config,
    tls: MakeRustlsConnect,
    verifies: bool,
}

impl Connector {
    pub(super) fn new(url: &str) -> Result<Self, String> {
        let (url, wish) = Wish::of(url)?;
        let mut config: Config = url.parse().map_err(|error| {
            format!(
                "the database's URL cannot be read: {}; it looks like postgres://user@host/name",
                told_in_full(&error)
            )
        })?;
        config.connect_timeout(Duration::from_secs(3));
        config.keepalives_idle(Duration::from_secs(10));
        config.tcp_user_timeout(Duration::from_secs(3));
        config.application_name("sso-console");
        config.options(OPTIONS);
        let verifies = wish.verifies(is_remote(&config), is_socket(&config))?;
        config.ssl_mode(if verifies {
            SslMode::Require
        } else {
            SslMode::Disable
        });
        let roots = if verifies {
            roots(wish.authority.as_ref())?
        } else {
            RootCertStore::empty()
        };
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| format!("TLS cannot be set up: {error}"))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            config,
            tls: MakeRustlsConnect::new(tls),
            verifies,
        })
    }

    pub(super) fn connect(&self) -> Result<Client, postgres::Error> {
        self.config.connect(self.tls.clone())
    }

    /// Why there is no connection.
    pub(super) fn refused(&self, error: &postgres::Error) -> String {
        let why = super::refused(error);
        // The library has no kind for it.
        if self.verifies && why.contains("TLS") {
            format!("{why}; {HINT}")
        } else {
            why
        }
    }
}

/// What a URL says about TLS, in libpq's words.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wish {
    mode: Option<String>,
    /// `sslrootcert`; None for the authorities that the system trusts.
    authority: Option<PathBuf>,
}

impl Wish {
    /// Takes it out of the URL: the library knows neither `verify-full` nor files.
    fn of(url: &str) -> Result<(String, Self), String> {
        // What stands before the @ is a name and a password.
        let host = url.find('@').map_or(0, |at| at + 1);
        let Some(question) = url[host..].find('?').map(|at| host + at) else {
            return Ok((url.to_owned(), Self::default()));
        };
        let (mut wish, mut rest) = (Self::default(), Vec::new());
        for pair in url[question + 1..].split('&') {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            match name {
                "sslmode" => wish.mode = Some(decoded(value)),
                "sslrootcert" => {
                    let file = decoded(value);
                    wish.authority = (file != "system").then(|| file.into());
                }
                "sslcert" | "sslkey" | "sslcrl" | "sslpassword" => {
                    return Err(format!(
                        "--database has {name}, which this server does not use; leave it out"
                    ));
                }
                _ => rest.push(pair),
            }
        }
        let start = &url[..question];
        let url = if rest.is_empty() {
            start.to_owned()
        } else {
            format!("{start}?{}", rest.join("&"))
        };
        Ok((url, wish))
    }

    /// Whether the server has to show a certificate that holds, for the host's own name.
    fn verifies(&self, remote: bool, socket: bool) -> Result<bool, String> {
        match self.mode.as_deref() {
            // Nothing but this machine's kernel sees what goes through a UNIX socket; libpq does not ask for TLS either.
            Some("disable" | "allow" | "prefer" | "require" | "verify-ca" | "verify-full")
            | None
                if socket =>
            {
                Ok(false)
            }
            None => Ok(remote || self.authority.is_some()),
            Some("disable") => Ok(false),
            // Stricter than libpq, which would take any certificate for "require".
            Some("require" | "verify-full") => Ok(true),
            Some("allow" | "prefer") if !remote => Ok(false),
            Some(mode @ ("allow" | "prefer")) => Err(format!(
                "--database has sslmode={mode}, which goes on without TLS when anything on the \
                 way says so; {HINT}"
            )),
            Some("verify-ca") => Err(
                "--database has sslmode=verify-ca, which takes the certificate of another host of \
                 the same authority; give sslmode=verify-full"
                    .into(),
            ),
            Some(other) => Err(format!(
                "--database has sslmode={other:?}; it takes verify-full, require or disable"
            )),
        }
    }
}

/// RFC 3986 §2.1; a plus sign is itself, as in libpq.
fn decoded(value: &str) -> String {
    let plus = value.replace('+', "%2B");
    form_urlencoded::parse(format!("v={plus}").as_bytes())
        .next()
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default()
}

/// The authorities that vouch for the server.
fn roots(file: Option<&PathBuf>) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    let Some(file) = file else {
        for certificate in rustls_native_certs::load_native_certs().certs {
            // A certificate of the system that cannot be read is no reason not to start.
            let _ = roots.add(certificate);
        }
        return Ok(roots);
    };
    let name = file.display();
    let unread = |why: String| {
        format!("sslrootcert {name}: {why}; name a file with certificates in PEM, your authority's")
    };
    let certificates =
        CertificateDer::pem_file_iter(file).map_err(|error| unread(error.to_string()))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| unread(error.to_string()))?;
        roots
            .add(certificate)
            .map_err(|error| unread(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(unread("no certificate is in it".into()));
    }
    Ok(roots)
}

/// Whether any server of the URL is on another machine.
fn is_remote(config: &Config) -> bool {
    let addresses = config.get_hostaddrs();
    if !addresses.is_empty() {
        return addresses.iter().any(|address| !address.is_loopback());
    }
    config.get_hosts().iter().any(|host| match host {
        Host::Tcp(name) => !is_this_machine(name),
        Host::Unix(_) => false,
    })
}

/// Whether every server of the URL is behind a UNIX socket.
fn is_socket(config: &Config) -> bool {
    let hosts = config.get_hosts();
    config.get_hostaddrs().is_empty()
        && !hosts.is_empty()
        && hosts.iter().all(|host| match host {
            Host::Tcp(_) => false,
            Host::Unix(_) => true,
        })
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse()
            .is_ok_and(|address: IpAddr| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a URL is taken, and the server verified.
    fn verifies(url: &str) -> Result<bool, String> {
        Connector::new(url).map(|connector| connector.verifies)
    }

    #[test]
    fn server_on_another_machine_is_verified_without_sslmode() {
        for (url, expected) in [
            ("postgres://u:p@db.example/x", true),
            ("postgres://u:p@10.0.0.5:5432/x", true),
            ("postgres://u:p@[2001:db8::1]/x", true),
            ("postgres://u:p@localhost,db.example/x", true),
            ("postgres://u:p@localhost/x?hostaddr=10.0.0.5", true),
            ("postgres://u:p?q@db.example/x", true),
            ("postgres://u:p@db.example/x?connect_timeout=2", true),
            ("postgres://u:p@db.example/x?sslmode=require", true),
            ("postgres://u:p@db.example/x?sslmode=verify-full", true),
            (
                "postgres://u:p@db.example/x?sslmode=verify-full&sslrootcert=system",
                true,
            ),
            ("postgres://u:p@localhost/x?sslmode=verify-full", true),
            ("postgres://u:p@db.example/x?sslmode=disable", false),
            ("postgres://u:p@localhost/x", false),
            ("postgres://u:p@127.0.0.1:54399/x", false),
            ("postgres://u:p@127.3.0.1/x?sslmode=prefer", false),
            ("postgres://u:p@[::1]/x", false),
            ("postgres://u:p@%2Fvar%2Frun%2Fpostgresql/x", false),
            (
                "postgres:///x?host=/var/run/postgresql&sslmode=require",
                false,
            ),
        ] {
            assert_eq!(verifies(url), Ok(expected), "{url}");
        }
    }

    #[test]
    fn sslmode_that_promises_too_much_is_refused_with_the_reason() {
        for (url, named) in [
            (
                "postgres://u:p@db.example/x?sslmode=prefer",
                "sslmode=prefer",
            ),
            (
                "postgres://u:p@db.example/x?sslmode=allow",
                "sslrootcert=FILE",
            ),
            (
                "postgres://u:p@db.example/x?sslmode=verify-ca",
                "verify-full",
            ),
            ("postgres://u:p@db.example/x?sslmode=yes", "\"yes\""),
            ("postgres://u:p@db.example/x?sslmode=", "verify-full"),
            ("postgres://u:p@db.example/x?sslkey=a.key", "sslkey"),
            (
                "postgres://u:p@db.example/x?sslrootcert=no-such.pem",
                "no-such.pem",
            ),
            (
                "postgres://u:p@db.example/x?sslrootcert=no%20such.pem",
                "no such.pem",
            ),
            ("postgres://u:p@db.example/x?sslrootcert=Cargo.toml", "PEM"),
        ] {
            let why = verifies(url).expect_err(url);
            assert!(why.contains(named), "{url}: {why}");
            assert!(!why.contains("u:p"), "{why}");
        }
    }

    #[test]
    fn parameters_of_tls_are_taken_out_of_the_url() {
        let url = "postgres://u:p@h/x?a=1&sslmode=verify-full&sslrootcert=%2Fa+b.pem&c=2";
        let (rest, wish) = Wish::of(url).expect("read");
        assert_eq!(rest, "postgres://u:p@h/x?a=1&c=2");
        assert_eq!(wish.mode.as_deref(), Some("verify-full"));
        assert_eq!(wish.authority, Some("/a+b.pem".into()));
        let (rest, wish) = Wish::of("postgres://u:p?sslmode=x@h/x").expect("read");
        assert_eq!(
            (rest.as_str(), wish),
            ("postgres://u:p?sslmode=x@h/x", Wish::default())
        );
    }
}
