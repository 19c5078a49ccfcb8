from workos import WorkOSClient

client = WorkOSClient(api_key="sk_example_123456789", client_id="client_123456789")

client.organizations.get_organization(id_="org_01EHZNVPK3SFK441A1RGBFSHRT")
