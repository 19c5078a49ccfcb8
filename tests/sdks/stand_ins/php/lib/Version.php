<?php

declare(strict_types=1);

namespace WorkOS;

final class Version
{
    public const SDK_VERSION = '0.0.0-standin';
}
