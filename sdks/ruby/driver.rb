# frozen_string_literal: true

# The driver of the Ruby SDK; see ../protocol.schema.json. Argument: unsupported.json.

# Whatever prints from here on prints to standard error.
PROTOCOL = $stdout.dup
$stdout.reopen($stderr)
Encoding.default_external = Encoding::UTF_8

require "json"
require "time"
require "workos"

METHODS = {
  "create" => :create_organization,
  "get" => :get_organization,
  "lookup" => :get_organization_by_external_id,
  "list" => :list_organizations,
  "iterate" => :list_organizations,
  "update" => :update_organization,
  "delete" => :delete_organization
}.freeze
FIELDS = %w[name domain_data domains metadata external_id allow_profiles_outside_organization].freeze
QUERY = %w[before after limit order domains search].freeze
ARGUMENTS = {
  "create" => FIELDS,
  "get" => %w[id],
  "lookup" => %w[external_id],
  "list" => QUERY,
  "iterate" => QUERY,
  "update" => %w[id stripe_customer_id] + FIELDS,
  "delete" => %w[id]
}.freeze
OPTIONS = %w[idempotency_key extra_headers timeout_ms max_retries base_url].freeze
KINDS = {
  "InvalidRequestError" => "bad_request",
  "AuthenticationError" => "authentication",
  "ForbiddenRequestError" => "authorization",
  "NotFoundError" => "not_found",
  "IdempotencyError" => "conflict",
  "UnprocessableEntityError" => "unprocessable",
  "RateLimitExceededError" => "rate_limit",
  "APIConnectionError" => "connection",
  "APIError" => "api"
}.freeze

WRITING = Mutex.new
SHARING = Mutex.new
SHARED = {}

# What this driver speaks for.
def started
  {
    "type" => "started", "protocol" => 1, "sdk" => "ruby", "package" => "workos",
    "version" => WorkOS::VERSION,
    "language" => "Ruby #{RUBY_VERSION}",
    "operations" => METHODS.keys,
    "unsupported" => JSON.parse(File.read(ARGV[0])).merge(missing)
  }
end

# What the methods of this very release do not take.
def missing
  METHODS.each_with_object({}) do |(operation, method), missing|
    taken = WorkOS::Organizations.instance_method(method).parameters.map { |_, name| name.to_s }
    (ARGUMENTS[operation] - taken).each do |name|
      missing["#{operation}.#{name}"] = "#{method} of this release has no parameter #{name}."
    end
  end
end

# Makes a call; whatever of the SDK fails in it is an error, whatever else fails is the driver's fault.
def answer(command)
  operation = command["op"]
  unknown = (command["args"].keys - ARGUMENTS[operation]) + (command["opts"].keys - OPTIONS)
  raise ArgumentError, "unknown: #{unknown.join(", ")}" unless unknown.empty?

  items = []
  begin
    result, complete = attempt(command, items)
  rescue StandardError, ScriptError => error
    return raised(error).merge(operation == "iterate" ? {"items" => encoded(items)} : {})
  end
  return {"type" => "value", "value" => encoded(result)} if complete.nil?

  {"type" => "value", "value" => {"data" => encoded(items)}, "complete" => complete}
end

def attempt(command, items)
  client = client(command["client"])
  arguments = command["args"].transform_keys(&:to_sym)
  if arguments[:domain_data].is_a?(Array)
    arguments[:domain_data] = arguments[:domain_data].map { |item| domain(item) }
  end
  arguments[:request_options] = options(command["opts"]) unless command["opts"].empty?
  result = client.organizations.public_send(METHODS[command["op"]], **arguments)
  [result, command["op"] == "iterate" ? collect(result, items, command["limits"]) : nil]
ensure
  client&.shutdown if client.respond_to?(:shutdown) && !command["client"].key?("shared")
end

# Puts what the SDK iterates over into `items`; tells whether that came to its end within the limits.
def collect(page, items, limits)
  deadline = now + (limits["ms"] / 1000.0)
  page.auto_paging_each do |item|
    items << item
    return false if items.size >= limits["items"] || now >= deadline
  end
  true
