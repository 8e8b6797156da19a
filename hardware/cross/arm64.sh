#!/usr/bin/env bash
# Everything that an x86-64 Debian needs to build and try programs of a 64-bit Raspberry Pi, in one folder.
#
#   hardware/cross/arm64.sh DIR        makes DIR, or does nothing where it is whole already
#   (. DIR/env.sh && cargo build --target aarch64-unknown-linux-gnu)
#
# Nothing is installed: no root, no foreign architecture for the machine's own dpkg. The packages of the machine's own Debian come
# through apt into a root of their own and are unpacked there: a linker for arm64, the libraries that the screens link, and
# qemu-user where the machine has none. The Rust library for arm64 comes from rustup where it can be added, else (a rustup that
# reaches no server, Rust from a distribution) a compiler with its arm64 library comes from Debian too.
#
# The programs need the glibc of this machine's Debian or a newer one: build on bookworm for bookworm and later.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }
fail() { say "arm64: $*"; exit 1; }

dir=$(realpath -m "${1:?usage: arm64.sh DIR}")
whole=$dir/whole
# what is asked for here; a folder that was made for something else is made anew
asked=$(sha256sum "${BASH_SOURCE[0]}" | cut -d' ' -f1)
[ ! -e "$whole" ] || [ "$(cat "$whole")" != "$asked" ] || exit 0

for tool in apt-get dpkg realpath; do
    command -v "$tool" >/dev/null || fail "$tool is missing. This needs Debian 12 or newer; elsewhere, build on the Pi or in a container of Debian."
done
[ "$(dpkg --print-architecture)" = amd64 ] || fail "This is for an amd64 machine. On arm64, cargo builds for the Pi without help."

target=aarch64-unknown-linux-gnu
root=$dir/root
rm -rf "$dir"
mkdir -p "$dir"/{bin,debs,arm64} "$dir"/apt/state/lists/partial "$dir"/apt/cache/archives/partial "$root"

# ---- an apt that knows arm64, beside the machine's own -----------------------------------------------------------------------
cp /var/lib/dpkg/status "$dir/apt/state/status"
cat >"$dir/apt/apt.conf" <<CONF
APT::Architectures {"amd64";"arm64";};
APT::Sandbox::User "";
Dir::State "$dir/apt/state";
Dir::State::status "$dir/apt/state/status";
Dir::Cache "$dir/apt/cache";
CONF
export APT_CONFIG=$dir/apt/apt.conf
say "Reading the package lists of amd64 and arm64…"
apt-get update -qq || say "Some lists could not be had; going on with the others."

# What installing the packages would bring, as names for `apt-get download`.
would_bring() {
    apt-get install -s --no-install-recommends "$@" | awk '/^Inst/ {print $2}'
}

# ---- what to fetch -----------------------------------------------------------------------------------------------------------
have_rust=no
if command -v rustup >/dev/null && (cd "$dir" && rustup target add "$target") >&2; then
    have_rust=yes
elif [ -d "$(rustc --print sysroot 2>/dev/null)/lib/rustlib/$target" ]; then
    have_rust=yes
fi

packages=$(would_bring gcc-aarch64-linux-gnu g++-aarch64-linux-gnu libc6-dev-arm64-cross)
command -v qemu-aarch64-static >/dev/null || packages+=" qemu-user-static"
if [ $have_rust = no ]; then
    say "rustup cannot add $target here: taking Debian's compiler."
    web=$(apt-cache depends rustc-web | awk '/libstd-rust-web-[0-9]/ {print $NF; exit}')
    llvm=$(apt-cache depends "rustc-web" | awk '/libllvm/ {print $NF; exit}')
    packages+=" rustc-web $web libstd-rust-web-dev libstd-rust-web-dev:arm64 $llvm"
fi
# what the screens of the Pi link: input devices, keyboard, display, fonts
libraries=$(would_bring libudev-dev:arm64 libinput-dev:arm64 libxkbcommon-dev:arm64 libgbm-dev:arm64 libfontconfig-dev:arm64 | grep ':arm64$')

# shellcheck disable=SC2086  # many names
(cd "$dir/debs" && apt-get download -qq $packages) || fail "The packages of the compiler could not be fetched."
# shellcheck disable=SC2086
(cd "$dir/arm64" && apt-get download -qq $libraries) || fail "The libraries of arm64 could not be fetched."
say "Unpacking $(find "$dir/debs" "$dir/arm64" -name '*.deb' | wc -l) packages…"
for package in "$dir"/debs/*.deb "$dir"/arm64/*_arm64.deb; do dpkg -x "$package" "$root"; done

# ---- wrappers, and what cargo has to know ------------------------------------------------------------------------------------
# The unpacked programs find their own libraries beside them; those the machine has installed already are used from there.
wrap() {
    local name=$1 program=$2
    shift 2
    [ -x "$root/usr/bin/$program" ] || command -v "$program" >/dev/null || fail "$program is missing after all."
    cat >"$dir/bin/$name" <<WRAPPER
#!/bin/sh
export PATH=$root/usr/bin:\$PATH LD_LIBRARY_PATH=$root/usr/lib/x86_64-linux-gnu
exec $program $* "\$@"
WRAPPER
    chmod +x "$dir/bin/$name"
}
wrap gcc aarch64-linux-gnu-gcc "--sysroot=$root"
wrap g++ aarch64-linux-gnu-g++ "--sysroot=$root"
wrap ar aarch64-linux-gnu-ar
wrap strip aarch64-linux-gnu-strip
[ $have_rust = yes ] || wrap rustc rustc
qemu=$(command -v qemu-aarch64-static || echo "$root/usr/bin/qemu-aarch64-static")
# One C library on the runner's path: with the cross compiler's own beside it, programs with threads hang.
cat >"$dir/bin/run" <<RUNNER
#!/bin/sh
exec $qemu -L $root -E LD_LIBRARY_PATH=$root/lib/aarch64-linux-gnu:$root/usr/lib/aarch64-linux-gnu "\$@"
RUNNER
chmod +x "$dir/bin/run"

{
    echo "# To be read by a shell that then starts cargo. Made by hardware/cross/arm64.sh."
    [ $have_rust = yes ] || echo "export RUSTC=$dir/bin/rustc"
    cat <<ENV
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=$dir/bin/gcc
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER=$dir/bin/run
export CC_aarch64_unknown_linux_gnu=$dir/bin/gcc CXX_aarch64_unknown_linux_gnu=$dir/bin/g++ AR_aarch64_unknown_linux_gnu=$dir/bin/ar
export PKG_CONFIG_ALLOW_CROSS=1 PKG_CONFIG_SYSROOT_DIR=$root
export PKG_CONFIG_LIBDIR=$root/usr/lib/aarch64-linux-gnu/pkgconfig:$root/usr/share/pkgconfig
ENV
} >"$dir/env.sh"
rm -rf "$dir/debs" "$dir/arm64" "$dir/apt"
echo "$asked" >"$whole"
say "Ready: $dir ($(du -sh "$dir" | cut -f1))."
