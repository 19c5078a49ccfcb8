import { WorkOS } from '@workos-inc/node';

const workos = new WorkOS('sk_example_123456789');

const organizations = await workos.organizations.listOrganizations({
  domains: ['foo-corp.com'],
});
console.log(organizations.data);
