//! The browser flow. The SDK knows its operations; the address to open and the proof are the program's own to make.

use std::env;
use std::fs::File;
use std::io::Read;

use aws_sdk_ssooidc::Client;
use aws_sdk_ssooidc::operation::create_token::CreateTokenError;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use sha2::{Digest, Sha256};

use crate::lines::{open, refused, step};
use crate::sign_in::{REFRESH_TOKEN, because};
use crate::{Aim, Failure, SCOPE};

const AUTHORIZATION_CODE: &str = "authorization_code";
const REDIRECT_URI: &str = "http://127.0.0.1:53682/oauth/callback";

pub async fn sign_in(oidc: &Client, aim: &Aim) -> Result<(), Failure> {
    let result = oidc
        .register_client()
        .client_name("journey")
        .client_type("public")
        .scopes(SCOPE)
        .grant_types(AUTHORIZATION_CODE)
        .grant_types(REFRESH_TOKEN)
        .redirect_uris("http://127.0.0.1/oauth/callback")
        .issuer_url(&aim.start_url)
        .send()
        .await;
    let client = step("RegisterClient", None, result)?;

    let verifier = verifier()?;
    let code = authorize(client.client_id().unwrap_or_default(), &verifier)?;
    let redeem = |verifier: String| {
        oidc.create_token()
            .set_client_id(client.client_id.clone())
            .set_client_secret(client.client_secret.clone())
            .grant_type(AUTHORIZATION_CODE)
            .code(&code)
            .redirect_uri(REDIRECT_URI)
            .code_verifier(verifier)
            .send()
    };
    let wrong = redeem(self::verifier()?).await;
    let invalid_grant = because(CreateTokenError::is_invalid_grant_exception);
    refused("CreateToken", Some(AUTHORIZATION_CODE), wrong, "InvalidGrantException", invalid_grant)?;
    step("CreateToken", Some(AUTHORIZATION_CODE), redeem(verifier).await)?;
    Ok(())
}

fn authorize(client_id: &str, verifier: &str) -> Result<String, Failure> {
    let endpoint = env::var("AWS_ENDPOINT_URL")?;
    let challenge = BASE64.encode(Sha256::digest(verifier));
    // Nothing here that a query would have to escape.
    let address = format!(
        "{endpoint}/authorize?response_type=code&client_id={client_id}&redirect_uri={REDIRECT_URI}&state=here\
         &code_challenge_method=S256&code_challenge={challenge}&scopes={SCOPE}"
    );
    let location = open(&address, "approve")?;
    let code = location.split(['?', '&']).find_map(|member| member.strip_prefix("code="));
    Ok(code.ok_or_else(|| format!("no code in {location}"))?.to_owned())
}

fn verifier() -> Result<String, Failure> {
    let mut bytes = [0; 48];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(BASE64.encode(bytes))
}
