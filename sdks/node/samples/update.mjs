import { WorkOS } from '@workos-inc/node';

const workos = new WorkOS('sk_example_123456789');

const organization = await workos.organizations.updateOrganization({
  organization: 'org_01EHZNVPK3SFK441A1RGBFSHRT',
  name: 'Foo Corp',
  domainData: [
    {
      domain: 'foo-corp.com',
      state: 'verified',
    },
  ],
  externalId: '2fe01467-f7ea-4dd2-8b79-c2b4f56d0191',
  metadata: {
    tier: 'diamond',
  },
  stripeCustomerId: 'cus_R9qWAGMQ6nGE7V',
});
