package journey;

import static journey.Lines.open;
import static journey.Lines.refused;
import static journey.Lines.report;
import static journey.Lines.say;
import static journey.Lines.step;

import java.time.Instant;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.services.sso.SsoClient;
import software.amazon.awssdk.services.sso.model.RoleCredentials;
import software.amazon.awssdk.services.sso.model.UnauthorizedException;
import software.amazon.awssdk.services.ssooidc.SsoOidcClient;
import software.amazon.awssdk.services.ssooidc.model.AccessDeniedException;
import software.amazon.awssdk.services.ssooidc.model.AuthorizationPendingException;
import software.amazon.awssdk.services.ssooidc.model.CreateTokenResponse;
import software.amazon.awssdk.services.ssooidc.model.InvalidClientException;
import software.amazon.awssdk.services.ssooidc.model.InvalidGrantException;
import software.amazon.awssdk.services.ssooidc.model.RegisterClientResponse;
import software.amazon.awssdk.services.ssooidc.model.SlowDownException;
import software.amazon.awssdk.services.ssooidc.model.StartDeviceAuthorizationResponse;
import software.amazon.awssdk.services.ssooidc.model.UnsupportedGrantTypeException;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * Goes through the journey of {@code ../journey.ts} with the AWS SDK for Java 2.x, as any Java program would use it: the
 * address of the service comes from the environment, the profile from {@code ~/.aws/config}, and errors are told apart by
 * their class.
 */
public final class Journey {
  static final String DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";
  static final String REFRESH_TOKEN = "refresh_token";
  static final String SCOPE = "sso:account:access";
  static final String START_URL = System.getenv("START_URL");
  private static final String ACCOUNT_ID = System.getenv("ACCOUNT_ID");
  private static final String ROLE_NAME = System.getenv("ROLE_NAME");

  private final SsoOidcClient oidc = SsoOidcClient.create();
  private final SsoClient portal = SsoClient.create();

  public static void main(String[] args) {
    new Journey().travel();
  }

  private void travel() {
    var client =
        step("RegisterClient", null, () -> oidc.registerClient(r -> r.clientName("journey").clientType("public").scopes(SCOPE)));
    var token = signInByDevice(client);
    beRefused(client);
    token = refresh(client, token);
    useThePortal(token.accessToken());
    Lines.ask(Map.of("cache", Map.of(
        "accessToken", token.accessToken(), "refreshToken", token.refreshToken(),
        "clientId", client.clientId(), "clientSecret", client.clientSecret(),
        "registrationExpiresAt", Instant.ofEpochSecond(client.clientSecretExpiresAt()).toString())));
    // The SDK's own way: a profile in ~/.aws/config, and the token cache that the AWS tools share.
    for (var profile : new String[] {"dev", "legacy"}) step("GetCallerIdentity", null, () -> identifyAs(profile));
    Browser.signIn(oidc);
    signOut(client, token);
    say(Map.of("sdk", VersionInfo.SDK_VERSION));
  }

  private CreateTokenResponse signInByDevice(RegisterClientResponse client) {
    var waiting = step("StartDeviceAuthorization", null, () -> startDevice(client));
    refused("CreateToken", DEVICE_CODE, AuthorizationPendingException.class, () -> poll(client, waiting));
    open(waiting.verificationUriComplete(), "approve");
    return step("CreateToken", DEVICE_CODE, () -> poll(client, waiting));
  }

  private void beRefused(RegisterClientResponse client) {
    var waiting = startDevice(client);
    var other = oidc.registerClient(r -> r.clientName("another").clientType("public"));
    refused("CreateToken", DEVICE_CODE, InvalidGrantException.class, () -> poll(other, waiting));
    refused("CreateToken", DEVICE_CODE, SlowDownException.class, () -> pollWithoutPause(client, waiting));

    var denied = startDevice(client);
    open(denied.verificationUriComplete(), "deny");
    refused("CreateToken", DEVICE_CODE, AccessDeniedException.class, () -> poll(client, denied));

    var impostor = client.toBuilder().clientSecret("wrong").build();
    refused("CreateToken", DEVICE_CODE, InvalidClientException.class, () -> poll(impostor, denied));
    refused("CreateToken", "password", UnsupportedGrantTypeException.class, () -> oidc.createToken(
        r -> r.clientId(client.clientId()).clientSecret(client.clientSecret()).grantType("password")));
  }

