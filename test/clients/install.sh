#!/usr/bin/env bash
# Installs the AWS clients that the tests beside this file drive, on Debian, as root: the stable release's own CLI (2.9),
# the newest CLI that Debian has (with a Python environment of its own, so that the system stays as it is), and boto3.
# What is there already is kept. Everything but the system's package goes below node_modules/.cache/clients.
set -euo pipefail
cd "$(dirname "$0")/../.."
cache=$PWD/node_modules/.cache/clients
mkdir -p "$cache"

retry() {
  local attempt
  for attempt in 1 2 3; do
    "$@" && return
    echo "attempt $attempt failed: $*" >&2
    sleep $((attempt * 5))
  done
  return 1
}

install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  retry apt-get update -qq
  DEBIAN_FRONTEND=noninteractive retry apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# Debian's own mirror as this machine is set up to use it, and a suite that is not the machine's own: the package lists of
# that suite stay in a folder of ours, so that nothing is ever upgraded from it by accident.
fetch_from_suite() {
  local suite=$1 package=$2 apt=$cache/apt mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN)' 'Created-By: Packages' 'Component: main' |
    sed -n 's/ Debian$//p' | grep -v security | head -n 1)
  mkdir -p "$apt/lists/partial" "$apt/archives/partial"
  : >"$apt/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$apt/sources.list"
  local options=(-o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$apt/lists"
    -o "Dir::Cache=$apt" -o "Dir::State::status=$apt/status" -o APT::Sandbox::User=root)
  retry apt-get "${options[@]}" update -qq
  retry apt-get "${options[@]}" download -qq "$package"
}

install_newest_cli() {
  local cli=$cache/newest-cli
  [ -x "$cli/bin/aws" ] && return
  rm -rf "$cli"
  mkdir -p "$cli/bin"
  (cd "$cli" && fetch_from_suite testing awscli && dpkg -x awscli_*.deb root && rm awscli_*.deb)
  local packages=$cli/root/usr/lib/python3/dist-packages
  /usr/bin/python3 -m venv "$cli/venv"
  sed -n 's/^Requires-Dist: //p' "$packages"/awscli-*.dist-info/METADATA >"$cli/requirements.txt"
  retry "$cli/venv/bin/pip" install -q --disable-pip-version-check -r "$cli/requirements.txt"
  printf '#!/bin/sh\nPYTHONPATH=%s exec %s -m awscli "$@"\n' "$packages" "$cli/venv/bin/python" >"$cli/bin/aws"
  chmod +x "$cli/bin/aws"
}

install_boto3() {
  [ -d "$cache/boto3" ] && "$cache/boto3/bin/python" -c 'import boto3' 2>/dev/null && return
  /usr/bin/python3 -m venv "$cache/boto3"
  retry "$cache/boto3/bin/pip" install -q --disable-pip-version-check boto3
}

install_packages awscli python3-venv ca-certificates
install_newest_cli
install_boto3
/usr/bin/aws --version
"$cache/newest-cli/bin/aws" --version
"$cache/boto3/bin/python" -c 'import boto3; print("boto3/" + boto3.__version__)'
