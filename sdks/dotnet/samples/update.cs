using WorkOS;

var client = new WorkOSClient(new WorkOSOptions {
    ApiKey = "sk_example_123456789",
    ClientId = "client_123456789",
});

await client.Organizations.UpdateAsync("org_01EHZNVPK3SFK441A1RGBFSHRT");
