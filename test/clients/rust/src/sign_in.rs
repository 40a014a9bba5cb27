//! From nothing to tokens by a device code, to new tokens by a refresh, and to none.

use aws_sdk_sso::operation::list_accounts::ListAccountsError;
use aws_sdk_ssooidc::Client;
use aws_sdk_ssooidc::error::SdkError;
use aws_sdk_ssooidc::operation::create_token::{CreateTokenError, CreateTokenOutput};
use aws_sdk_ssooidc::operation::register_client::RegisterClientOutput;
use aws_sdk_ssooidc::operation::start_device_authorization::StartDeviceAuthorizationOutput;
use aws_sdk_ssooidc::primitives::{DateTime, DateTimeFormat};
use serde_json::{Value, json};

use crate::lines::{open, refused, step};
use crate::{Aim, Failure, SCOPE};

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
pub const REFRESH_TOKEN: &str = "refresh_token";

type Created = Result<CreateTokenOutput, SdkError<CreateTokenError>>;

/// Whether the service refused with the error that `is` knows.
pub fn because<E, R>(is: impl Fn(&E) -> bool) -> impl Fn(&SdkError<E, R>) -> bool {
    move |error| error.as_service_error().is_some_and(&is)
}

pub async fn register(oidc: &Client) -> Result<RegisterClientOutput, Failure> {
    let result = oidc.register_client().client_name("journey").client_type("public").scopes(SCOPE).send().await;
    step("RegisterClient", None, result)
}

pub async fn by_device(oidc: &Client, client: &RegisterClientOutput, aim: &Aim) -> Result<CreateTokenOutput, Failure> {
    let waiting = step("StartDeviceAuthorization", None, start_device(oidc, client, aim).await)?;
    let early = poll(oidc, client, &waiting).await;
    let pending = because(CreateTokenError::is_authorization_pending_exception);
    refused("CreateToken", Some(DEVICE_CODE), early, "AuthorizationPendingException", pending)?;
    open(waiting.verification_uri_complete().unwrap_or_default(), "approve")?;
    step("CreateToken", Some(DEVICE_CODE), poll(oidc, client, &waiting).await)
}

pub async fn be_refused(oidc: &Client, client: &RegisterClientOutput, aim: &Aim) -> Result<(), Failure> {
    let grant = Some(DEVICE_CODE);
    let waiting = start_device(oidc, client, aim).await?;
    let other = oidc.register_client().client_name("another").client_type("public").send().await?;
    let elsewhere = poll(oidc, &other, &waiting).await;
    let invalid_grant = because(CreateTokenError::is_invalid_grant_exception);
    refused("CreateToken", grant, elsewhere, "InvalidGrantException", invalid_grant)?;

    let hurried = poll_without_pause(oidc, client, &waiting).await;
    let slow_down = because(CreateTokenError::is_slow_down_exception);
    refused("CreateToken", grant, hurried, "SlowDownException", slow_down)?;

    let denied = start_device(oidc, client, aim).await?;
    open(denied.verification_uri_complete().unwrap_or_default(), "deny")?;
    let result = poll(oidc, client, &denied).await;
    let access_denied = because(CreateTokenError::is_access_denied_exception);
    refused("CreateToken", grant, result, "AccessDeniedException", access_denied)?;

    let create = || oidc.create_token().set_client_id(client.client_id.clone());
    let impostor = create().client_secret("wrong").grant_type(DEVICE_CODE).set_device_code(denied.device_code);
    let invalid_client = because(CreateTokenError::is_invalid_client_exception);
    refused("CreateToken", grant, impostor.send().await, "InvalidClientException", invalid_client)?;

    let by_password = create().set_client_secret(client.client_secret.clone()).grant_type("password").send().await;
    let unsupported = because(CreateTokenError::is_unsupported_grant_type_exception);
    refused("CreateToken", Some("password"), by_password, "UnsupportedGrantTypeException", unsupported)
}

