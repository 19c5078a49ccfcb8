<?php

/** The driver of the PHP SDK; see ../protocol.schema.json. Arguments: unsupported.json, the file that loads the SDK. */

declare(strict_types=1);

// Whatever prints from here on prints to standard error.
$protocol = fopen('php://fd/1', 'wb');
ob_start(static function (string $text): string {
    fwrite(STDERR, $text);
    return '';
}, 1);

require $argv[2];

use WorkOS\Exception\WorkOSException;
use WorkOS\RequestOptions;
use WorkOS\Resource\OrganizationDomainData;
use WorkOS\Resource\OrganizationDomainDataState;
use WorkOS\Resource\PaginationOrder;
use WorkOS\Service\Organizations;
use WorkOS\Version;
use WorkOS\WorkOS;

const METHODS = [
    'create' => 'createOrganization',
    'get' => 'getOrganization',
    'lookup' => 'getOrganizationByExternalId',
    'list' => 'listOrganizations',
    'iterate' => 'listOrganizations',
    'update' => 'updateOrganization',
    'delete' => 'deleteOrganization',
];
const FIELDS = ['name', 'domain_data', 'domains', 'metadata', 'external_id', 'allow_profiles_outside_organization'];
const QUERY = ['before', 'after', 'limit', 'order', 'domains', 'search'];
const ARGUMENTS = [
    'create' => FIELDS,
    'get' => ['id'],
    'lookup' => ['external_id'],
    'list' => QUERY,
    'iterate' => QUERY,
    'update' => ['id', 'stripe_customer_id', ...FIELDS],
    'delete' => ['id'],
];
const OPTIONS = [
    'idempotency_key' => 'idempotencyKey',
    'extra_headers' => 'extraHeaders',
    'timeout_ms' => 'timeout',
    'max_retries' => 'maxRetries',
    'base_url' => 'baseUrl',
];
const KINDS = [
    'BadRequestException' => 'bad_request',
    'AuthenticationException' => 'authentication',
    'AuthorizationException' => 'authorization',
    'NotFoundException' => 'not_found',
    'ConflictException' => 'conflict',
    'UnprocessableEntityException' => 'unprocessable',
    'RateLimitExceededException' => 'rate_limit',
    'ServerException' => 'server',
    'TimeoutException' => 'timeout',
    'ConnectionException' => 'connection',
    'ConfigurationException' => 'configuration',
    'BaseRequestException' => 'api',
    'ApiException' => 'api',
];

/** What this driver speaks for. */
function started(string $unsupported): array
{
    return [
        'type' => 'started',
        'protocol' => 1,
        'sdk' => 'php',
        'package' => 'workos/workos-php',
        'version' => Version::SDK_VERSION,
        'language' => 'PHP ' . PHP_VERSION,
        'operations' => array_keys(METHODS),
        'unsupported' => (object) (json_decode(file_get_contents($unsupported), true) + missing()),
    ];
}

/** What the methods and the options of this very release do not take. */
function missing(): array
{
    $missing = [];
    foreach (METHODS as $operation => $method) {
        foreach (array_diff(array_map(camel(...), ARGUMENTS[$operation]), parameters(Organizations::class, $method)) as $name) {
            $missing["$operation." . snake($name)] = "$method of this release has no parameter $name.";
        }
    }
    foreach (array_diff(OPTIONS, parameters(RequestOptions::class, '__construct')) as $option => $name) {
        $missing["opts.$option"] = "RequestOptions of this release has no $name.";
    }
    return $missing;
}

function parameters(string $class, string $method): array
{
    return array_map(static fn ($parameter) => $parameter->getName(), (new ReflectionMethod($class, $method))->getParameters());
}

/** Makes a call; whatever of the SDK fails in it is an error, whatever else fails is the driver's fault. */
function answer(array $command): array
{
    $operation = $command['op'];
    $unknown = [
        ...array_diff(array_keys($command['args']), ARGUMENTS[$operation]),
        ...array_keys(array_diff_key($command['opts'], OPTIONS)),
    ];
    if ($unknown) {
        throw new LogicException('unknown: ' . implode(', ', $unknown));
    }
    $items = [];
    try {
        $options = $command['opts'] ? ['options' => options($command['opts'])] : [];
        $method = METHODS[$operation];
        $result = client($command['client'])->organizations()->$method(...arguments($command['args']), ...$options);
        $complete = $operation === 'iterate' ? collect($result, $items, $command['limits']) : null;
    } catch (Throwable $error) {
        return raised($error) + ($operation === 'iterate' ? ['items' => array_map(encoded(...), $items)] : []);
    }
    return $complete === null
        ? ['type' => 'value', 'value' => encoded($result)]
        : ['type' => 'value', 'value' => ['data' => array_map(encoded(...), $items)], 'complete' => $complete];
}

/** Puts what the SDK iterates over into $items; tells whether that came to its end within the limits. */
function collect(object $page, array &$items, array $limits): bool
{
    $end = hrtime(true) + $limits['ms'] * 1_000_000;
    foreach ($page->autoPagingIterator() as $item) {
        $items[] = $item;
        if (count($items) >= $limits['items'] || hrtime(true) >= $end) {
            return false;
        }
    }
    return true;
}

