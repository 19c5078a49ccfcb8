<?php

declare(strict_types=1);

namespace WorkOS;

class RequestOptions
{
    public function __construct(
        public readonly ?array $extraHeaders = null,
        public readonly ?string $idempotencyKey = null,
        public readonly ?int $timeout = null,
        public readonly ?int $maxRetries = null,
        public readonly ?string $baseUrl = null,
    ) {
    }
}
