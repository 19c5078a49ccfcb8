<?php

declare(strict_types=1);

namespace WorkOS\Resource;

readonly class OrganizationDomain
{
    public function __construct(
        public string $object,
        public string $id,
        public string $organizationId,
        public string $domain,
        public \DateTimeImmutable $createdAt,
        public \DateTimeImmutable $updatedAt,
        public ?OrganizationDomainState $state,
        public ?string $verificationPrefix,
        public ?string $verificationToken,
        public ?OrganizationDomainVerificationStrategy $verificationStrategy,
    ) {
    }

    public static function fromArray(array $data): self
    {
        return new self(
            $data['object'],
            $data['id'],
            $data['organization_id'],
            $data['domain'],
            new \DateTimeImmutable($data['created_at']),
            new \DateTimeImmutable($data['updated_at']),
            isset($data['state']) ? OrganizationDomainState::from($data['state']) : null,
            $data['verification_prefix'] ?? null,
            $data['verification_token'] ?? null,
            isset($data['verification_strategy'])
                ? OrganizationDomainVerificationStrategy::from($data['verification_strategy'])
                : null,
        );
    }
}
