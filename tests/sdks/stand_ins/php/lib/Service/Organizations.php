<?php

declare(strict_types=1);

namespace WorkOS\Service;

use WorkOS\Http;
use WorkOS\PaginatedResponse;
use WorkOS\RequestOptions;
use WorkOS\Resource\Organization;
use WorkOS\Resource\PaginationOrder;

class Organizations
{
    public function __construct(private readonly Http $http)
    {
    }

    public function listOrganizations(
        ?string $before = null,
        ?string $after = null,
        ?int $limit = null,
        PaginationOrder $order = PaginationOrder::Desc,
        ?array $domains = null,
        ?string $search = null,
        ?RequestOptions $options = null,
    ): PaginatedResponse {
        $query = [
            'before' => $before,
            'after' => $after,
            'limit' => $limit,
            'order' => $order->value,
            'domains' => $domains === null ? null : implode(',', $domains),
            'search' => $search,
        ];
        $page = $this->http->request('GET', '', ['query' => self::given($query)], $options);
        return new PaginatedResponse(
            array_map(Organization::fromArray(...), $page['data']),
            $page['list_metadata'],
            fn (string $after) => $this->listOrganizations(null, $after, $limit, $order, $domains, $search, $options),
        );
    }

    public function createOrganization(
        string $name,
        ?bool $allowProfilesOutsideOrganization = null,
        ?array $domains = null,
        ?array $domainData = null,
        ?array $metadata = null,
        ?string $externalId = null,
        ?RequestOptions $options = null,
    ): Organization {
        $body = [
            'name' => $name,
            'allow_profiles_outside_organization' => $allowProfilesOutsideOrganization,
            'domains' => $domains,
            'domain_data' => $domainData,
            'metadata' => $metadata === null ? null : (object) $metadata,
            'external_id' => $externalId,
        ];
        return Organization::fromArray($this->http->request('POST', '', ['json' => self::given($body)], $options));
    }

    public function getOrganizationByExternalId(string $externalId, ?RequestOptions $options = null): Organization
    {
        $path = '/external_id/' . rawurlencode($externalId);
        return Organization::fromArray($this->http->request('GET', $path, [], $options));
    }

    public function getOrganization(string $id, ?RequestOptions $options = null): Organization
    {
        return Organization::fromArray($this->http->request('GET', '/' . rawurlencode($id), [], $options));
    }

    public function updateOrganization(
        string $id,
        ?string $name = null,
        ?bool $allowProfilesOutsideOrganization = null,
        ?array $domains = null,
        ?array $domainData = null,
        ?string $stripeCustomerId = null,
        ?array $metadata = null,
        ?string $externalId = null,
        ?RequestOptions $options = null,
    ): Organization {
        $body = (object) self::given([
            'name' => $name,
            'allow_profiles_outside_organization' => $allowProfilesOutsideOrganization,
            'domains' => $domains,
            'domain_data' => $domainData,
            'stripe_customer_id' => $stripeCustomerId,
            'metadata' => $metadata === null ? null : (object) $metadata,
            'external_id' => $externalId,
        ]);
        $path = '/' . rawurlencode($id);
        return Organization::fromArray($this->http->request('PUT', $path, ['json' => $body], $options));
    }

    public function deleteOrganization(string $id, ?RequestOptions $options = null): void
    {
        $this->http->request('DELETE', '/' . rawurlencode($id), [], $options);
    }

    private static function given(array $named): array
    {
        return array_filter($named, static fn ($value) => $value !== null);
    }
}
