<?php

use WorkOS\WorkOS;

$workos = new WorkOS(
    apiKey: "sk_example_123456789",
    clientId: "client_123456789",
);

$workos
    ->organizations()
    ->getOrganizationByExternalId(
        externalId: "2fe01467-f7ea-4dd2-8b79-c2b4f56d0191",
    );
