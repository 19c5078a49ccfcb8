<?php

declare(strict_types=1);

namespace WorkOS\Exception;

class UnprocessableEntityException extends ApiException
{
}
