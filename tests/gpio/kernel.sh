#!/usr/bin/env bash
# A User-Mode Linux kernel with simulated GPIO lines, for tests/gpio: an ordinary program of this machine that boots in a
# second or two and on which the real GPIO code of `hardware/` runs as on a Raspberry Pi.
#
#   tests/gpio/kernel.sh           prints the kernel's path; builds it first if need be (some minutes, once)
#   tests/gpio/kernel.sh --find    prints the path of one that is built already, or fails
#
# It is made of Debian's kernel source package, downloaded with apt and not installed, and kept in the cache folder under the
# package's version and what it was made by. Where that cannot be done, it says why and fails; nothing else depends on it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/nowserving
# a kernel made otherwise is another kernel: count up what is done here, a change of kernel.frag counts by itself
recipe=1-$(sha256sum <"$here/kernel.frag" | cut -c1-12)

say() { printf 'kernel.sh: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

find_built() {
    local built
    built=$(ls -t "$cache"/gpio-kernel-*-"$recipe" 2>/dev/null | head -n 1)
    [ -n "$built" ] && [ -x "$built" ] && printf '%s\n' "$built"
}

# The newest source package that has the GPIO simulator: it came with 5.17.
choose_package() {
    local name
    for name in linux-source-6.12 linux-source linux-source-6.1; do
        version=$(apt-cache policy "$name" 2>/dev/null | sed -n 's/^ *Candidate: *//p')
        if [ -n "$version" ] && [ "$version" != "(none)" ]; then
            # `linux-source` itself holds nothing but the name of the real one
            package=$(apt-cache depends "$name" 2>/dev/null | sed -n 's/^ *Depends: *\(linux-source-.*\)/\1/p' | head -n 1)
            package=${package:-$name}
            return
        fi
    done
    return 1
}

need() {
    local missing=() tool
    for tool in gcc make flex bison bc xz dpkg-deb; do
        command -v "$tool" >/dev/null 2>&1 || missing+=("$tool")
    done
    [ ${#missing[@]} = 0 ] && return
    local packages=(gcc libc6-dev make flex bison bc xz-utils dpkg) as=()
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null && sudo -n true 2>/dev/null || fail "${missing[*]} missing. On Debian: apt-get install ${packages[*]}"
        as=(sudo -n)
    fi
    say "Installing: ${packages[*]}"
    "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}" </dev/null >&2 ||
        fail "${missing[*]} could not be installed."
}

# The code of drivers and machines that this kernel will not have is not even unpacked: it takes a third of the space so. Their
# Kconfig files stay, for they are all read.
unpack() {
    local exclude=(--exclude='*.dts' --exclude='*.dtsi' --exclude='*.rst' --exclude='*.json') part arch
    for part in sound tools/testing tools/perf drivers/gpu drivers/media drivers/staging drivers/net/ethernet drivers/net/wireless \
        drivers/infiniband drivers/iio; do
        exclude+=(--exclude="*/$part/*.c" --exclude="*/$part/*.h")
    done
    for arch in alpha arc arm arm64 csky hexagon loongarch m68k microblaze mips nios2 openrisc parisc powerpc riscv s390 sh sparc xtensa; do
        exclude+=(--exclude="*/arch/$arch/*.[chS]")
    done
    mkdir -p "$work/source"
    dpkg-deb --fsys-tarfile "$1" | tar -xO --wildcards './usr/src/linux-source-*.tar.xz' |
        tar -xJ -C "$work/source" --strip-components=1 "${exclude[@]}"
}

# In the source's folder.
configure() {
    # User-Mode Linux has room for 64 interrupts; each simulated line needs one
    sed -i 's/^#define NR_IRQS\s\+UM_LAST_SIGNAL_IRQ$/#define NR_IRQS 128/' arch/um/include/asm/irq.h &&
        grep -q '^#define NR_IRQS 128' arch/um/include/asm/irq.h &&
        make ARCH=um tinyconfig && scripts/kconfig/merge_config.sh -m .config "$here/kernel.frag" && make ARCH=um olddefconfig ||
        return 1
    local option
    for option in GPIO_SIM GPIO_CDEV GPIO_SYSFS HOSTFS EPOLL MAGIC_SYSRQ; do
        grep -q "^CONFIG_$option=y" .config || { echo "CONFIG_$option is not in this kernel."; return 1; }
    done
}

build() {
    [ "$(uname -s) $(uname -m)" = "Linux x86_64" ] || fail "User-Mode Linux runs on x86-64 only; this is $(uname -sm)."
    command -v apt-get >/dev/null || fail "The kernel's source comes from Debian's packages, and this is not Debian."
    choose_package || { apt-get update -q >&2 2>/dev/null </dev/null || true; choose_package; } ||
        fail "apt knows no kernel source package. Try: apt-get update"
    need
    mkdir -p "$cache"
    work=$(mktemp -d "$cache/building.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    say "Building a kernel with simulated GPIO lines from $package $version. This takes some minutes, once."
    (cd "$work" && apt-get download -q -o APT::Sandbox::User=root "$package=$version" </dev/null >&2) ||
        (cd "$work" && apt-get download -q -o APT::Sandbox::User=root "$package" </dev/null >&2) || fail "$package could not be downloaded."
    local archive
    archive=$(ls "$work"/*.deb)
    unpack "$archive"
    rm -f "$archive"
    cd "$work/source"
    { configure && nice make ARCH=um -j"${JOBS:-$(nproc)}" linux; } >"$work/log" 2>&1 ||
        { grep -E 'rror|No rule|not in this' "$work/log" | head -n 20 >&2; fail "The kernel did not build."; }
    local kernel=$cache/gpio-kernel-$version-$recipe
    strip -o "$work/linux" linux
    # a whole file under its name or none
    mv "$work/linux" "$kernel"
    say "Built $kernel in $SECONDS s."
    printf '%s\n' "$kernel"
}

case ${1:-} in
    --find) find_built ;;
    "") find_built || build ;;
    *) say "Usage: tests/gpio/kernel.sh [--find]"; exit 2 ;;
esac
