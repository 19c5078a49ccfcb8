<?php

declare(strict_types=1);

namespace WorkOS\Resource;

enum OrganizationDomainState: string
{
    case Failed = 'failed';
    case LegacyVerified = 'legacy_verified';
    case Pending = 'pending';
    case Unverified = 'unverified';
    case Verified = 'verified';
}