/** The client that the call names, or one of its own. */
function client(array $options): WorkOS
{
    static $shared = [];
    if (!isset($options['shared'])) {
        return newClient($options);
    }
    return $shared[$options['shared']] ??= newClient($options);
}

function newClient(array $options): WorkOS
{
    $given = ['apiKey' => $options['api_key'], 'clientId' => 'client_conformance', 'baseUrl' => $options['base_url']];
    if (isset($options['max_retries'])) {
        $given['maxRetries'] = $options['max_retries'];
    }
    if (isset($options['timeout_ms'])) {
        $given['timeout'] = seconds($options['timeout_ms']);
    }
    return new WorkOS(...$given);
}

function options(array $given): RequestOptions
{
    $named = [];
    foreach ($given as $name => $value) {
        $named[OPTIONS[$name]] = $name === 'timeout_ms' ? seconds($value) : $value;
    }
    return new RequestOptions(...$named);
}

/** The SDK's timeouts are whole seconds. */
function seconds(int $milliseconds): int
{
    return (int) ceil($milliseconds / 1000);
}

/** Arguments by the names of the SDK's parameters; values of enums and domains in the SDK's types. */
function arguments(array $given): array
{
    $named = [];
    foreach ($given as $name => $value) {
        $named[camel($name)] = match ($name) {
            'order' => is_string($value) ? PaginationOrder::from($value) : $value,
            'domain_data' => is_array($value) ? array_map(domain(...), $value) : $value,
            default => $value,
        };
    }
    return $named;
}

function domain(mixed $given): mixed
{
    if (!is_array($given)) {
        return $given;
    }
    if (is_string($given['state'] ?? null)) {
        $given['state'] = OrganizationDomainDataState::from($given['state']);
    }
    return new OrganizationDomainData(...$given);
}

/** What the error says through its public properties. */
function raised(Throwable $error): array
{
    $kind = 'other';
    foreach ([$error::class, ...array_values(class_parents($error))] as $class) {
        $name = str_starts_with($class, 'WorkOS\\Exception\\') ? substr($class, strlen('WorkOS\\Exception\\')) : '';
        if (isset(KINDS[$name])) {
            $kind = KINDS[$name];
            break;
        }
    }
    return [
        'type' => 'error',
        'class' => $error::class,
        'is_sdk_error' => $error instanceof WorkOSException,
        'kind' => $kind,
        'status' => $error->statusCode ?? null,
        'code' => $error->errorCode ?? null,
        'message' => $error->getMessage(),
        'request_id' => $error->requestId ?? null,
        'retry_after' => $error->retryAfter ?? null,
    ];
}

/** A value of the SDK's in the protocol's form. An array does not tell whether it is a map: the property's name does. */
function encoded(mixed $value, string $name = ''): mixed
{
    return match (true) {
        $value === null, is_scalar($value) => $value,
        $value instanceof DateTimeInterface => ['$date' => $value->format('Y-m-d\TH:i:s.uP')],
        $value instanceof BackedEnum => ['$enum' => (string) $value->value],
        $name === 'metadata' => ['$map' => (object) array_map(encoded(...), (array) $value)],
        is_array($value) && $name === 'listMetadata' => (object) array_map(encoded(...), $value),
        is_array($value) => array_map(encoded(...), array_values($value)),
        str_starts_with($value::class, 'WorkOS\\') => properties($value),
        default => ['$other' => $value::class],
    };
}

function properties(object $value): object
{
    $properties = [];
    foreach (get_object_vars($value) as $name => $property) {
        $properties[snake($name)] = encoded($property, $name);
    }
    return (object) $properties;
}

function camel(string $name): string
{
    return lcfirst(str_replace('_', '', ucwords($name, '_')));
}

function snake(string $name): string
{
    return strtolower(preg_replace('/(?<=[a-z0-9])(?=[A-Z])/', '_', $name));
}

while (($line = fgets(STDIN)) !== false) {
    $command = json_decode($line, true);
    if (($command['cmd'] ?? '') === 'stop') {
        exit(0);
    }
    try {
        if ($command === null) {
            $why = json_last_error_msg();
            // The likeliest is half a surrogate pair, which PHP does not read; without it, the call's number shows.
            $command = json_decode(str_replace('\\ud', '\\u0', $line), true) ?? [];
            throw new LogicException($why);
        }
        $reply = $command['cmd'] === 'start' ? started($argv[1]) : answer($command);
    } catch (Throwable $fault) {
        $reply = ['type' => 'harness_error', 'message' => $fault::class . ': ' . $fault->getMessage()];
    }
    if ($reply['type'] !== 'started') {
        $reply['seq'] = $command['seq'] ?? null;
    }
    fwrite($protocol, json_encode($reply, JSON_INVALID_UTF8_SUBSTITUTE | JSON_PRESERVE_ZERO_FRACTION) . "\n");
}
