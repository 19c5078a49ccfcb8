// The driver of the Node SDK; see ../protocol.schema.json.

// Standard output is the protocol's alone, before anything else is loaded.
const protocol = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr);

const { readFileSync } = await import("node:fs");
const sdk = await import("@workos-inc/node");

// What the API calls an argument -> what the SDK's option types call it.
const BODY = { name: "name", domain_data: "domainData", external_id: "externalId", metadata: "metadata" };
const QUERY = { before: "before", after: "after", limit: "limit", order: "order", domains: "domains" };
const NAMES = {
  create: BODY,
  update: { id: "organization", ...BODY, stripe_customer_id: "stripeCustomerId" },
  list: QUERY,
  iterate: QUERY,
};

const CALLS = {
  create: (organizations, args, opts) => organizations.createOrganization(args, ...opts),
  get: (organizations, args) => organizations.getOrganization(args.id),
  lookup: (organizations, args) => organizations.getOrganizationByExternalId(args.external_id),
  list: (organizations, args) => organizations.listOrganizations(...given(args)),
  iterate: async (organizations, args) => (await organizations.listOrganizations(...given(args))).autoPagination(),
  update: (organizations, args) => organizations.updateOrganization(args),
  delete: (organizations, args) => organizations.deleteOrganization(args.id),
};

const KINDS = {
  ApiKeyRequiredException: "configuration",
  AuthenticationException: "api",
  BadRequestException: "bad_request",
  ConflictException: "conflict",
  GenericServerException: "api",
  NoApiKeyProvidedException: "configuration",
  NotFoundException: "not_found",
  OauthException: "api",
  RateLimitExceededException: "rate_limit",
  UnauthorizedException: "authentication",
  UnprocessableEntityException: "unprocessable",
};

const sharedClients = new Map();

function started() {
  return {
    type: "started",
    protocol: 1,
    sdk: "node",
    package: "@workos-inc/node",
    version: new sdk.WorkOS("sk_none").version,
    language: `Node ${process.versions.node}`,
    operations: Object.keys(CALLS),
    unsupported: JSON.parse(readFileSync(process.argv[2], "utf8")),
  };
}

async function answer(command) {
  let outcome;
  try {
    outcome = await call(command);
  } catch (error) {
    outcome = { type: "harness_error", message: String(error?.stack ?? error) };
  }
  reply({ ...outcome, seq: command.seq });
}

async function call({ op, args, client, opts }) {
  const named = renamed(op, args);
  const options = requestOptions(opts);
  let result;
  try {
    result = await CALLS[op](clientOf(client).organizations, named, options);
  } catch (error) {
    // autoPagination gives all items or none.
    return { ...raised(error), ...(op === "iterate" ? { items: [] } : {}) };
  }
  if (op === "list") {
    return { type: "value", value: { data: encoded(result.data), list_metadata: encoded(result.listMetadata) } };
  }
  if (op === "iterate") {
    return { type: "value", value: { data: encoded(result) }, complete: true };
  }
  return { type: "value", value: encoded(result) ?? null };
}

// Object.fromEntries defines members, so that a key __proto__ stays one.
function renamed(op, args) {
  if (!(op in NAMES)) return args;
  for (const name of Object.keys(args)) {
    if (!Object.hasOwn(NAMES[op], name)) throw new Error(`unknown argument: ${name}`);
  }
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [NAMES[op][name], value]));
}

function requestOptions(opts) {
  const { idempotency_key: idempotencyKey, ...others } = opts;
  if (Object.keys(others).length) throw new Error(`unknown options: ${Object.keys(others)}`);
  return idempotencyKey === undefined ? [] : [{ idempotencyKey }];
}

// No argument at all where a user would write none.
function given(args) {
  return Object.keys(args).length ? [args] : [];
}

function clientOf(options) {
  if (options.shared === undefined) return newClient(options);
  if (!sharedClients.has(options.shared)) sharedClients.set(options.shared, newClient(options));
  return sharedClients.get(options.shared);
}

function newClient({ base_url, api_key, max_retries, timeout_ms }) {
  const { protocol: scheme, hostname, port } = new URL(base_url);
  const options = { apiHostname: hostname, https: scheme === "https:", clientId: "client_conformance" };
  if (port) options.port = Number(port);
  if (max_retries !== undefined) options.maxRetries = max_retries;
  if (timeout_ms !== undefined) options.timeout = timeout_ms;
  return new sdk.WorkOS(api_key, options);
}

function raised(error) {
  const exported = Object.values(sdk).filter((member) => member?.prototype instanceof Error);
  return {
    type: "error",
    class: error?.constructor?.name || typeof error,
    is_sdk_error: exported.some((type) => error instanceof type),
    kind: KINDS[error?.constructor?.name] ?? "other",
    status: encoded(error?.status) ?? null,
    code: encoded(error?.code) ?? null,
    message: encoded(error?.message) ?? null,
    request_id: encoded(error?.requestID) ?? null,
    retry_after: encoded(error?.retryAfter) ?? null,
  };
}

// What the SDK gave, in the protocol's form; undefined stays undefined, and JSON.stringify leaves it out.
function encoded(value, isData = false) {
  if (value === undefined || value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item) => encoded(item, isData) ?? null);
  if (value instanceof Date && !Number.isNaN(value.valueOf())) return { $date: value.toISOString() };
  if (typeof value !== "object" || value instanceof Date) return { $other: `${typeof value}: ${String(value)}` };
  const members = Object.entries(value);
  if (isData) return { $map: Object.fromEntries(members.map(([key, item]) => [key, encoded(item, true)])) };
  return Object.fromEntries(members.map(([key, item]) => [snakeCase(key), encoded(item, key === "metadata")]));
}

function snakeCase(name) {
  return name.replace(/[A-Z]+/g, (letters) => `_${letters.toLowerCase()}`);
}

function reply(message) {
  protocol(`${JSON.stringify(message)}\n`);
}

function take(line) {
  const command = JSON.parse(line);
  if (command.cmd === "stop") process.exit(0);
  if (command.cmd === "start") reply(started());
  else answer(command);
}

let rest = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (text) => {
  const lines = (rest + text).split("\n");
  rest = lines.pop();
  lines.forEach(take);
});
process.stdin.on("end", () => process.exit(0));
