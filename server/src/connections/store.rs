//! The SQL of connections and their settings.

use api::{
    Connection, ConnectionState, ProblemCode, Provider, UtcMillis,
    connections::{Failure, Proof, SecretInfo, Settings},
    paths,
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
    /// The id of the settings that wait for their proof.
    pub(crate) draft: Option<String>,
    pub(crate) active_since: Option<UtcMillis>,
    pub(crate) failure: Option<String>,
    pub(crate) version: i64,
}

/// A row of settings, its secret sealed.
#[derive(Clone)]
pub(crate) struct SettingsRow {
    pub(super) id: String,
    pub(super) provider: Provider,
    pub(crate) settings: Settings,
    pub(super) secret: Vec<u8>,
    pub(super) info: SecretInfo,
    pub(crate) proof: Option<String>,
}

/// The connection's row, or that of one that nobody saved yet.
pub(crate) fn find(tx: &mut Tx<'_>, provider: Provider) -> Result<Row, Error> {
    let row = tx.row(
        "select state, live_settings, draft_settings, active_since, failure, version
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
            version: 0,
        });
    };
    Ok(Row {
        state: state(&mut row)?,
        live: row.opt_text()?,
        draft: row.opt_text()?,
        active_since: row.opt_int()?,
        failure: row.opt_text()?,
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
    let changed = if row.version == 0 {
        tx.run(
            "insert into connections
               (provider, state, live_settings, draft_settings, active_since, failure, version)
             values ($1, $2, $3, $4, $5, $6, 1)
             on conflict (provider) do nothing",
            params![
                provider.code(),
                row.state.code(),
                &row.live,
                &row.draft,
                row.active_since,
                &row.failure
            ],
        )?
    } else {
        tx.run(
            "update connections
             set state = $2, live_settings = $3, draft_settings = $4, active_since = $5,
                 failure = $6, version = version + 1
             where provider = $1 and version = $7",
            params![
                provider.code(),
                row.state.code(),
                &row.live,
                &row.draft,
                row.active_since,
                &row.failure,
                row.version
            ],
        )?
    };
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
                    secret, secret_last_four, secret_set_at, secret_set_by, secret_runs_out_on,
                    proof
             from connection_settings where id = $1",
            params![id],
        )?
        .ok_or(ProblemCode::NotFound)?;
    Ok(SettingsRow {
        id: id.to_owned(),
        provider: super::provider_of(&row.text()?)?,
        settings: Settings {
            issuer: row.text()?,
            client_id: row.text()?,
            native_client_id: row.opt_text()?,
            audience: row.opt_text()?,
            hosted_domain: row.opt_text()?,
            tenant: row.opt_text()?,
        },
        secret: row.blob()?,
        info: SecretInfo {
            last_four: row.text()?,
            set_at: row.int()?,
            set_by: row.text()?,
            runs_out_on: row.opt_text()?,
        },
        proof: row.opt_text()?,
    })
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
            secret_runs_out_on)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
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
            &row.info.runs_out_on
        ],
    )
    .map(drop)
}

/// The connection as an administrator sees it.
pub(super) fn shown(
    tx: &mut Tx<'_>,
    provider: Provider,
    public_url: &str,
) -> Result<Connection, Error> {
    let row = find(tx, provider)?;
    let shown = row.draft.as_deref().or(row.live.as_deref());
    let settings = match shown {
        Some(id) => Some(settings(tx, id)?),
        None => None,
    };
    let (mut values, mut secret, mut proof) = (None, None, None);
    if let Some(it) = settings {
        proof = stored::<Proof>(it.proof.as_deref())?;
        secret = Some(it.info);
        values = Some(it.settings);
    }
    Ok(Connection {
        provider,
        state: row.state,
        version: row.version,
        redirect_uri: format!("{public_url}{}", paths::auth_callback(provider)),
        sign_out_redirect_uri: format!("{public_url}{}", paths::SIGNED_OUT),
        settings: values,
        secret,
        unproven: row.draft.is_some(),
        active_since: row.active_since,
        proof,
        failure: stored::<Failure>(row.failure.as_deref())?,
    })
}

fn stored<T: serde::de::DeserializeOwned>(json: Option<&str>) -> Result<Option<T>, Error> {
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
            hosted_domain: self.settings.hosted_domain,
            tenant: self.settings.tenant,
        })
    }
}
