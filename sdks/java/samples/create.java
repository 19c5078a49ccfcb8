import com.workos.WorkOS;
import com.workos.organizations.OrganizationsApi.CreateOrganizationOptions;

WorkOS workos = new WorkOS("sk_example_123456789");

CreateOrganizationOptions options =
    CreateOrganizationOptions.builder().name("Foo Corp").build();
workos.organizations.createOrganization(options);
