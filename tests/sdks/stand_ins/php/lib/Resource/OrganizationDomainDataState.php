<?php

declare(strict_types=1);

namespace WorkOS\Resource;

enum OrganizationDomainDataState: string
{
    case Pending = 'pending';
    case Verified = 'verified';
}
