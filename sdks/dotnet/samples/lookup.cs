using WorkOS;

var client = new WorkOSClient(new WorkOSOptions {
    ApiKey = "sk_example_123456789",
    ClientId = "client_123456789",
});

await client.Organizations.GetByExternalIdAsync("2fe01467-f7ea-4dd2-8b79-c2b4f56d0191");