end

def now
  Process.clock_gettime(Process::CLOCK_MONOTONIC)
end

# The client that the call names, or one of its own.
def client(options)
  name = options["shared"]
  return new_client(options) unless name

  SHARING.synchronize { SHARED[name] ||= new_client(options) }
end

def new_client(options)
  given = {api_key: options["api_key"], client_id: "client_conformance", base_url: options["base_url"]}
  given[:max_retries] = options["max_retries"] if options.key?("max_retries")
  given[:timeout] = options["timeout_ms"] / 1000.0 if options.key?("timeout_ms")
  WorkOS::Client.new(**given)
end

def options(given)
  given.to_h { |name, value| name == "timeout_ms" ? [:timeout, value / 1000.0] : [name.to_sym, value] }
end

def domain(given)
  given.is_a?(Hash) ? WorkOS::OrganizationDomainData.new(given.transform_keys(&:to_sym)) : given
end

# What the error says through its public methods.
def raised(error)
  kind = error.class.ancestors.filter_map { |type| KINDS[type.name[/\AWorkOS::(\w+)\z/, 1]] if type.name }.first
  said = ->(name) { error.respond_to?(name) ? error.public_send(name) : nil }
  {
    "type" => "error", "class" => error.class.name, "is_sdk_error" => error.class.name.start_with?("WorkOS::"),
    "kind" => kind || "other",
    "status" => said[:http_status], "code" => said[:code], "message" => utf8(error.message),
    "request_id" => said[:request_id], "retry_after" => said[:retry_after]
  }
end

# A value of the SDK's in the protocol's form. A Hash with names for keys is the SDK's own only where cursors are.
def encoded(value, name = nil)
  case value
  when nil, true, false, Integer, Float then value
  when String then utf8(value) == value ? value : {"$other" => value.inspect}
  when Symbol then {"$enum" => value.to_s}
  when Time, DateTime then {"$date" => value.iso8601(9)}
  when Array then value.map { |item| encoded(item) }
  when Hash
    pairs = value.to_h { |key, item| [key.to_s, encoded(item)] }
    name == :list_metadata ? pairs : {"$map" => pairs}
  else
    value.class.name.start_with?("WorkOS::") ? members(value) : {"$other" => "#{value.class}: #{value.inspect}"}
  end
end

# Attributes that the class itself has, but for the means to fetch the next page.
def members(value)
  writers = value.class.public_instance_methods(false).grep(/\A[a-z_]+=\z/)
  names = writers.map { |writer| writer.to_s.delete_suffix("=").to_sym } - [:fetch_next]
  names.to_h { |name| [name.to_s, encoded(value.public_send(name), name)] }
end

def utf8(text)
  text.dup.force_encoding(Encoding::UTF_8).scrub
end

def reply(message)
  line = JSON.generate(message)
  WRITING.synchronize do
    PROTOCOL.write("#{line}\n")
    PROTOCOL.flush
  end
end

def respond(command)
  message = command["cmd"] == "start" ? started : answer(command)
  reply(command["cmd"] == "start" ? message : message.merge("seq" => command["seq"]))
rescue StandardError, ScriptError => fault
  reply("type" => "harness_error", "seq" => command["seq"], "message" => "#{fault.class}: #{fault.message}")
end

# The likeliest is half a surrogate pair, which Ruby does not read; without it, the call's number shows.
def unreadable(line, fault)
  seq = JSON.parse(line.gsub("\\ud", "\\u0"))["seq"]
  reply("type" => "harness_error", "seq" => seq, "message" => utf8(fault.message))
end

$stdin.each_line do |line|
  command = JSON.parse(line)
  break if command["cmd"] == "stop"

  command["cmd"] == "start" ? respond(command) : Thread.new { respond(command) }
rescue JSON::ParserError => fault
  unreadable(line, fault)
end
exit!(0)
