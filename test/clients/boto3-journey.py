"""Goes through the journey of journey.ts with boto3, as any Python program would use it: the address of the service comes
from the environment, the profile from ~/.aws/config, and errors are told apart by their class."""

import base64
import hashlib
import json
import os
import secrets
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

import boto3
from botocore.exceptions import ClientError, UnauthorizedSSOTokenError

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
REDIRECT_URI = "http://127.0.0.1:53682/oauth/callback"
SCOPE = "sso:account:access"
START_URL = os.environ["START_URL"]
ACCOUNT_ID = os.environ["ACCOUNT_ID"]
ROLE_NAME = os.environ["ROLE_NAME"]

oidc = boto3.client("sso-oidc")
portal = boto3.client("sso")


def say(**message):
    print(json.dumps(message), flush=True)


def ask(**message):
    """Says something and waits for the answer."""
    say(**message)
    return input()


def step(operation, call, grant=None):
    """Makes a call that must succeed and reports it."""
    answer = call()
    say(operation=operation, grant=grant, outcome="ok")
    return answer


def refused(expected, operation, call, grant=None):
    """Makes a call that must fail with an error of that class and reports it."""
    try:
        call()
    except expected as error:
        say(operation=operation, grant=grant, outcome=error.response["Error"]["Code"])
    else:
        raise AssertionError(f"{operation}: expected {expected}")


def proof(client):
    return {"clientId": client["clientId"], "clientSecret": client["clientSecret"]}


def start_device(client):
    return oidc.start_device_authorization(**proof(client), startUrl=START_URL)


def poll(client, waiting):
    return oidc.create_token(**proof(client), grantType=DEVICE_CODE, deviceCode=waiting["deviceCode"])


def poll_without_pause(client, waiting):
    for _ in range(100):
        try:
            poll(client, waiting)
        except oidc.exceptions.AuthorizationPendingException:
            continue


def redeem(client, refresh_token):
    return oidc.create_token(**proof(client), grantType="refresh_token", refreshToken=refresh_token)


def sign_in_by_device(client):
    waiting = step("StartDeviceAuthorization", lambda: start_device(client))
    pending = oidc.exceptions.AuthorizationPendingException
    refused(pending, "CreateToken", lambda: poll(client, waiting), DEVICE_CODE)
    ask(open=waiting["verificationUriComplete"], decision="approve")
    return step("CreateToken", lambda: poll(client, waiting), DEVICE_CODE)


def be_refused(client):
    waiting = start_device(client)
    other = oidc.register_client(clientName="another", clientType="public")
    refused(oidc.exceptions.InvalidGrantException, "CreateToken", lambda: poll(other, waiting), DEVICE_CODE)
    hurried = lambda: poll_without_pause(client, waiting)
    refused(oidc.exceptions.SlowDownException, "CreateToken", hurried, DEVICE_CODE)

    denied = start_device(client)
    ask(open=denied["verificationUriComplete"], decision="deny")
    refused(oidc.exceptions.AccessDeniedException, "CreateToken", lambda: poll(client, denied), DEVICE_CODE)
    impostor = {**client, "clientSecret": "wrong"}
    refused(oidc.exceptions.InvalidClientException, "CreateToken", lambda: poll(impostor, denied), DEVICE_CODE)
    by_password = lambda: oidc.create_token(**proof(client), grantType="password")
    refused(oidc.exceptions.UnsupportedGrantTypeException, "CreateToken", by_password, "password")


def refresh(client, token):
    refreshed = step("CreateToken", lambda: redeem(client, token["refreshToken"]), "refresh_token")
    assert refreshed["accessToken"] != token["accessToken"]
    refused(oidc.exceptions.InvalidGrantException, "CreateToken", lambda: redeem(client, "none"), "refresh_token")
    return refreshed


