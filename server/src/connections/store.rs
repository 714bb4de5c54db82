//! The SQL of connections and their settings.

use api::{
    Cause, Connection, ConnectionState, ProblemCode, Provider, UtcMillis,
    connections::{Degraded, Failure, MatchBy, SecretInfo, Settings},
    paths,
};

use super::{
    guard,
    life::{self, IllegalMove, Move},
};
use crate::{
    App,
    clock::Entropy,
    db::{self, Tx, params},
    error::Error,
    oidc::ConnectionConfig,
    sealing::Sealing,
    secret::Secret,
};

/// A connection's row.
pub(crate) struct Row {
    pub(crate) state: ConnectionState,
    /// The id of the settings in force.
    pub(crate) live: Option<String>,
    /// The id of the settings that were saved since.
    pub(crate) draft: Option<String>,
    pub(crate) active_since: Option<UtcMillis>,
    pub(crate) failure: Option<String>,
    pub(crate) trial: Option<Trial>,
    /// When the last trial ended unconfirmed.
    pub(crate) reverted_at: Option<UtcMillis>,
    pub(crate) degraded: Option<Degraded>,
    pub(crate) version: i64,
}

/// Okta's trial, while there is one.
#[derive(Clone)]
pub(crate) struct Trial {
    pub(crate) began_at: UtcMillis,
    pub(crate) ends_at: UtcMillis,
    /// What everything returns to: see `trial`.
    pub(crate) before: String,
}

impl Row {
    /// The row after a move that its state allows; the old one is gone either way.
    pub(crate) fn step(self, by: Move) -> Result<Self, IllegalMove> {
        Ok(Self {
            state: life::next(self.state, by)?,
            ..self
        })
    }
}

/// A row of settings, its secret sealed.
#[derive(Clone)]
pub(crate) struct SettingsRow {
    pub(super) id: String,
    pub(super) provider: Provider,
    pub(crate) settings: Settings,
    pub(super) secret: Vec<u8>,
    pub(super) info: SecretInfo,
    pub(crate) verification: Option<String>,
}

/// The connection's row, or that of one that nobody saved yet.
pub(crate) fn find(tx: &mut Tx<'_>, provider: Provider) -> Result<Row, Error> {
    let row = tx.row(
        "select state, live_settings, draft_settings, active_since, failure, trial_began_at,
                trial_ends_at, trial_before, reverted_at, degraded_since, degraded_cause, version
         from connections where provider = $1",
        params![provider.code()],
    )?;
    let Some(mut row) = row else {
        return Ok(Row {
            state: ConnectionState::NotConnected,
            live: None,
            draft: None,
            active_since: None,
            failure: None,
            trial: None,
            reverted_at: None,
            degraded: None,
            version: 0,
        });
    };
    Ok(Row {
        state: state(&mut row)?,
        live: row.opt_text()?,
        draft: row.opt_text()?,
        active_since: row.opt_int()?,
        failure: row.opt_text()?,
        trial: match (row.opt_int()?, row.opt_int()?, row.opt_text()?) {
            (Some(began_at), Some(ends_at), Some(before)) => Some(Trial {
                began_at,
                ends_at,
                before,
            }),
            _ => None,
        },
        reverted_at: row.opt_int()?,
        degraded: match (row.opt_int()?, row.opt_text()?) {
            (Some(since), Some(code)) => {
                Cause::from_code(&code).map(|cause| Degraded { since, cause })
            }
            _ => None,
        },
        version: row.int()?,
    })
}

fn state(row: &mut db::Row) -> Result<ConnectionState, Error> {
    let code = row.text()?;
    ConnectionState::from_code(&code)
        .ok_or_else(|| Error::Internal(format!("a connection is {code:?}")))
}

/// Every provider with the state of its connection.
pub(crate) fn states(tx: &mut Tx<'_>) -> Result<Vec<(Provider, ConnectionState)>, Error> {
    let mut known = Vec::with_capacity(3);
    for mut row in tx.rows("select provider, state from connections", &[])? {
        let code = row.text()?;
        known.push((code, state(&mut row)?));
    }
    Ok(Provider::ALL
        .into_iter()
        .map(|provider| {
            let state = known
                .iter()
                .find(|(code, _)| code == provider.code())
                .map_or(ConnectionState::NotConnected, |(_, state)| *state);
            (provider, state)
        })
        .collect())
}

