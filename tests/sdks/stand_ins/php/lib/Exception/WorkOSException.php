<?php

declare(strict_types=1);

namespace WorkOS\Exception;

interface WorkOSException extends \Throwable
{
}
