// The driver of the .NET SDK; see ../protocol.schema.json. Argument: unsupported.json.
// Written from reading the SDK's source. It has never been compiled: no toolchain for .NET was within reach.
using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.Serialization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WorkOS;

/// <summary>Calls the SDK on the suite's behalf.</summary>
public static class Driver
{
    private static readonly string[] Operations = ["create", "get", "lookup", "list", "iterate", "update", "delete"];
    private static readonly Stream Protocol = Console.OpenStandardOutput();
    private static readonly ConcurrentDictionary<string, Lazy<WorkOSClient>> Shared = new();

    /// <summary>Takes commands until there are no more; then ends at once, whatever still runs.</summary>
    public static void Main(string[] arguments)
    {
        Console.SetOut(Console.Error);
        using var commands = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
        while (commands.ReadLine() is { } line)
        {
            var command = JsonNode.Parse(line)!.AsObject();
            switch ((string?)command["cmd"])
            {
                case "start":
                    Reply(Started(arguments[0]));
                    break;
                case "call":
                    Task.Run(async () => Reply(await Answer(command)));
                    break;
                case "stop":
                    Environment.Exit(0);
                    break;
                default:
                    Reply(HarnessError(command, "unknown command"));
                    break;
            }
        }

        Environment.Exit(0);
    }

    private static JsonObject Started(string unsupported) => new()
    {
        ["type"] = "started",
        ["protocol"] = 1,
        ["sdk"] = "dotnet",
        ["package"] = "WorkOS.net",
        ["version"] = WorkOSClient.SdkVersion,
        ["language"] = ".NET " + Environment.Version,
        ["operations"] = JsonSerializer.SerializeToNode(Operations),
        ["unsupported"] = JsonNode.Parse(File.ReadAllText(unsupported)),
    };

    private static async Task<JsonObject> Answer(JsonObject command)
    {
        try
        {
            var reply = await new Call(command).Make();
            reply["seq"] = command["seq"]!.DeepClone();
            return reply;
        }
        catch (Exception fault)
        {
            return HarnessError(command, $"{fault.GetType()}: {fault.Message}");
        }
    }

    private static JsonObject HarnessError(JsonObject command, string message) =>
        new() { ["type"] = "harness_error", ["seq"] = command["seq"]?.DeepClone(), ["message"] = message };

    private static void Reply(JsonObject reply)
    {
        var line = Encoding.UTF8.GetBytes(reply.ToJsonString() + "\n");
        lock (Protocol)
        {
            Protocol.Write(line);
            Protocol.Flush();
        }
    }

    /// <summary>The client that a call names, or one of its own.</summary>
    public static WorkOSClient Client(JsonObject options) => (string?)options["shared"] is { } name
        ? Shared.GetOrAdd(name, _ => new Lazy<WorkOSClient>(() => NewClient(options))).Value
        : NewClient(options);

    private static WorkOSClient NewClient(JsonObject given)
    {
        var options = new WorkOSOptions
        {
            ApiKey = (string)given["api_key"]!,
            ClientId = "client_conformance",
            ApiBaseURL = (string)given["base_url"]!,
        };
        if (given["max_retries"] is { } retries)
        {
            options.MaxRetries = (int)retries;
        }

        // The client has no timeout of its own but that of its HTTP client.
        if (given["timeout_ms"] is { } timeout)
        {
            options.HttpClient = new HttpClient { Timeout = TimeSpan.FromMilliseconds((int)timeout) };
        }

        return new WorkOSClient(options);
    }
}

/// <summary>One call: the arguments are taken first, then the SDK is used.</summary>
public sealed class Call(JsonObject command)
{
    private readonly string operation = (string)command["op"]!;
    private readonly JsonObject given = command["args"]!.DeepClone().AsObject();
    private readonly JsonArray items = [];

