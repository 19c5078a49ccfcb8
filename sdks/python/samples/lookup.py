from workos import WorkOSClient

client = WorkOSClient(api_key="sk_example_123456789", client_id="client_123456789")

client.organizations.get_organization_by_external_id(
    external_id="2fe01467-f7ea-4dd2-8b79-c2b4f56d0191"
)
