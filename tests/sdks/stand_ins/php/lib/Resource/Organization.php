<?php

declare(strict_types=1);

namespace WorkOS\Resource;

readonly class Organization
{
    public function __construct(
        public string $object,
        public string $id,
        public string $name,
        public array $domains,
        public array $metadata,
        public ?string $externalId,
        public \DateTimeImmutable $createdAt,
        public \DateTimeImmutable $updatedAt,
        public ?string $stripeCustomerId,
        public ?bool $allowProfilesOutsideOrganization,
    ) {
    }

    public static function fromArray(array $data): self
    {
        return new self(
            $data['object'],
            $data['id'],
            $data['name'],
            array_map(OrganizationDomain::fromArray(...), $data['domains']),
            $data['metadata'],
            $data['external_id'],
            new \DateTimeImmutable($data['created_at']),
            new \DateTimeImmutable($data['updated_at']),
            $data['stripe_customer_id'] ?? null,
            $data['allow_profiles_outside_organization'] ?? null,
        );
    }
}
