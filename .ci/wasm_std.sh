#!/usr/bin/env bash
# Builds Rust's standard library for wasm32 from Debian's rust-src into the folder DEST, as a sysroot of its own: two copies
# in the toolchain's sysroot, this and a later one of rustup's, would stop every build with E0464.
# usage: .ci/wasm_std.sh DEST
set -euo pipefail

dest=$1
target=wasm32-unknown-unknown
host=$(rustc -vV | sed -n 's/^host: //p')
version=$(rustc -vV | sed -n 's/^release: //p')
toolchain=$(rustc --print sysroot)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# The machine's own mirror, in a list of its own, so that the machine's sources stay as they are.
mirror=$(find /etc/apt \( -name '*.list' -o -name '*.sources' \) \
  -exec sed -nE 's|^[^#]*[[:space:]]([a-z+]+:/[^[:space:]]*/debian/?)([[:space:]].*)?$|\1|p' {} + | head -n 1)
[[ -n $mirror ]] || { echo "no Debian mirror in /etc/apt" >&2; exit 1; }
mkdir -p "$tmp"/{apt/lists/partial,apt/cache/archives/partial,std/src}
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie-backports main" >"$tmp/apt/sources.list"
apt() {
  apt-get -qq -o "Dir::Etc::SourceList=$tmp/apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o "Dir::State::Lists=$tmp/apt/lists" -o "Dir::Cache=$tmp/apt/cache" -o APT::Sandbox::User=root "$@"
}
(cd "$tmp" && apt update && apt download "rust-src=$version*")
dpkg -x "$tmp"/rust-src_*.deb "$tmp/unpacked"
source=$(echo "$tmp"/unpacked/usr/src/rustc-*/library)

printf '[package]\nname = "std-for-wasm"\nversion = "0.0.0"\nedition = "2024"\n' >"$tmp/std/Cargo.toml"
touch "$tmp/std/src/lib.rs"
# Bitcode: the release build's lto = true reads it from every rlib.
(cd "$tmp/std" && RUSTC_BOOTSTRAP=1 __CARGO_TESTS_ONLY_SRC_ROOT=$source CARGO_TARGET_DIR=$tmp/target \
  RUSTFLAGS="-Cembed-bitcode=yes --remap-path-prefix=$source=/rustc/library" RUSTUP_TOOLCHAIN=$toolchain \
  cargo build --quiet --release --target "$target" -Zbuild-std=std,panic_abort)

rm -rf "$dest" "$dest.part"
mkdir -p "$dest.part/lib/rustlib/$target/lib"
rm "$tmp/target/$target/release/deps/"libstd_for_wasm-*
cp "$tmp/target/$target/release/deps/"*.rlib "$dest.part/lib/rustlib/$target/lib"
ln -s "$toolchain/lib/rustlib/$host" "$dest.part/lib/rustlib/$host"
mv "$dest.part" "$dest"