  private CreateTokenResponse refresh(RegisterClientResponse client, CreateTokenResponse token) {
    var refreshed = step("CreateToken", REFRESH_TOKEN, () -> redeem(client, token.refreshToken()));
    if (refreshed.accessToken().equals(token.accessToken()))
      throw new IllegalStateException("a refresh gave the same access token");
    refused("CreateToken", REFRESH_TOKEN, InvalidGrantException.class, () -> redeem(client, "none"));
    return refreshed;
  }

  private void useThePortal(String accessToken) {
    step("ListAccounts", null, () -> expect(portal.listAccountsPaginator(r -> r.accessToken(accessToken).maxResults(1))
        .accountList().stream().anyMatch(account -> account.accountId().equals(ACCOUNT_ID)), "the account is listed"));
    step("ListAccountRoles", null, () -> expect(
        portal.listAccountRolesPaginator(r -> r.accessToken(accessToken).accountId(ACCOUNT_ID).maxResults(1))
            .roleList().stream().anyMatch(role -> role.roleName().equals(ROLE_NAME)), "the role is listed"));

    var granted = step("GetRoleCredentials", null, () -> portal.getRoleCredentials(
        r -> r.accessToken(accessToken).accountId(ACCOUNT_ID).roleName(ROLE_NAME)).roleCredentials());
    // The SDK has no class for it: its model does not declare it, and the service answers it all the same.
    try {
      portal.getRoleCredentials(r -> r.accessToken(accessToken).accountId("999999999999").roleName("Nobody"));
      throw new IllegalStateException("a role that is not assigned was granted");
    } catch (AwsServiceException error) {
      report("GetRoleCredentials", null, error.awsErrorDetails().errorCode());
    }
    refused("ListAccounts", null, UnauthorizedException.class, () -> portal.listAccounts(r -> r.accessToken("none")));
    step("GetCallerIdentity", null, () -> identify(StaticCredentialsProvider.create(session(granted))));
  }

  private void signOut(RegisterClientResponse client, CreateTokenResponse token) {
    step("Logout", null, () -> portal.logout(r -> r.accessToken(token.accessToken())));
    refused("ListAccounts", null, UnauthorizedException.class,
        () -> portal.listAccounts(r -> r.accessToken(token.accessToken())));
    refused("CreateToken", REFRESH_TOKEN, InvalidGrantException.class, () -> redeem(client, token.refreshToken()));
    refused("GetCallerIdentity", null, UnauthorizedException.class, () -> identifyAs("dev"));
  }

  private StartDeviceAuthorizationResponse startDevice(RegisterClientResponse client) {
    return oidc.startDeviceAuthorization(
        r -> r.clientId(client.clientId()).clientSecret(client.clientSecret()).startUrl(START_URL));
  }

  private CreateTokenResponse poll(RegisterClientResponse client, StartDeviceAuthorizationResponse waiting) {
    return oidc.createToken(r -> r.clientId(client.clientId()).clientSecret(client.clientSecret())
        .grantType(DEVICE_CODE).deviceCode(waiting.deviceCode()));
  }

  private CreateTokenResponse pollWithoutPause(RegisterClientResponse client, StartDeviceAuthorizationResponse waiting) {
    for (var attempt = 0; attempt < 100; attempt++) {
      try {
        return poll(client, waiting);
      } catch (AuthorizationPendingException error) {
        continue;
      }
    }
    throw new IllegalStateException("nobody said to slow down");
  }

  private CreateTokenResponse redeem(RegisterClientResponse client, String refreshToken) {
    return oidc.createToken(r -> r.clientId(client.clientId()).clientSecret(client.clientSecret())
        .grantType(REFRESH_TOKEN).refreshToken(refreshToken));
  }

  private static AwsSessionCredentials session(RoleCredentials granted) {
    return AwsSessionCredentials.create(granted.accessKeyId(), granted.secretAccessKey(), granted.sessionToken());
  }

  private static boolean identifyAs(String profile) {
    try (var credentials = ProfileCredentialsProvider.create(profile)) {
      return identify(credentials);
    }
  }

  private static boolean identify(AwsCredentialsProvider credentials) {
    try (var sts = StsClient.builder().credentialsProvider(credentials).build()) {
      return expect(sts.getCallerIdentity().account().equals(ACCOUNT_ID), "the account is the one that was asked for");
    }
  }

  private static boolean expect(boolean met, String what) {
    if (!met) throw new IllegalStateException("expected: " + what);
    return met;
  }
}
