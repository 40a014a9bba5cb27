package journey;

import static journey.Lines.open;
import static journey.Lines.refused;
import static journey.Lines.step;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ssooidc.SsoOidcClient;
import software.amazon.awssdk.services.ssooidc.model.CreateTokenResponse;
import software.amazon.awssdk.services.ssooidc.model.InvalidGrantException;
import software.amazon.awssdk.services.ssooidc.model.RegisterClientResponse;

/** The browser flow. The SDK knows its operations; the address to open and the proof are the program's own to make. */
final class Browser {
  private static final String AUTHORIZATION_CODE = "authorization_code";
  private static final String REDIRECT_URI = "http://127.0.0.1:53682/oauth/callback";

  private Browser() {}

  static void signIn(SsoOidcClient oidc) {
    var client = step("RegisterClient", null, () -> oidc.registerClient(r -> r.clientName("journey").clientType("public")
        .scopes(Journey.SCOPE).grantTypes(AUTHORIZATION_CODE, Journey.REFRESH_TOKEN).issuerUrl(Journey.START_URL)
        .redirectUris("http://127.0.0.1/oauth/callback")));
    var verifier = verifier();
    var code = authorize(client, challenge(verifier));
    refused("CreateToken", AUTHORIZATION_CODE, InvalidGrantException.class, () -> redeem(oidc, client, code, verifier()));
    step("CreateToken", AUTHORIZATION_CODE, () -> redeem(oidc, client, code, verifier));
  }

  private static String authorize(RegisterClientResponse client, String challenge) {
    var query = Map.of(
            "response_type", "code", "client_id", client.clientId(), "redirect_uri", REDIRECT_URI, "state", "here",
            "code_challenge_method", "S256", "code_challenge", challenge, "scopes", Journey.SCOPE)
        .entrySet().stream()
        .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
    var location = open(System.getenv("AWS_ENDPOINT_URL") + "/authorize?" + query, "approve");
    for (var parameter : URI.create(location).getQuery().split("&"))
      if (parameter.startsWith("code=")) return parameter.substring("code=".length());
    throw new IllegalStateException("no code in " + location);
  }

  private static CreateTokenResponse redeem(
      SsoOidcClient oidc, RegisterClientResponse client, String code, String verifier) {
    return oidc.createToken(r -> r.clientId(client.clientId()).clientSecret(client.clientSecret())
        .grantType(AUTHORIZATION_CODE).code(code).redirectUri(REDIRECT_URI).codeVerifier(verifier));
  }

  private static String verifier() {
    return UUID.randomUUID() + "-" + UUID.randomUUID();
  }

  private static String challenge(String verifier) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (GeneralSecurityException error) {
      throw new IllegalStateException(error);
    }
  }
}
