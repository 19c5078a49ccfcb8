<?php

declare(strict_types=1);

namespace WorkOS;

use GuzzleHttp\Client;
use GuzzleHttp\Exception\TransferException;
use Psr\Http\Message\ResponseInterface;
use WorkOS\Exception\ApiException;
use WorkOS\Exception\AuthenticationException;
use WorkOS\Exception\ConnectionException;
use WorkOS\Exception\NotFoundException;
use WorkOS\Exception\RateLimitExceededException;
use WorkOS\Exception\UnprocessableEntityException;

/** Sends requests; options of one call go before those of the client. */
final class Http
{
    private const ERRORS = [
        401 => AuthenticationException::class,
        404 => NotFoundException::class,
        422 => UnprocessableEntityException::class,
        429 => RateLimitExceededException::class,
    ];

    private Client $client;

    public function __construct(private readonly string $apiKey, private readonly RequestOptions $usual)
    {
        $this->client = new Client();
    }

    public function request(string $method, string $path, array $sent, ?RequestOptions $options): mixed
    {
        $attempts = 1 + ($options?->maxRetries ?? $this->usual->maxRetries);
        do {
            $response = $this->attempt($method, $path, $sent, $options);
            $again = $response->getStatusCode() === 429 || $response->getStatusCode() >= 500;
        } while ($again && --$attempts > 0);
        return $this->read($response);
    }

    private function attempt(string $method, string $path, array $sent, ?RequestOptions $options): ResponseInterface
    {
        $headers = [
            ...($options?->extraHeaders ?? []),
            'Authorization' => "Bearer $this->apiKey",
            'User-Agent' => 'workos-php/' . Version::SDK_VERSION,
        ];
        if ($options?->idempotencyKey !== null) {
            $headers['Idempotency-Key'] = $options->idempotencyKey;
        }
        $url = ($options?->baseUrl ?? $this->usual->baseUrl) . "/organizations$path";
        $timeout = $options?->timeout ?? $this->usual->timeout;
        try {
            return $this->client->request($method, $url, [
                ...$sent,
                'headers' => $headers,
                'timeout' => $timeout,
                'http_errors' => false,
            ]);
        } catch (TransferException $error) {
            throw new ConnectionException($error->getMessage(), previous: $error);
        }
    }

    private function read(ResponseInterface $response): mixed
    {
        $status = $response->getStatusCode();
        $body = json_decode((string) $response->getBody(), true);
        if ($status < 400) {
            return $body;
        }
        $class = self::ERRORS[$status] ?? ApiException::class;
        $error = new $class($body['message'] ?? '', $status, $response->getHeaderLine('X-Request-ID'), $body['code'] ?? null);
        if ($error instanceof RateLimitExceededException) {
            $error->retryAfter = (int) $response->getHeaderLine('Retry-After');
        }
        throw $error;
    }
}
