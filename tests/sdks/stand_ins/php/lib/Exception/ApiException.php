<?php

declare(strict_types=1);

namespace WorkOS\Exception;

class ApiException extends \Exception implements WorkOSException
{
    public function __construct(
        string $message,
        public readonly ?int $statusCode = null,
        public readonly ?string $requestId = null,
        public readonly ?string $errorCode = null,
    ) {
        parent::__construct($message);
    }
}
