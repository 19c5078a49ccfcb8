//! What the SDK gave, read field by field (its own serialization leaves out what is None), as replies.

use serde_json::{Map, Value, json};
use workos::transport::TransportErrorKind;
use workos::{Error, Organization, OrganizationDomain, OrganizationList};

use crate::Outcome;

pub fn outcome(outcome: Outcome) -> Value {
    match outcome {
        Outcome::Value(value) => json!({"type": "value", "value": value}),
        Outcome::Items(items, complete) => json!({"type": "value", "value": {"data": items}, "complete": complete}),
        Outcome::Error(failure, items) => {
            let mut reply = error(&failure);
            if let Some(items) = items {
                reply["items"] = items.into();
            }
            reply
        }
    }
}

/// A panic is how the SDK failed, if not as an error of its own.
pub fn panic(message: &str) -> Value {
    json!({
        "type": "error", "class": "panic", "is_sdk_error": false, "kind": "other",
        "status": null, "code": null, "message": message, "request_id": null, "retry_after": null,
    })
}

fn error(error: &Error) -> Value {
    let (class, kind) = match error {
        Error::Api(_) => ("workos::Error::Api", "api"),
        Error::Network(transport) => match transport.kind {
            TransportErrorKind::Timeout => ("workos::Error::Network(Timeout)", "timeout"),
            TransportErrorKind::Connect => ("workos::Error::Network(Connect)", "connection"),
            TransportErrorKind::Other => ("workos::Error::Network(Other)", "connection"),
        },
        Error::Decode(_) => ("workos::Error::Decode", "response"),
        Error::Builder(_) => ("workos::Error::Builder", "argument"),
        _ => ("workos::Error", "other"),
    };
    json!({
        "type": "error", "class": class, "is_sdk_error": true, "kind": kind,
        "status": error.status(),
        "code": error.code(),
        "message": error.api().map_or_else(|| error.to_string(), |api| api.message.clone()),
        "request_id": error.request_id(),
        "retry_after": error.retry_after().map(|delay| delay.as_secs_f64()),
    })
}

pub fn page(page: &OrganizationList) -> Value {
    json!({
        "object": page.object,
        "data": page.data.iter().map(organization).collect::<Vec<_>>(),
        "list_metadata": {"before": page.list_metadata.before, "after": page.list_metadata.after},
    })
}

#[allow(deprecated)] // allow_profiles_outside_organization
pub fn organization(organization: &Organization) -> Value {
    let metadata: Map<String, Value> =
        organization.metadata.iter().map(|(key, value)| (key.clone(), value.as_str().into())).collect();
    json!({
        "object": organization.object,
        "id": organization.id,
        "name": organization.name,
        "domains": organization.domains.iter().map(domain).collect::<Vec<_>>(),
        "metadata": {"$map": metadata},
        "external_id": organization.external_id,
        "stripe_customer_id": organization.stripe_customer_id,
        "created_at": organization.created_at,
        "updated_at": organization.updated_at,
        "allow_profiles_outside_organization": organization.allow_profiles_outside_organization,
    })
}

fn domain(domain: &OrganizationDomain) -> Value {
    json!({
        "object": domain.object,
        "id": domain.id,
        "organization_id": domain.organization_id,
        "domain": domain.domain,
        "state": domain.state.as_ref().map(|state| json!({"$enum": state.as_str()})),
        "verification_prefix": domain.verification_prefix,
        "verification_token": domain.verification_token.as_ref().map(|token| token.expose()),
        "verification_strategy": domain.verification_strategy.as_ref().map(|strategy| json!({"$enum": strategy.as_str()})),
        "created_at": domain.created_at,
        "updated_at": domain.updated_at,
    })
}
