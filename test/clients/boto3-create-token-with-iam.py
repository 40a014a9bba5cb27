"""Exchanges an assertion for tokens, as any Python program with boto3 does, and prints what it got as JSON.

Reads the members of the request from standard input, as JSON.
"""

import json
import sys

import boto3

asked = json.load(sys.stdin)
client = boto3.client(
    "sso-oidc",
    endpoint_url=asked["endpoint"],
    region_name="us-east-1",
    aws_access_key_id=asked["accessKeyId"],
    aws_secret_access_key=asked["secretAccessKey"],
)
tokens = client.create_token_with_iam(
    clientId=asked["clientId"],
    grantType="urn:ietf:params:oauth:grant-type:jwt-bearer",
    assertion=asked["assertion"],
)
tokens.pop("ResponseMetadata")
print(json.dumps(tokens))
