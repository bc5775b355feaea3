#!/usr/bin/env bash
# Builds the image of the Containerfile, its first stage replaced by what that stage would make out of the release on this machine (no
# registry is asked), and signs up at what it runs.
set -euo pipefail
cd "$(dirname "$0")/.."

. .ci/tools.sh build
debian_packages buildah ca-certificates
# It needs neither a driver for layers nor a runtime with rights that a CI may not have.
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
dir=$(mktemp -d)
container=''
trap '[[ -z $container ]] || buildah rm "$container" >/dev/null; buildah rmi beonho-test >/dev/null 2>&1; rm -rf "$dir"' EXIT

packaging/image.sh "$dir/image"
buildah build --quiet --file Containerfile --build-context build="$dir" --tag beonho-test . >/dev/null
container=$(buildah from beonho-test)
node .ci/image.mjs "$container"
