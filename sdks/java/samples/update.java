import com.workos.WorkOS;

WorkOS workos = new WorkOS("sk_example_123456789");

workos.organizations.updateOrganization("org_01EHZNVPK3SFK441A1RGBFSHRT");
