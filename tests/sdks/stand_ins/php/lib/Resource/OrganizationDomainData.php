<?php

declare(strict_types=1);

namespace WorkOS\Resource;

readonly class OrganizationDomainData implements \JsonSerializable
{
    public function __construct(public string $domain, public OrganizationDomainDataState $state)
    {
    }

    public function jsonSerialize(): array
    {
        return ['domain' => $this->domain, 'state' => $this->state->value];
    }
}