/// Writes the row as a whole, if nobody else did since `row.version`.
pub(super) fn save(tx: &mut Tx<'_>, provider: Provider, row: &Row) -> Result<(), Error> {
    if row.version == 0 {
        tx.run(
            "insert into connections (provider, state, version) values ($1, $2, 0)
             on conflict (provider) do nothing",
            params![provider.code(), row.state.code()],
        )?;
    }
    let (trial, degraded) = (row.trial.as_ref(), row.degraded.as_ref());
    let changed = tx.run(
        "update connections
         set state = $2, live_settings = $3, draft_settings = $4, active_since = $5,
             failure = $6, trial_began_at = $7, trial_ends_at = $8, trial_before = $9,
             reverted_at = $10, degraded_since = $11, degraded_cause = $12, version = version + 1
         where provider = $1 and version = $13",
        params![
            provider.code(),
            row.state.code(),
            &row.live,
            &row.draft,
            row.active_since,
            &row.failure,
            trial.map(|it| it.began_at),
            trial.map(|it| it.ends_at),
            trial.map(|it| &it.before),
            row.reverted_at,
            degraded.map(|it| it.since),
            degraded.map(|it| it.cause.code()),
            row.version
        ],
    )?;
    if changed == 0 {
        return Err(ProblemCode::Changed.into());
    }
    Ok(())
}

/// One row of settings, or 404.
pub(crate) fn settings(tx: &mut Tx<'_>, id: &str) -> Result<SettingsRow, Error> {
    let mut row = tx
        .row(
            "select provider, issuer, client_id, native_client_id, audience, hosted_domain, tenant,
                    native_redirect_uri, secret, secret_last_four, secret_set_at, secret_set_by,
                    secret_expires_on, match_by, allow_unverified_email, verification
             from connection_settings where id = $1",
            params![id],
        )?
        .ok_or(ProblemCode::NotFound)?;
    let provider = super::provider_of(&row.text()?)?;
    let mut settings = SettingsRow {
        id: id.to_owned(),
        provider,
        settings: Settings {
            issuer: row.text()?,
            client_id: row.text()?,
            native_client_id: row.opt_text()?,
            audience: row.opt_text()?,
            hosted_domain: row.opt_text()?,
            tenant: row.opt_text()?,
            native_redirect_uri: row.opt_text()?,
            match_by: MatchBy::default(),
            allow_unverified_email: false,
        },
        secret: row.blob()?,
        info: SecretInfo {
            last_four: row.text()?,
            set_at: row.int()?,
            set_by: row.text()?,
            expires_on: row.opt_text()?,
        },
        verification: None,
    };
    let code = row.text()?;
    settings.settings.match_by = MatchBy::from_code(&code)
        .ok_or_else(|| Error::Internal(format!("settings match by {code:?}")))?;
    settings.settings.allow_unverified_email = row.int()? != 0;
    settings.verification = row.opt_text()?;
    Ok(settings)
}

pub(super) fn insert_settings(
    tx: &mut Tx<'_>,
    row: &SettingsRow,
    now: UtcMillis,
) -> Result<(), Error> {
    let it = &row.settings;
    tx.run(
        "insert into connection_settings
           (id, provider, issuer, client_id, secret, secret_last_four, secret_set_at,
            secret_set_by, native_client_id, audience, hosted_domain, tenant, created_at,
            secret_expires_on, native_redirect_uri, match_by, allow_unverified_email)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        params![
            &row.id,
            row.provider.code(),
            &it.issuer,
            &it.client_id,
            &row.secret,
            &row.info.last_four,
            row.info.set_at,
            &row.info.set_by,
            &it.native_client_id,
            &it.audience,
            &it.hosted_domain,
            &it.tenant,
            now,
            &row.info.expires_on,
            &it.native_redirect_uri,
            it.match_by.code(),
            i64::from(it.allow_unverified_email)
        ],
    )
    .map(drop)
}

