#!/usr/bin/env bash
# Lays the release out as the root of an image: the binary, the libraries that it is linked with, the certificate authorities of this
# machine, one user that is not root, and the folder of its data.
# usage: packaging/image.sh ROOT
set -euo pipefail
cd "$(dirname "$0")/.."
root=$1 user=10001

install -D target/release/beonho "$root/usr/bin/beonho"
ldd target/release/beonho | awk '/\// { print $(NF - 1) }' | while read -r library; do
  install -D "$library" "$root$library"
done
install -D -m 644 /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
install -D -m 644 /dev/stdin "$root/etc/passwd" <<<"beonho:x:$user:$user::/data:/usr/sbin/nologin"
install -D -m 644 /dev/stdin "$root/etc/group" <<<"beonho:x:$user:"
install -d -m 1777 "$root/tmp"
install -d -m 700 -o $user -g $user "$root/data"
