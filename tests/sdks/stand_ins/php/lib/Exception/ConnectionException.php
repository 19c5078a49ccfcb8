<?php

declare(strict_types=1);

namespace WorkOS\Exception;

class ConnectionException extends \Exception implements WorkOSException
{
}