    /// <summary>The reply, but for its number. Throws what is the driver's own fault.</summary>
    public async Task<JsonObject> Make()
    {
        var use = Prepare(Options());
        if (given.Count > 0)
        {
            throw new ArgumentException($"unknown arguments: {given.ToJsonString()}");
        }

        try
        {
            return await use(Driver.Client(command["client"]!.AsObject()).Organizations);
        }
        catch (Exception error) when (error is not UnreadableException)
        {
            return Raised(error);
        }
    }

    private Func<OrganizationsService, Task<JsonObject>> Prepare(RequestOptions? options)
    {
        switch (operation)
        {
            case "create":
                var created = CreateOptions();
                return async on => Value(await on.CreateAsync(created, options));
            case "get":
                var id = Text("id")!;
                return async on => Value(await on.GetAsync(id, options));
            case "lookup":
                var externalId = Text("external_id")!;
                return async on => Value(await on.GetByExternalIdAsync(externalId, options));
            case "list":
                var listed = ListOptions();
                return async on => Value(await on.ListAsync(listed, options));
            case "iterate":
                var iterated = ListOptions();
                return on => Iterate(on.ListAutoPagingAsync(iterated, options));
            case "update":
                var changed = Text("id")!;
                var changes = UpdateOptions();
                return async on => Value(await on.UpdateAsync(changed, changes, options));
            case "delete":
                var deleted = Text("id")!;
                return async on =>
                {
                    await on.DeleteAsync(deleted, options);
                    return Value(null);
                };
            default:
                throw new ArgumentException($"unknown operation: {operation}");
        }
    }

    private OrganizationsCreateOptions CreateOptions() => new()
    {
        Name = Text("name")!,
        AllowProfilesOutsideOrganization = Take<bool?>("allow_profiles_outside_organization"),
        Domains = Take<List<string>?>("domains"),
        DomainData = DomainData(),
        Metadata = Take<Dictionary<string, string>?>("metadata"),
        ExternalId = Text("external_id"),
    };

    private OrganizationsUpdateOptions UpdateOptions() => new()
    {
        Name = Text("name"),
        AllowProfilesOutsideOrganization = Take<bool?>("allow_profiles_outside_organization"),
        Domains = Take<List<string>?>("domains"),
        DomainData = DomainData(),
        StripeCustomerId = Text("stripe_customer_id"),
        Metadata = Take<Dictionary<string, string>?>("metadata"),
        ExternalId = Text("external_id"),
    };

    /// <summary>What is not given keeps the default that the SDK has for it.</summary>
    private OrganizationsListOptions ListOptions()
    {
        var options = new OrganizationsListOptions();
        if (given.ContainsKey("before")) options.Before = Text("before");
        if (given.ContainsKey("after")) options.After = Text("after");
        if (given.ContainsKey("limit")) options.Limit = Take<int>("limit");
        if (given.ContainsKey("order")) options.Order = Forms.Member<PaginationOrder>(Text("order")!);
        if (given.ContainsKey("domains")) options.Domains = Take<List<string>?>("domains");
        if (given.ContainsKey("search")) options.Search = Text("search");
        return options;
    }

    private RequestOptions? Options()
    {
        var options = command["opts"]!.AsObject();
        if (options.Count == 0)
        {
            return null;
        }

        var request = new RequestOptions();
        foreach (var (name, value) in options)
        {
            switch (name)
            {
                case "idempotency_key":
                    request.IdempotencyKey = (string)value!;
                    break;
                case "max_retries":
                    request.MaxRetries = (int)value!;
                    break;
                default:
                    throw new ArgumentException($"unknown option: {name}");
            }
        }

        return request;
    }

    private List<OrganizationDomainData>? DomainData() =>
        Take<List<Dictionary<string, string>>?>("domain_data")?.Select(item => new OrganizationDomainData
        {
            Domain = item["domain"],
            State = Forms.Member<OrganizationDomainDataState>(item["state"]),
        }).ToList();

