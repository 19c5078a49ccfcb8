//! Calls the SDK for Rust on the suite's behalf; ../protocol.schema.json says what goes in and out.

mod arguments;
mod replies;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::{StreamExt, pin_mut};
use http::header::{HeaderName, HeaderValue, USER_AGENT};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use workos::{Client, Error, RequestOptions, RequestStrategy};

use arguments::{Arguments, Refused, refuse};

const OPERATIONS: [&str; 7] = ["create", "get", "lookup", "list", "iterate", "update", "delete"];

type Shared = Arc<Mutex<HashMap<String, Client>>>;

/// One use of the SDK, with everything that it takes.
struct Use {
    arguments: Arguments,
    client: Value,
    options: RequestOptions,
    items_wanted: usize,
    time: Duration,
}

/// What the SDK gave: its value, or its error; `items` are those of an iteration.
enum Outcome {
    Value(Value),
    Items(Vec<Value>, bool),
    Error(Error, Option<Vec<Value>>),
}

fn main() {
    let declared = std::env::args().nth(1).expect("the first argument names unsupported.json");
    let declared = std::fs::read(declared).expect("unsupported.json can be read");
    let unsupported: Value = serde_json::from_slice(&declared).expect("unsupported.json is JSON");
    let runtime = Runtime::new().expect("threads can be started");
    let shared = Shared::default();
    for line in std::io::stdin().lines().map_while(Result::ok) {
        let Ok(command) = serde_json::from_str::<Value>(&line) else {
            println!("{}", unreadable(&line));
            continue;
        };
        match command["cmd"].as_str() {
            Some("start") => println!("{}", started(&unsupported)),
            Some("call") => drop(runtime.spawn(answer(command, shared.clone()))),
            Some("stop") => break,
            _ => println!("{}", harness_error(&command["seq"], "unknown command")),
        }
    }
    std::process::exit(0);
}

fn started(unsupported: &Value) -> Value {
    let headers = Client::new("sk").default_headers().clone();
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    json!({
        "type": "started", "protocol": 1, "sdk": "rust", "package": "workos",
        "version": agent.strip_prefix("workos-rust/").unwrap_or(agent),
        "language": concat!("Rust ", env!("RUST_VERSION")),
        "operations": OPERATIONS,
        "unsupported": unsupported,
    })
}

async fn answer(command: Value, shared: Shared) {
    let seq = command["seq"].clone();
    let mut reply = match prepare(&command) {
        Ok(prepared) => match tokio::spawn(make(prepared, shared)).await {
            Ok(outcome) => replies::outcome(outcome),
            Err(panic) => replies::panic(&panic.to_string()),
        },
        Err(Refused::Unsupported(what)) => json!({"type": "unsupported", "what": [what]}),
        Err(Refused::Unknown(what)) => harness_error(&seq, &format!("unknown: {what}")),
    };
    reply["seq"] = seq;
    println!("{reply}");
}

fn prepare(command: &Value) -> Result<Use, Refused> {
    Ok(Use {
        arguments: Arguments::read(command["op"].as_str().unwrap_or_default(), &command["args"])?,
        client: command["client"].clone(),
        options: options(&command["opts"])?,
        items_wanted: command["limits"]["items"].as_u64().unwrap_or_default() as usize,
        time: Duration::from_millis(command["limits"]["ms"].as_u64().unwrap_or_default()),
    })
}

fn options(given: &Value) -> Result<RequestOptions, Refused> {
    let mut options = RequestOptions::new();
    for (name, value) in given.as_object().into_iter().flatten() {
        options = match name.as_str() {
            "idempotency_key" => options.idempotency_key(value.as_str().unwrap_or_default()),
            "max_retries" => options.strategy(RequestStrategy::ExponentialBackoff {
                max_attempts: value.as_u64().unwrap_or_default() as u32 + 1,
                jitter: true,
            }),
            "extra_headers" => headers(options, value)?,
            "timeout_ms" | "base_url" => return refuse(format!("opts.{name}")),
            _ => return Err(Refused::Unknown(name.clone())),
        };
    }
    Ok(options)
}

