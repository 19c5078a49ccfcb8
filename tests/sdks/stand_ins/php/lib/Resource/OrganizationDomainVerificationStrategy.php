<?php

declare(strict_types=1);

namespace WorkOS\Resource;

enum OrganizationDomainVerificationStrategy: string
{
    case Dns = 'dns';
    case Manual = 'manual';
}