    private string? Text(string name) => Take<string?>(name);

    private T? Take<T>(string name)
    {
        given.Remove(name, out var value);
        return value is null ? default : value.Deserialize<T>();
    }

    private async Task<JsonObject> Iterate(IAsyncEnumerable<Organization> organizations)
    {
        var wanted = (int)command["limits"]!["items"]!;
        var end = Environment.TickCount64 + (long)command["limits"]!["ms"]!;
        var complete = true;
        await foreach (var organization in organizations)
        {
            items.Add(Forms.Data(organization));
            if (items.Count >= wanted || Environment.TickCount64 >= end)
            {
                complete = false;
                break;
            }
        }

        return new() { ["type"] = "value", ["value"] = new JsonObject { ["data"] = items }, ["complete"] = complete };
    }

    private static JsonObject Value(object? value) => new() { ["type"] = "value", ["value"] = Forms.Data(value) };

    private JsonObject Raised(Exception error)
    {
        var kind = error switch
        {
            AuthenticationException => "authentication",
            NotFoundException => "not_found",
            UnprocessableEntityException => "unprocessable",
            RateLimitExceededException => "rate_limit",
            ServerException => "server",
            ApiException => "api",
            _ => "other",
        };
        var reply = new JsonObject
        {
            ["type"] = "error",
            ["class"] = error.GetType().FullName,
            ["is_sdk_error"] = error is ApiException,
            ["kind"] = kind,
            ["status"] = error is ApiException answered ? (int)answered.StatusCode : null,
            ["message"] = error.Message,
        };
        if (operation == "iterate")
        {
            reply["items"] = items.DeepClone();
        }

        return reply;
    }
}

/// <summary>A value of the SDK's could not be read by reflection.</summary>
public sealed class UnreadableException(Exception cause) : Exception(cause.Message, cause);

/// <summary>What the SDK gave, read by reflection through its public properties, in the protocol's form.</summary>
public static class Forms
{
    public static JsonNode? Data(object? value)
    {
        switch (value)
        {
            case null:
                return null;
            case string or bool or int or long or double or decimal:
                return JsonSerializer.SerializeToNode(value);
            case DateTimeOffset date:
                return Tagged("$date", date.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture));
            case DateTime date:
                return Tagged("$date", date.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));
            case Enum member:
                return Tagged("$enum", WireValue(member));
            case IDictionary map:
                var pairs = new JsonObject();
                foreach (DictionaryEntry pair in map)
                {
                    pairs[(string)pair.Key] = Data(pair.Value);
                }

                return new JsonObject { ["$map"] = pairs };
            case IEnumerable list:
                return new JsonArray([.. list.Cast<object?>().Select(Data)]);
            default:
                return value.GetType().Namespace == nameof(WorkOS) ? Properties(value) : Tagged("$other", $"{value.GetType()}: {value}");
        }
    }

    /// <summary>The member of an enum that is `value` on the wire.</summary>
    public static T Member<T>(string value)
        where T : struct, Enum => Enum.GetValues<T>().First(member => WireValue(member) == value);

    private static JsonObject Properties(object value)
    {
        var members = new JsonObject();
        foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length == 0)
            {
                members[SnakeCase(property.Name)] = Read(property, value);
            }
        }

        return members;
    }

    private static JsonNode? Read(PropertyInfo property, object value)
    {
        try
        {
            return Data(property.GetValue(value));
        }
        catch (TargetInvocationException error)
        {
            throw new UnreadableException(error);
        }
    }

    private static string? WireValue(Enum member) =>
        member.GetType().GetField(member.ToString())?.GetCustomAttribute<EnumMemberAttribute>()?.Value;

    private static string SnakeCase(string name) =>
        Regex.Replace(name, "(?<=[a-z0-9])(?=[A-Z])", "_").ToLowerInvariant();

    private static JsonObject Tagged(string tag, string? text) => new() { [tag] = text };
}
