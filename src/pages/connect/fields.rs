//! The fields of each provider, and what is said under them while one types.

use api::Provider;
use locales::{Key, keys};

use crate::{
    pages::{
        connect::{draft::Draft, matching},
        connection, files,
    },
    ui::{
        el::{El, Inside, code, div, el, group, live, p},
        field::{Kind, Look, field},
        form::Form,
    },
    words::Text,
};

/// In the order in which one finds the values.
pub(super) fn fields(draft: Draft, form: Form) -> El {
    let plain = |name, label, value, look| field(form, name, label, value, look, None);
    let client_id = plain(
        "client_id",
        keys::CONNECT_CLIENT_ID,
        draft.client_id,
        look(),
    );
    let owned = files::owned_some(draft.ownership, draft.provider().code());
    let fields = div("fields").child(owned);
    match draft.provider() {
        Provider::Okta => fields
            .child(issuer(draft, form))
            .child(client_id)
            .child(secret(draft, form))
            .child(plain(
                "native_client_id",
                keys::CONNECT_NATIVE_CLIENT_ID,
                draft.native_client_id,
                optional(keys::CONNECT_NATIVE_CLIENT_ID_HINT),
            ))
            .child(plain(
                "native_redirect_uri",
                keys::CONNECT_NATIVE_REDIRECT_URI,
                draft.native_redirect_uri,
                optional(keys::CONNECT_NATIVE_REDIRECT_URI_HINT),
            ))
            .child(plain(
                "audience",
                keys::CONNECT_AUDIENCE,
                draft.audience,
                optional(keys::CONNECT_AUDIENCE_HINT),
            ))
            .child(matching::matching(draft, form)),
        Provider::Google => fields
            .child(client_id)
            .child(secret(draft, form))
            .child(plain(
                "hosted_domain",
                keys::CONNECT_HOSTED_DOMAIN,
                draft.hosted_domain,
                optional(keys::CONNECT_HOSTED_DOMAIN_HINT),
            )),
        Provider::Microsoft => {
            let tenant = Look {
                hint: Some(keys::CONNECT_TENANT_HINT.into()),
                placeholder: "2f4a8c1e-0b3d-4c5e-9f60-1a2b3c4d5e6f",
                ..look()
            };
            fields
                .child(client_id)
                .child(secret(draft, form))
                .child(plain("tenant", keys::CONNECT_TENANT, draft.tenant, tenant))
        }
    }
}

fn look() -> Look {
    Look {
        kind: Kind::Code,
        ..Look::default()
    }
}

fn optional(hint: Key) -> Look {
    Look {
        hint: Some(hint.into()),
        optional: true,
        ..look()
    }
}

/// "Okta domain or metadata URL", and what was understood of it.
fn issuer(draft: Draft, form: Form) -> El {
    let look = Look {
        hint: Some(keys::CONNECT_ISSUER_HINT.into()),
        placeholder: "company.okta.com",
        ..look()
    };
    let understood = live(move || {
        let it = draft.understood()?;
        let server = match it.authorization_server {
            None => Text::from(keys::CONNECT_ISSUER_ORGANIZATION),
            Some(id) => Text::with(keys::CONNECT_ISSUER_CUSTOM, &[("server", &id)]),
        };
        let was_admin = it
            .was_admin
            .then(|| el("span").child(" ").child(keys::CONNECT_ISSUER_WAS_ADMIN));
        Some(group(vec![
            Text::from(keys::CONNECT_ISSUER_IS).inside(),
            " ".inside(),
            code(it.issuer).done(),
            ", ".inside(),
            server.inside(),
            was_admin.inside(),
        ]))
    });
    let understood = p("understood small")
        .attr("role", "status")
        .child(understood);
    field(
        form,
        "issuer",
        keys::CONNECT_ISSUER,
        draft.issuer,
        look,
        Some(understood),
    )
}

/// Write-only: what is stored is named by its end, and an empty field keeps it.
fn secret(draft: Draft, form: Form) -> El {
    let look = Look {
        kind: Kind::Secret,
        complete: "new-password",
        also: "client_secret-stored",
        ..look()
    };
    let stored = live(move || {
        let secret = draft.secret()?;
        let said = format!("{}. ", connection::secret_said(&secret));
        Some(group(vec![
            said.inside(),
            Text::from(keys::CONNECT_SECRET_KEEP).inside(),
        ]))
    });
    let stored = p("hint").attr("id", "client_secret-stored").child(stored);
    field(
        form,
        "client_secret",
        keys::CONNECT_CLIENT_SECRET,
        draft.client_secret,
        look,
        Some(stored),
    )
}
