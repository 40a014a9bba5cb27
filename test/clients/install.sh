#!/usr/bin/env bash
# Installs the AWS clients that the tests beside this file drive, on Debian, as root: the stable release's own CLI (2.9),
# the newest CLI that Debian has (with a Python environment of its own, so that the system stays as it is), version 1 of the
# CLI (of 2022, and the newest), boto3, the SDK for Go, and two relying parties. With the argument `all`, the SDKs for Java and Rust
# as well.
# What is there already is kept. Everything but the system's packages goes below node_modules/.cache/clients.
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
  local suite=$1 apt=$cache/apt mirror
  shift
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN)' 'Created-By: Packages' 'Component: main' |
    sed -n 's/ Debian$//p' | grep -v security | head -n 1)
  mkdir -p "$apt/lists/partial" "$apt/archives/partial"
  : >"$apt/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$apt/sources.list"
  local options=(-o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$apt/lists"
    -o "Dir::Cache=$apt" -o "Dir::State::status=$apt/status" -o APT::Sandbox::User=root)
  retry apt-get "${options[@]}" update -qq
  retry apt-get "${options[@]}" download -qq "$@"
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

# Version 1.27.10 asks for a PyYAML that no longer builds, and runs with the one that does.
install_cli_v1() {
  [ -x "$cache/cli-1.27.10/bin/aws" ] || install_cli_of_2022
  [ -x "$cache/cli-1/bin/aws" ] && return
  /usr/bin/python3 -m venv "$cache/cli-1"
  retry "$cache/cli-1/bin/pip" install -q --disable-pip-version-check 'awscli<2'
}

install_cli_of_2022() {
  /usr/bin/python3 -m venv "$cache/cli-1.27.10"
  local pip=("$cache/cli-1.27.10/bin/pip" install -q --disable-pip-version-check)
  retry "${pip[@]}" botocore==1.29.10 'docutils<0.17' 's3transfer<0.7' 'colorama<0.4.5' 'rsa<4.8' PyYAML
  retry "${pip[@]}" --no-deps awscli==1.27.10
}

# Its libraries are apart from the repository's own, which nobody who works on it should have to wait for.
install_relying_party() {
  local target=$cache/relying-party
  mkdir -p "$target"
  cmp -s test/clients/relying-party/package-lock.json "$target/package-lock.json" && [ -d "$target/node_modules" ] || {
    rm -rf "$target/node_modules"
    cp test/clients/relying-party/package*.json "$target"
    (cd "$target" && retry npm ci --ignore-scripts --no-audit --no-fund)
  }
  cp test/clients/relying-party/relying-party.js "$target"
}

install_authlib() {
  [ -d "$cache/authlib" ] && "$cache/authlib/bin/python" -c 'import authlib, flask, requests' 2>/dev/null && return
  /usr/bin/python3 -m venv "$cache/authlib"
  retry "$cache/authlib/bin/pip" install -q --disable-pip-version-check authlib flask requests
}

# The SDK for Go wants Go 1.24, which is newer than that of Debian 12; its own is taken from where the newest CLI comes from.
find_go() {
  local go=$cache/go/root/usr/lib/go/bin/go
  if GOTOOLCHAIN=local go version 2>/dev/null | grep -qE 'go1\.(2[4-9]|[3-9][0-9])'; then
    command -v go
    return
  fi
  if [ ! -x "$go" ]; then
    rm -rf "$cache/go"
    mkdir -p "$cache/go"
    (
      cd "$cache/go"
      fetch_from_suite testing golang-go golang-src
      version=$(dpkg-deb -f golang-go_*.deb Depends | grep -oE 'golang-1\.[0-9]+-go' | head -n 1)
      fetch_from_suite testing "$version" "${version%-go}-src"
      for package in *.deb; do dpkg -x "$package" root; done
      rm ./*.deb
    ) >&2
  fi
  echo "$go"
}

build_go_journey() {
  local go
  go=$(find_go) && [ -x "$go" ] || fail 'Go 1.24 or later is needed to test the AWS SDK for Go, and could not be installed'
  (cd test/clients/go && GOTOOLCHAIN=local retry nice "$go" build -trimpath -o "$cache/go-journey" .) ||
    fail 'the program in test/clients/go could not be built: its modules come from the Go module proxy, or from GOPROXY'
}

build_java_journey() {
  local target=$cache/java-journey
  command -v javac >/dev/null && command -v mvn >/dev/null || install_packages default-jdk-headless maven
  retry nice mvn -q -B -ntp -f test/clients/java "-DbuildDirectory=$target" process-classes ||
    fail 'the program in test/clients/java could not be built: its libraries come from Maven Central'
  printf '#!/bin/sh\nexec %s -XX:TieredStopAtLevel=1 -cp %s journey.Journey\n' \
    "$(command -v java)" "'$target/classes:$target/libraries/*'" >"$target/journey"
  chmod +x "$target/journey"
}

# Debian 12's Rust is too old for the SDK, and one from elsewhere is not ours to install.
build_rust_journey() {
  local needed='Rust 1.94 or later, with cargo,'
  command -v cargo >/dev/null || fail "$needed is needed to test the AWS SDK for Rust: install it and run this again"
  retry nice cargo build -q --manifest-path test/clients/rust/Cargo.toml --target-dir "$cache/rust" ||
    fail "the program in test/clients/rust could not be built: it needs $needed and the crates that its Cargo.toml names"
}

fail() {
  echo "$*" >&2
  exit 1
}

install_packages awscli python3-venv ca-certificates nginx-light haproxy
install_newest_cli
install_cli_v1
install_boto3
install_relying_party
install_authlib
build_go_journey
/usr/bin/aws --version
"$cache/newest-cli/bin/aws" --version
"$cache/cli-1.27.10/bin/aws" --version
"$cache/cli-1/bin/aws" --version
"$cache/boto3/bin/python" -c 'import boto3; print("boto3/" + boto3.__version__)'
[ "${1:-}" = all ] || exit 0
build_java_journey
build_rust_journey
