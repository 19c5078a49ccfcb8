<?php

declare(strict_types=1);

namespace WorkOS;

use WorkOS\Service\Organizations;

class WorkOS
{
    private Http $http;

    public function __construct(
        string $apiKey,
        public readonly ?string $clientId = null,
        string $baseUrl = 'https://api.workos.com',
        int $timeout = 60,
        int $maxRetries = 3,
    ) {
        $this->http = new Http($apiKey, new RequestOptions(timeout: $timeout, maxRetries: $maxRetries, baseUrl: $baseUrl));
    }

    public function organizations(): Organizations
    {
        return new Organizations($this->http);
    }
}