pub async fn refresh(
    oidc: &Client,
    client: &RegisterClientOutput,
    token: &CreateTokenOutput,
) -> Result<CreateTokenOutput, Failure> {
    let result = redeem(oidc, client, token.refresh_token().unwrap_or_default()).await;
    let refreshed = step("CreateToken", Some(REFRESH_TOKEN), result)?;
    if refreshed.access_token == token.access_token {
        return Err("a refresh gave the same access token".into());
    }
    let none = redeem(oidc, client, "none").await;
    let invalid_grant = because(CreateTokenError::is_invalid_grant_exception);
    refused("CreateToken", Some(REFRESH_TOKEN), none, "InvalidGrantException", invalid_grant)?;
    Ok(refreshed)
}

pub async fn sign_out(
    oidc: &Client,
    portal: &aws_sdk_sso::Client,
    client: &RegisterClientOutput,
    token: &CreateTokenOutput,
) -> Result<(), Failure> {
    let access_token = token.access_token().unwrap_or_default();
    step("Logout", None, portal.logout().access_token(access_token).send().await)?;
    let listed = portal.list_accounts().access_token(access_token).send().await;
    let unauthorized = because(ListAccountsError::is_unauthorized_exception);
    refused("ListAccounts", None, listed, "UnauthorizedException", unauthorized)?;
    let redeemed = redeem(oidc, client, token.refresh_token().unwrap_or_default()).await;
    let invalid_grant = because(CreateTokenError::is_invalid_grant_exception);
    refused("CreateToken", Some(REFRESH_TOKEN), redeemed, "InvalidGrantException", invalid_grant)
}

/// The members of a token file of the AWS tools that a sign-in yields.
pub fn to_cache(client: &RegisterClientOutput, token: &CreateTokenOutput) -> Result<Value, Failure> {
    let registration_ends = DateTime::from_secs(client.client_secret_expires_at()).fmt(DateTimeFormat::DateTime)?;
    Ok(json!({
        "accessToken": token.access_token(),
        "refreshToken": token.refresh_token(),
        "clientId": client.client_id(),
        "clientSecret": client.client_secret(),
        "registrationExpiresAt": registration_ends,
    }))
}

async fn start_device(
    oidc: &Client,
    client: &RegisterClientOutput,
    aim: &Aim,
) -> Result<
    StartDeviceAuthorizationOutput,
    SdkError<aws_sdk_ssooidc::operation::start_device_authorization::StartDeviceAuthorizationError>,
> {
    oidc.start_device_authorization()
        .set_client_id(client.client_id.clone())
        .set_client_secret(client.client_secret.clone())
        .start_url(&aim.start_url)
        .send()
        .await
}

async fn poll(oidc: &Client, client: &RegisterClientOutput, waiting: &StartDeviceAuthorizationOutput) -> Created {
    oidc.create_token()
        .set_client_id(client.client_id.clone())
        .set_client_secret(client.client_secret.clone())
        .grant_type(DEVICE_CODE)
        .set_device_code(waiting.device_code.clone())
        .send()
        .await
}

async fn poll_without_pause(
    oidc: &Client,
    client: &RegisterClientOutput,
    waiting: &StartDeviceAuthorizationOutput,
) -> Created {
    let pending = because(CreateTokenError::is_authorization_pending_exception);
    let mut result = poll(oidc, client, waiting).await;
    for _ in 0..100 {
        if !result.as_ref().is_err_and(&pending) {
            break;
        }
        result = poll(oidc, client, waiting).await;
    }
    result
}

async fn redeem(oidc: &Client, client: &RegisterClientOutput, refresh_token: &str) -> Created {
    oidc.create_token()
        .set_client_id(client.client_id.clone())
        .set_client_secret(client.client_secret.clone())
        .grant_type(REFRESH_TOKEN)
        .refresh_token(refresh_token)
        .send()
        .await
}
