import { WorkOS } from '@workos-inc/node';

const workos = new WorkOS('sk_example_123456789');

const organization = await workos.organizations.getOrganizationByExternalId(
  '2fe01467-f7ea-4dd2-8b79-c2b4f56d0191',
);
