"""Prints who the profile named as the first argument is, as JSON: what any Python program with boto3 does."""

import json
import sys

import boto3

session = boto3.Session(profile_name=sys.argv[1])
identity = session.client("sts").get_caller_identity()
print(json.dumps({"Account": identity["Account"], "Arn": identity["Arn"]}))
