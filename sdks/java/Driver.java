import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.workos.WorkOS;
import com.workos.common.exceptions.*;
import com.workos.common.http.RequestOptions;
import com.workos.common.http.RetryConfig;
import com.workos.organizations.Organizations;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Calls the SDK for the JVM on the suite's behalf; ../protocol.schema.json says what goes in and out. */
public final class Driver {
    private static final List<String> OPERATIONS =
            List.of("create", "get", "lookup", "list", "iterate", "update", "delete");
    private static final Map<Class<?>, String> KINDS = Map.of(
            BadRequestException.class, "bad_request",
            UnauthorizedException.class, "authentication",
            NotFoundException.class, "not_found",
            UnprocessableEntityException.class, "unprocessable",
            RateLimitException.class, "rate_limit",
            GenericServerException.class, "server",
            WorkOSGenericException.class, "api",
            TransportException.class, "connection");

    private static final ObjectMapper JSON = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final Map<String, WorkOS> SHARED = new ConcurrentHashMap<>();
    private static final PrintStream REPLIES = new PrintStream(new FileOutputStream(FileDescriptor.out), true);

    /** One use of the SDK, ready to be made; `items` fills while an iteration goes on. */
    private record Use(Callable<Object> call, Long itemsWanted, long milliseconds, ArrayNode items) {}