fn headers(mut options: RequestOptions, given: &Value) -> Result<RequestOptions, Refused> {
    for (name, value) in given.as_object().into_iter().flatten() {
        let text = value.as_str().unwrap_or_default();
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(text)) {
            (Ok(name), Ok(value)) => options = options.header(name, value),
            _ => return refuse("opts.extra_headers".to_string()),
        }
    }
    Ok(options)
}

fn client(given: &Value, shared: &Shared) -> Result<Client, Error> {
    let Some(name) = given["shared"].as_str() else {
        return new_client(given);
    };
    let mut clients = shared.lock().expect("no client panicked while it was made");
    if let Some(client) = clients.get(name) {
        return Ok(client.clone());
    }
    let client = new_client(given)?;
    clients.insert(name.to_string(), client.clone());
    Ok(client)
}

fn new_client(given: &Value) -> Result<Client, Error> {
    let mut builder = Client::builder()
        .api_key(given["api_key"].as_str().unwrap_or_default())
        .base_url(given["base_url"].as_str().unwrap_or_default());
    if let Some(retries) = given["max_retries"].as_u64() {
        builder = builder.max_retries(retries as u32);
    }
    if let Some(milliseconds) = given["timeout_ms"].as_u64() {
        builder = builder.timeout(Duration::from_millis(milliseconds));
    }
    builder.try_build()
}

async fn make(prepared: Use, shared: Shared) -> Outcome {
    let client = match client(&prepared.client, &shared) {
        Ok(client) => client,
        Err(error) => return Outcome::Error(error, None),
    };
    match prepared.arguments {
        Arguments::Iterate(_) => iterate(&client, prepared).await,
        _ => match once(&client, prepared).await {
            Ok(value) => Outcome::Value(value),
            Err(error) => Outcome::Error(error, None),
        },
    }
}

async fn once(client: &Client, prepared: Use) -> Result<Value, Error> {
    let api = client.organizations();
    let options = Some(&prepared.options);
    let organization = match prepared.arguments {
        Arguments::Create(params) => api.create_organization_with_options(params, options).await?,
        Arguments::Get(id) => api.get_organization_with_options(&id, options).await?,
        Arguments::Lookup(id) => api.get_organization_by_external_id_with_options(&id, options).await?,
        Arguments::Update(id, params) => api.update_organization_with_options(&id, params, options).await?,
        Arguments::Delete(id) => return api.delete_organization_with_options(&id, options).await.map(|()| Value::Null),
        Arguments::List(params) | Arguments::Iterate(params) => {
            let page = api.list_organizations_with_options(params, options).await?;
            return Ok(replies::page(&page));
        }
    };
    Ok(replies::organization(&organization))
}

async fn iterate(client: &Client, prepared: Use) -> Outcome {
    let Arguments::Iterate(params) = prepared.arguments else {
        unreachable!("only iterate comes here");
    };
    let end = Instant::now() + prepared.time;
    let api = client.organizations();
    let stream = api.list_organizations_auto_paging(params);
    pin_mut!(stream);
    let mut items = Vec::new();
    while items.len() < prepared.items_wanted && Instant::now() < end {
        match stream.next().await {
            Some(Ok(organization)) => items.push(replies::organization(&organization)),
            Some(Err(error)) => return Outcome::Error(error, Some(items)),
            None => return Outcome::Items(items, true),
        }
    }
    Outcome::Items(items, false)
}

/// The reply to a line that is JSON but holds half a surrogate pair, which no string of Rust can.
fn unreadable(line: &str) -> Value {
    let without_surrogates = line.replace("\\ud", "\\u0");
    match serde_json::from_str::<Value>(&without_surrogates) {
        Ok(command) => json!({
            "type": "unsupported", "seq": command["seq"],
            "what": [format!("type.{}", command["op"].as_str().unwrap_or_default())],
        }),
        Err(error) => harness_error(&Value::Null, &error.to_string()),
    }
}

fn harness_error(seq: &Value, message: &str) -> Value {
    json!({"type": "harness_error", "seq": seq, "message": message})
}
