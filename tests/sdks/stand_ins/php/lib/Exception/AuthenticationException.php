<?php

declare(strict_types=1);

namespace WorkOS\Exception;

class AuthenticationException extends ApiException
{
}
