#!/usr/bin/env bash
# Installs the AWS clients that the tests beside this file drive, on Debian, as root: the CLI of Debian 12, and what `versions.ts`
# says, of the CLI in both its versions, boto3 and a relying party; then the SDK for Go, a relying party in JavaScript, and the
# runtimes that our own client is tested on, as their lock files say. With the argument `all`, the SDKs for Java and Rust as well.
# What is there already is kept, unless another version is asked for. Nearly all goes below node_modules/.cache/clients.
set -euo pipefail
cd "$(dirname "$0")/../.."
cache=$PWD/node_modules/.cache/clients
PATH=$PWD/node_modules/.bin:$PATH
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

# An environment of Python for a client, which holds what versions.ts says and nothing else.
install_python() {
  local target=$cache/$1
  node test/clients/versions.ts "$1" >"$cache/$1.txt"
  cmp -s "$cache/$1.txt" "$target/installed.txt" && return
  rm -rf "$target"
  /usr/bin/python3 -m venv "$target"
  retry "$target/bin/pip" install -q --disable-pip-version-check --no-deps --only-binary :all: -r "$cache/$1.txt"
  cp "$cache/$1.txt" "$target/installed.txt"
}

# Of the package from the index only the executable is wanted, which lies three archives deep.
install_cli_2() {
  local target=$cache/aws-cli-2
  install_python aws-cli-2
  [ -x "$target/dist/aws" ] && return
  tar -xzOf "$target"/lib/python3*/site-packages/aws_cdk/asset_awscli_v2/_jsii/*.tgz package/lib/layer.zip >"$target/layer.zip"
  unzip -q -o "$target/layer.zip" 'awscli/v2/*/dist/*' -d "$target"
  mv "$target"/awscli/v2/*/dist "$target/dist"
  rm -r "$target/layer.zip" "$target/awscli"
}

# What the lock file in a folder says, in that folder.
install_locked() {
  cmp -s "$1/package-lock.json" "$1/node_modules/installed-lock.json" && return
  (cd "$1" && retry npm ci --ignore-scripts --no-audit --no-fund)
  cp "$1/package-lock.json" "$1/node_modules/installed-lock.json"
}

# Its libraries are apart from the repository's own, which nobody who works on it should have to wait for.
install_relying_party() {
  mkdir -p "$cache/relying-party"
  cp test/clients/relying-party/{package.json,package-lock.json,relying-party.js} "$cache/relying-party"
  install_locked "$cache/relying-party"
}

# The SDK for Go wants Go 1.24, which is newer than that of Debian 12, and what Debian 13 has.
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
      fetch_from_suite trixie golang-go golang-src
      version=$(dpkg-deb -f golang-go_*.deb Depends | grep -oE 'golang-1\.[0-9]+-go' | head -n 1)
      fetch_from_suite trixie "$version" "${version%-go}-src"
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

install_packages awscli python3-venv ca-certificates nginx-light haproxy unzip
install_cli_2
for client in aws-cli-1 aws-cli-1-of-2022 boto3 authlib; do install_python "$client"; done
install_relying_party
install_locked test/client/runtimes # together they weigh 600 MB
build_go_journey
/usr/bin/aws --version
"$cache/aws-cli-2/dist/aws" --version
"$cache/aws-cli-1-of-2022/bin/aws" --version
"$cache/aws-cli-1/bin/aws" --version
"$cache/boto3/bin/python" -c 'import boto3; print("boto3/" + boto3.__version__)'
[ "${1:-}" = all ] || exit 0
build_java_journey
build_rust_journey
