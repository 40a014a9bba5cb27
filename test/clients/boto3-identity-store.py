"""Reads the directory with boto3, as any Python program does, and prints what it found as JSON.

Reads the credentials and the directory's id from standard input, as JSON.
"""

import json
import sys

import boto3

asked = json.load(sys.stdin)
client = boto3.client(
    "identitystore",
    endpoint_url=asked["endpoint"],
    region_name="us-east-1",
    aws_access_key_id=asked["accessKeyId"],
    aws_secret_access_key=asked["secretAccessKey"],
    aws_session_token=asked["sessionToken"],
)
store = asked["identityStoreId"]


def pages(operation, key, **members):
    paginator = client.get_paginator(operation)
    return [item for page in paginator.paginate(IdentityStoreId=store, PaginationConfig={"PageSize": 1}, **members) for item in page[key]]


def name(path, value):
    return {"UniqueAttribute": {"AttributePath": path, "AttributeValue": value}}


users = pages("list_users", "Users")
groups = pages("list_groups", "Groups")
alice = client.get_user_id(IdentityStoreId=store, AlternateIdentifier=name("userName", "alice"))["UserId"]
group = client.get_group_id(IdentityStoreId=store, AlternateIdentifier=name("displayName", "Engineers"))["GroupId"]
member = {"UserId": alice}
membership = client.get_group_membership_id(IdentityStoreId=store, GroupId=group, MemberId=member)["MembershipId"]
described = client.describe_group_membership(IdentityStoreId=store, MembershipId=membership)
try:
    client.describe_user(IdentityStoreId=store, UserId="00000000-0000-0000-0000-000000000000")
    missing = None
except client.exceptions.ResourceNotFoundException as error:
    missing = error.response["Error"]["Code"]

print(
    json.dumps(
        {
            "users": sorted(user["UserName"] for user in users),
            "groups": sorted(group["DisplayName"] for group in groups),
            "alice": client.describe_user(IdentityStoreId=store, UserId=alice)["UserName"],
            "engineers": client.describe_group(IdentityStoreId=store, GroupId=group)["DisplayName"],
            "member": described["MemberId"]["UserId"] == alice,
            "isMember": client.is_member_in_groups(IdentityStoreId=store, MemberId=member, GroupIds=[group])["Results"][0]["MembershipExists"],
            "members": len(pages("list_group_memberships", "GroupMemberships", GroupId=group)),
            "groupsOf": len(pages("list_group_memberships_for_member", "GroupMemberships", MemberId=member)),
            "missing": missing,
        }
    )
)