def use_the_portal(access_token):
    pages = {"accessToken": access_token, "PaginationConfig": {"PageSize": 1}}
    list_accounts = portal.get_paginator("list_accounts").paginate(**pages)
    listed = step("ListAccounts", lambda: list_accounts.build_full_result()["accountList"])
    assert ACCOUNT_ID in [account["accountId"] for account in listed]
    list_roles = portal.get_paginator("list_account_roles").paginate(**pages, accountId=ACCOUNT_ID)
    listed = step("ListAccountRoles", lambda: list_roles.build_full_result()["roleList"])
    assert ROLE_NAME in [role["roleName"] for role in listed]

    def credentials(account_id, role_name):
        return portal.get_role_credentials(accessToken=access_token, accountId=account_id, roleName=role_name)

    granted = step("GetRoleCredentials", lambda: credentials(ACCOUNT_ID, ROLE_NAME))["roleCredentials"]
    # boto3 has no class for it: its model does not declare it, and the service answers it all the same.
    refused(ClientError, "GetRoleCredentials", lambda: credentials("999999999999", "Nobody"))
    unauthorized = portal.exceptions.UnauthorizedException
    refused(unauthorized, "ListAccounts", lambda: portal.list_accounts(accessToken="none"))
    session = boto3.Session(granted["accessKeyId"], granted["secretAccessKey"], granted["sessionToken"])
    step("GetCallerIdentity", lambda: identify(session))


def identify(session):
    assert session.client("sts").get_caller_identity()["Account"] == ACCOUNT_ID


def sign_in_by_browser():
    members = {"grantTypes": ["authorization_code", "refresh_token"], "issuerUrl": START_URL}
    redirects = {"redirectUris": ["http://127.0.0.1/oauth/callback"]}
    client = step("RegisterClient", lambda: register(**members, **redirects))
    verifier = secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = urlencode(
        {
            "response_type": "code",
            "client_id": client["clientId"],
            "redirect_uri": REDIRECT_URI,
            "state": "here",
            "code_challenge_method": "S256",
            "code_challenge": challenge,
            "scopes": SCOPE,
        }
    )
    location = ask(open=f"{os.environ['AWS_ENDPOINT_URL']}/authorize?{query}", decision="approve")
    [code] = parse_qs(urlsplit(location).query)["code"]

    def exchange(verifier):
        sent = {"code": code, "redirectUri": REDIRECT_URI, "codeVerifier": verifier}
        return oidc.create_token(**proof(client), grantType="authorization_code", **sent)

    wrong = lambda: exchange(secrets.token_urlsafe(48))
    refused(oidc.exceptions.InvalidGrantException, "CreateToken", wrong, "authorization_code")
    step("CreateToken", lambda: exchange(verifier), "authorization_code")


def sign_out(client, token):
    access_token = token["accessToken"]
    step("Logout", lambda: portal.logout(accessToken=access_token))
    unauthorized = portal.exceptions.UnauthorizedException
    refused(unauthorized, "ListAccounts", lambda: portal.list_accounts(accessToken=access_token))
    again = lambda: redeem(client, token["refreshToken"])
    refused(oidc.exceptions.InvalidGrantException, "CreateToken", again, "refresh_token")
    try:
        identify(boto3.Session(profile_name="dev"))
    except UnauthorizedSSOTokenError as error:
        say(operation="GetCallerIdentity", grant=None, outcome=type(error).__name__)


def register(**members):
    return oidc.register_client(clientName="journey", clientType="public", scopes=[SCOPE], **members)


client = step("RegisterClient", register)
token = sign_in_by_device(client)
be_refused(client)
token = refresh(client, token)
use_the_portal(token["accessToken"])
registration_ends = datetime.fromtimestamp(client["clientSecretExpiresAt"], UTC)
ask(
    cache={
        "accessToken": token["accessToken"],
        "refreshToken": token["refreshToken"],
        **proof(client),
        "registrationExpiresAt": registration_ends.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
)
for profile in "dev", "legacy":
    step("GetCallerIdentity", lambda: identify(boto3.Session(profile_name=profile)))
sign_in_by_browser()
sign_out(client, token)
say(sdk=boto3.__version__)
