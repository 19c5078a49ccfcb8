<?php

declare(strict_types=1);

namespace WorkOS\Exception;

class NotFoundException extends ApiException
{
}
