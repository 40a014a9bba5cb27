//! Goes through the journey of `../journey.ts` with the AWS SDK for Rust, as any Rust program would use it: the address of
//! the service comes from the environment, the profile from `~/.aws/config`, and errors are told apart by what they are.

mod browser;
mod lines;
mod portal;
mod sign_in;

use std::env;

use aws_config::{BehaviorVersion, ConfigLoader, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::Builder;
use serde_json::json;

/// What ends the program: anything that the journey does not foresee.
pub type Failure = Box<dyn std::error::Error>;

pub const SCOPE: &str = "sso:account:access";

/// Where the journey goes.
pub struct Aim {
    pub start_url: String,
    pub account_id: String,
    pub role_name: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let aim = Aim {
        start_url: env::var("START_URL")?,
        account_id: env::var("ACCOUNT_ID")?,
        role_name: env::var("ROLE_NAME")?,
    };
    let config = settings().load().await;
    let oidc = aws_sdk_ssooidc::Client::new(&config);
    let portal = aws_sdk_sso::Client::new(&config);

    let client = sign_in::register(&oidc).await?;
    let token = sign_in::by_device(&oidc, &client, &aim).await?;
    sign_in::be_refused(&oidc, &client, &aim).await?;
    let token = sign_in::refresh(&oidc, &client, &token).await?;
    let credentials = portal::explore(&portal, &token, &aim).await?;
    let credentials = SharedCredentialsProvider::new(credentials);
    portal::identify(&config.into_builder().credentials_provider(credentials).build(), &aim).await?;
    lines::report("GetCallerIdentity", None, "ok");

    lines::ask(json!({ "cache": sign_in::to_cache(&client, &token)? }))?;
    for profile in ["dev", "legacy"] {
        portal::identify(&of_profile(profile).await, &aim).await?;
        lines::report("GetCallerIdentity", None, "ok");
    }
    browser::sign_in(&oidc, &aim).await?;
    sign_in::sign_out(&oidc, &portal, &client, &token).await?;
    portal::be_signed_out(&of_profile("dev").await, &aim).await?;
    lines::say(json!({ "sdk": aws_sdk_ssooidc::meta::PKG_VERSION }));
    Ok(())
}

/// What every program begins with. The server listens on this machine, so nothing here needs TLS, which takes long to build.
fn settings() -> ConfigLoader {
    aws_config::defaults(BehaviorVersion::latest()).http_client(Builder::new().build_http())
}

/// The SDK's own way: a profile in `~/.aws/config`, and the token cache that the AWS tools share.
async fn of_profile(name: &str) -> SdkConfig {
    settings().profile_name(name).load().await
}
