<?php

declare(strict_types=1);

namespace WorkOS\Exception;

class RateLimitExceededException extends ApiException
{
    public ?int $retryAfter = null;
}