    public static void main(String[] arguments) throws IOException {
        System.setOut(System.err);
        JsonNode unsupported = JSON.readTree(new File(arguments[0]));
        ExecutorService calls = Executors.newCachedThreadPool();
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            ObjectNode command = (ObjectNode) JSON.readTree(line);
            switch (command.path("cmd").asText()) {
                case "start" -> reply(started(unsupported));
                case "call" -> calls.execute(() -> reply(answer(command)));
                case "stop" -> Runtime.getRuntime().halt(0);
                default -> reply(harnessError(command, "unknown command"));
            }
        }
        Runtime.getRuntime().halt(0);
    }

    private static ObjectNode started(JsonNode unsupported) {
        ObjectNode started = JSON.createObjectNode().put("type", "started").put("protocol", 1)
                .put("sdk", "java").put("package", "com.workos:workos")
                .put("version", WorkOS.class.getPackage().getImplementationVersion())
                .put("language", "Java " + System.getProperty("java.version"));
        started.set("operations", JSON.valueToTree(OPERATIONS));
        return started.set("unsupported", unsupported);
    }

    private static ObjectNode answer(ObjectNode command) {
        ObjectNode reply = JSON.createObjectNode();
        try {
            Use use = prepare(command);
            try {
                value(use, reply);
            } catch (ReflectiveOperationException unreadable) {
                throw unreadable;
            } catch (Throwable error) {
                error(error, reply.removeAll());
                if (use.itemsWanted() != null) reply.set("items", use.items());
            }
        } catch (Arguments.Unsupported missing) {
            reply.put("type", "unsupported").putArray("what").add(missing.getMessage());
        } catch (Throwable fault) {
            return harnessError(command, fault.toString());
        }
        return reply.set("seq", command.get("seq"));
    }

    private static void value(Use use, ObjectNode reply) throws Exception {
        Object given = use.call().call();
        reply.put("type", "value");
        if (use.itemsWanted() == null) {
            reply.set("value", Values.data(given));
            return;
        }
        reply.put("complete", drain(((Iterable<?>) given).iterator(), use));
        reply.putObject("value").set("data", use.items());
    }

    private static boolean drain(Iterator<?> iterator, Use use) throws Exception {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(use.milliseconds());
        while (use.items().size() < use.itemsWanted() && System.nanoTime() < end) {
            if (!iterator.hasNext()) return true;
            use.items().add(Values.data(iterator.next()));
        }
        return false;
    }

    private static void error(Throwable error, ObjectNode reply) {
        reply.put("type", "error").put("class", error.getClass().getName())
                .put("is_sdk_error", error.getClass().getName().startsWith("com.workos."))
                .put("kind", KINDS.getOrDefault(error.getClass(), "other"))
                .put("message", error.getMessage());
        var sdk = error instanceof WorkOSException own ? own : null;
        reply.put("status", sdk == null ? null : (Integer) sdk.status)
                .put("code", sdk == null ? null : sdk.code)
                .put("request_id", sdk == null ? null : sdk.requestId)
                .put("retry_after", error instanceof RateLimitException limited ? limited.retryAfterSeconds : null);
    }

    private static Use prepare(ObjectNode command) {
        String operation = command.get("op").textValue();
        JsonNode limits = command.get("limits");
        Long items = operation.equals("iterate") ? limits.get("items").longValue() : null;
        return new Use(call(operation, command), items, limits.get("ms").longValue(), JSON.createArrayNode());
    }

    private static Callable<Object> call(String operation, ObjectNode command) {
        RequestOptions options = options((ObjectNode) command.get("opts"));
        var given = new Arguments(operation, (ObjectNode) command.get("args"));
        Callable<Organizations> on = () -> client((ObjectNode) command.get("client")).getOrganizations();
        Callable<Object> call = switch (operation) {
            case "create" -> create(on, given, options);
            case "update" -> update(on, given, options);
            case "list", "iterate" -> list(on, given, options);
            case "get" -> {
                String id = given.text("id");
                yield () -> on.call().get(id, options);
            }
            case "lookup" -> {
                String externalId = given.text("external_id");
                yield () -> on.call().getByExternalId(externalId, options);
            }
            case "delete" -> {
                String id = given.text("id");
                yield () -> {
                    on.call().delete(id, options);
                    return null;
                };
            }
            default -> throw new IllegalArgumentException("unknown operation: " + operation);
        };
        given.done();
        return call;
    }

    private static Callable<Object> create(Callable<Organizations> on, Arguments given, RequestOptions options) {
        if (!given.left().has("name")) throw new Arguments.Unsupported("absent.create.name");
        var name = given.text("name");
        var outside = given.flag("allow_profiles_outside_organization");
        var domains = given.texts("domains");
        var domainData = given.domainData();
        var metadata = given.map("metadata");
        var externalId = given.text("external_id");
        return () -> on.call().create(name, outside, domains, domainData, metadata, externalId, options);
    }

    private static Callable<Object> update(Callable<Organizations> on, Arguments given, RequestOptions options) {
        var id = given.text("id");
        var name = given.text("name");
        var outside = given.flag("allow_profiles_outside_organization");
        var domains = given.texts("domains");
        var domainData = given.domainData();
        var stripe = given.text("stripe_customer_id");
        var metadata = given.map("metadata");
        var externalId = given.text("external_id");
        return () -> on.call().update(id, name, outside, domains, domainData, stripe, metadata, externalId, options);
    }

    private static Callable<Object> list(Callable<Organizations> on, Arguments given, RequestOptions options) {
        var before = given.text("before");
        var after = given.text("after");
        var limit = given.integer("limit");
        var order = given.order();
        var domains = given.texts("domains");
        var search = given.text("search");
        boolean iterates = given.operation().equals("iterate");
        return () -> {
            var page = on.call().list(before, after, limit, order, domains, search, options);
            return iterates ? page.autoPagingIterable() : page;
        };
    }

    private static RequestOptions options(ObjectNode given) {
        if (given.isEmpty()) return null;
        var options = RequestOptions.builder();
        for (var option : given.properties()) {
            JsonNode value = option.getValue();
            switch (option.getKey()) {
                case "idempotency_key" -> options.idempotencyKey(value.textValue());
                case "timeout_ms" -> options.timeoutMillis(value.longValue());
                case "max_retries" -> options.maxRetries(value.intValue());
                case "base_url" -> options.baseUrl(value.textValue());
                case "extra_headers" -> {
                    for (var header : value.properties()) options.header(header.getKey(), header.getValue().textValue());
                }
                default -> throw new IllegalArgumentException("unknown option: " + option.getKey());
            }
        }
        return options.build();
    }

    private static WorkOS client(ObjectNode given) {
        return given.has("shared")
                ? SHARED.computeIfAbsent(given.get("shared").textValue(), name -> newClient(given))
                : newClient(given);
    }

    private static WorkOS newClient(ObjectNode given) {
        String key = given.get("api_key").textValue();
        var builder = WorkOS.Companion.builder().apiKey(key).apiBaseUrl(given.get("base_url").textValue());
        if (given.has("max_retries")) {
            RetryConfig usual = RetryConfig.DEFAULT;
            builder.retryConfig(new RetryConfig(
                    given.get("max_retries").intValue(), usual.baseDelayMs, usual.maxDelayMs, usual.jitter));
        }
        // The client has no timeout of its own but that of its HTTP client, of which it takes another.
        if (given.has("timeout_ms")) {
            long timeout = given.get("timeout_ms").longValue();
            builder.httpClient(new WorkOS(key).httpClient.newBuilder().callTimeout(timeout, TimeUnit.MILLISECONDS).build());
        }
        return builder.build();
    }

    private static ObjectNode harnessError(ObjectNode command, String message) {
        return JSON.createObjectNode().put("type", "harness_error").put("message", message)
                .set("seq", command.get("seq"));
    }

    private static synchronized void reply(ObjectNode reply) {
        try {
            REPLIES.println(JSON.writeValueAsString(reply));
        } catch (JsonProcessingException fault) {
            throw new IllegalStateException(fault);
        }
    }
}