/// The connection as an administrator sees it.
pub(super) fn shown(
    tx: &mut Tx<'_>,
    provider: Provider,
    public_url: &str,
    now: UtcMillis,
) -> Result<Connection, Error> {
    let row = find(tx, provider)?;
    let shown = match row.draft.as_deref().or(row.live.as_deref()) {
        Some(id) => Some(settings(tx, id)?),
        None => None,
    };
    let guard = guard::listed(tx, &row, shown.as_ref(), now)?;
    let (mut values, mut secret, mut proof) = (None, None, None);
    if let Some(it) = shown {
        proof = guard::proof(&it)?;
        secret = Some(it.info);
        values = Some(it.settings);
    }
    Ok(Connection {
        provider,
        state: row.state,
        version: row.version,
        redirect_uri: format!("{public_url}{}", paths::auth_callback(provider)),
        sign_out_redirect_uri: format!("{public_url}{}", paths::SIGNED_OUT),
        initiate_login_uri: match provider {
            Provider::Okta => Some(format!("{public_url}{}", paths::AUTH_INITIATE)),
            Provider::Google | Provider::Microsoft => None,
        },
        settings: values,
        secret,
        unverified: row.draft.is_some() && proof.is_none(),
        live: row.live.is_some() && row.draft.is_none(),
        guard,
        trial: row.trial.map(|it| api::connections::Trial {
            began_at: it.began_at,
            ends_at: it.ends_at,
        }),
        reverted_at: row.reverted_at,
        degraded: row.degraded,
        active_since: row.active_since,
        verification: proof,
        failure: stored::<Failure>(row.failure.as_deref())?,
    })
}

pub(super) fn stored<T: serde::de::DeserializeOwned>(
    json: Option<&str>,
) -> Result<Option<T>, Error> {
    json.map(serde_json::from_str)
        .transpose()
        .map_err(|error| Error::Internal(format!("a stored value: {error}")))
}

/// What a sealed client secret belongs to: it opens for no other issuer.
pub(crate) fn secret_place(provider: &str, issuer: &str) -> String {
    format!("connection {provider} {issuer}")
}

/// Seals a client secret for its issuer.
pub(super) fn seal(
    sealing: &Sealing,
    entropy: &Entropy,
    provider: Provider,
    issuer: &str,
    secret: &str,
) -> Result<Vec<u8>, Error> {
    sealing.seal(
        secret.as_bytes(),
        &secret_place(provider.code(), issuer),
        entropy,
    )
}

impl SettingsRow {
    /// What the audit log tells a secret of this issuer by; none where the key that sealed it is
    /// missing.
    pub(super) fn print_of(&self, sealing: &Sealing, secret: &[u8]) -> Option<String> {
        let place = secret_place(self.provider.code(), &self.settings.issuer);
        let opened = sealing.open(secret, &place).ok()?;
        Some(sealing.fingerprint(&opened))
    }

    /// The settings with their secret opened, for the relying party.
    pub(super) fn open(self, app: &App) -> Result<ConnectionConfig, Error> {
        let place = secret_place(self.provider.code(), &self.settings.issuer);
        let opened = app.sealing.open(&self.secret, &place)?;
        let secret = std::str::from_utf8(&opened)
            .map_err(|_| Error::Internal("a client secret is not UTF-8".into()))?;
        Ok(ConnectionConfig {
            id: self.id,
            // Rows of settings never change, so each is a version of its own.
            version: 1,
            provider: self.provider,
            issuer: self.settings.issuer,
            client_id: self.settings.client_id,
            client_secret: Secret::new(secret.to_owned()),
            native_client_id: self.settings.native_client_id,
            native_redirect_uri: self.settings.native_redirect_uri,
            audience: self.settings.audience,
            hosted_domain: self.settings.hosted_domain,
            tenant: self.settings.tenant,
            match_by: self.settings.match_by,
            allow_unverified_email: self.settings.allow_unverified_email,
        })
    }
}
