//! The arguments of one call as the types that the SDK takes.

use serde_json::{Value, from_value};
use workos::PaginationOrder;
use workos::organizations::{CreateOrganizationParams, ListOrganizationsParams, UpdateOrganizationParams};

pub enum Arguments {
    Create(CreateOrganizationParams),
    Get(String),
    Lookup(String),
    List(ListOrganizationsParams),
    Iterate(ListOrganizationsParams),
    Update(String, UpdateOrganizationParams),
    Delete(String),
}

/// Why a call is not made: the SDK has no form for what it needs, or the driver does not know it.
pub enum Refused {
    Unsupported(String),
    Unknown(String),
}

pub fn refuse<T>(what: String) -> Result<T, Refused> {
    Err(Refused::Unsupported(what))
}

impl Arguments {
    pub fn read(operation: &str, given: &Value) -> Result<Self, Refused> {
        refuse_unknown(operation, given)?;
        refuse_null(operation, given)?;
        let text = |name: &str| typed(operation, given[name].clone());
        Ok(match operation {
            "create" => Self::Create(CreateOrganizationParams::new(typed(operation, given.clone())?)),
            "get" => Self::Get(text("id")?),
            "lookup" => Self::Lookup(text("external_id")?),
            "list" => Self::List(list(operation, given)?),
            "iterate" => Self::Iterate(list(operation, given)?),
            "update" => Self::Update(text("id")?, UpdateOrganizationParams::new(typed(operation, given.clone())?)),
            _ => Self::Delete(text("id")?),
        })
    }
}

/// What is not given keeps the default that the SDK has for it.
fn list(operation: &str, given: &Value) -> Result<ListOrganizationsParams, Refused> {
    let mut params = ListOrganizationsParams::default();
    for (name, value) in given.as_object().into_iter().flatten() {
        let value = value.clone();
        match name.as_str() {
            "before" => params.before = typed(operation, value)?,
            "after" => params.after = typed(operation, value)?,
            "limit" => params.limit = typed(operation, value)?,
            "order" => params.order = typed::<Option<PaginationOrder>>(operation, value)?,
            "domains" => params.domains = typed(operation, value)?,
            _ => params.search = typed(operation, value)?,
        }
    }
    Ok(params)
}

fn typed<T: serde::de::DeserializeOwned>(operation: &str, value: Value) -> Result<T, Refused> {
    from_value(value).or_else(|mistyped| {
        let what = if mistyped.to_string().starts_with("missing field") { "absent" } else { "type" };
        refuse(format!("{what}.{operation}"))
    })
}

fn refuse_unknown(operation: &str, given: &Value) -> Result<(), Refused> {
    let known: &[&str] = match operation {
        "create" => &["name", "domain_data", "domains", "metadata", "external_id", "allow_profiles_outside_organization"],
        "update" => &[
            "id", "name", "domain_data", "domains", "metadata", "external_id", "stripe_customer_id",
            "allow_profiles_outside_organization",
        ],
        "get" | "delete" => &["id"],
        "lookup" => &["external_id"],
        "list" | "iterate" => &["before", "after", "limit", "order", "domains", "search"],
        _ => return Err(Refused::Unknown(operation.to_string())),
    };
    let mut names = given.as_object().into_iter().flat_map(|arguments| arguments.keys());
    match names.find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(Refused::Unknown(name.clone())),
        None => Ok(()),
    }
}

fn refuse_null(operation: &str, given: &Value) -> Result<(), Refused> {
    for (name, value) in given.as_object().into_iter().flatten() {
        if value.is_null() {
            return refuse(format!("null.{operation}.{name}"));
        }
        if value.as_object().is_some_and(|pairs| pairs.values().any(Value::is_null)) {
            return refuse(format!("null.{operation}.{name}.value"));
        }
    }
    Ok(())
}
