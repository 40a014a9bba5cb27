//! What tokens are for: accounts, roles, and credentials that open something.

use std::error::Error;

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_sdk_sso::Client;
use aws_sdk_sso::error::ProvideErrorMetadata;
use aws_sdk_sso::operation::get_role_credentials::GetRoleCredentialsError;
use aws_sdk_sso::operation::list_accounts::ListAccountsError;
use aws_sdk_ssooidc::operation::create_token::CreateTokenOutput;

use crate::lines::{refused, report, step};
use crate::sign_in::because;
use crate::{Aim, Failure};

pub async fn explore(portal: &Client, token: &CreateTokenOutput, aim: &Aim) -> Result<Credentials, Failure> {
    let access_token = token.access_token().unwrap_or_default();

    let pages = portal.list_accounts().access_token(access_token).max_results(1).into_paginator();
    let accounts = pages.items().send().collect::<Result<Vec<_>, _>>().await;
    let accounts = step("ListAccounts", None, accounts)?;
    if !accounts.iter().any(|account| account.account_id() == Some(&aim.account_id)) {
        return Err("the account is not listed".into());
    }
    let roles = portal.list_account_roles().access_token(access_token).account_id(&aim.account_id);
    let roles = roles.max_results(1).into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
    let roles = step("ListAccountRoles", None, roles)?;
    if !roles.iter().any(|role| role.role_name() == Some(&aim.role_name)) {
        return Err("the role is not listed".into());
    }

    let get = || portal.get_role_credentials().access_token(access_token);
    let result = get().account_id(&aim.account_id).role_name(&aim.role_name).send().await;
    let granted = step("GetRoleCredentials", None, result)?.role_credentials.ok_or("no credentials")?;
    // The SDK has no variant for it: its model does not declare it, and the service answers it all the same.
    let forbidden = get().account_id("999999999999").role_name("Nobody").send().await;
    refused("GetRoleCredentials", None, forbidden, "ForbiddenException", |error| {
        error.code() == Some("ForbiddenException")
    })?;
    let none = portal.list_accounts().access_token("none").send().await;
    let unauthorized = because(ListAccountsError::is_unauthorized_exception);
    refused("ListAccounts", None, none, "UnauthorizedException", unauthorized)?;

    Ok(Credentials::new(
        granted.access_key_id().unwrap_or_default(),
        granted.secret_access_key().unwrap_or_default(),
        granted.session_token().map(str::to_owned),
        None,
        "the portal",
    ))
}

/// Asks who these credentials are, and whether their account is the one that was asked for.
pub async fn identify(config: &SdkConfig, aim: &Aim) -> Result<(), Failure> {
    let identity = aws_sdk_sts::Client::new(config).get_caller_identity().send().await?;
    if identity.account() != Some(&aim.account_id) {
        return Err(format!("the account is {:?}", identity.account()).into());
    }
    Ok(())
}

/// The credentials of a profile after its session has ended.
pub async fn be_signed_out(config: &SdkConfig, aim: &Aim) -> Result<(), Failure> {
    let failure = identify(config, aim).await.err().ok_or("a session that was signed out still gives credentials")?;
    let mut cause: Option<&(dyn Error + 'static)> = Some(&*failure);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<GetRoleCredentialsError>()
            && error.is_unauthorized_exception()
        {
            report("GetCallerIdentity", None, "UnauthorizedException");
            return Ok(());
        }
        cause = error.source();
    }
    Err(format!("expected UnauthorizedException, got {failure:?}").into())
}
