use workos::Client;
use workos::organizations::CreateOrganizationParams;

#[tokio::main]
async fn main() -> Result<(), workos::Error> {
    let client = Client::builder()
        .api_key("sk_example_123456789")
        .client_id("client_123456789")
        .build();

    let _result = client
        .organizations()
        .create_organization(
            CreateOrganizationParams {
                name: "Foo Corp".into(),
                ..Default::default()
            }
        )
        .await?;

    Ok(())
}
