#!/usr/bin/env bash
# Builds the program for a 64-bit Raspberry Pi with the screens of its own display, and tries it: `./dev build-pi`.
#
#   build-pi.sh TARGET_DIR [--untested]
#
# On the Pi itself (or another arm64 machine) everything is built and run as it is; on amd64 with what arm64.sh fetches, and run
# under qemu-user.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }
fail() { say "build-pi: $*"; exit 1; }

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
export CARGO_TARGET_DIR=${1:?usage: build-pi.sh TARGET_DIR [--untested]}
triple=aarch64-unknown-linux-gnu
scratch=$(mktemp -d)
hub=""
clean_up() {
    [ -z "$hub" ] || { kill "$hub" 2>/dev/null && wait "$hub" 2>/dev/null; } || true
    rm -rf "$scratch"
}
trap clean_up EXIT

# ---- tools -------------------------------------------------------------------------------------------------------------------
run=() # what starts a program of the Pi here
strip="strip"
if [ "$(uname -m)" != aarch64 ]; then
    "$here/arm64.sh" "$CARGO_TARGET_DIR/arm64-tools"
    # shellcheck disable=SC1091
    . "$CARGO_TARGET_DIR/arm64-tools/env.sh"
    run=("$CARGO_TARGET_DIR/arm64-tools/bin/run")
    strip=$CARGO_TARGET_DIR/arm64-tools/bin/strip
fi

# ---- the program -------------------------------------------------------------------------------------------------------------
cd "$root"
say "Building for $triple. The first time takes a quarter of an hour on two cores, on a Pi longer."
# stripped below, so that the names of the functions are kept for whoever looks into a crash
CARGO_PROFILE_RELEASE_STRIP=none cargo build --locked --release --target $triple --no-default-features --features kms --bin nowserving
whole=$CARGO_TARGET_DIR/$triple/release/nowserving
out=$CARGO_TARGET_DIR/pi
program=$out/nowserving
mkdir -p "$out"
"$strip" -o "$program" "$whole"
size() { stat -c %s "$1" | awk '{printf "%.1f MB (%d bytes)", $1 / 1e6, $1}'; }

# ---- tries -------------------------------------------------------------------------------------------------------------------
# The program starts without a display, gives out a number, and the ledger has it.
issues_a_ticket() {
    : >"$scratch/settings.toml"
    "${run[@]}" "$program" run --headless --silent --config "$scratch/settings.toml" --data "$scratch/data" --listen 127.0.0.1:0 \
        </dev/null >"$scratch/out" 2>"$scratch/err" &
    hub=$!
    for _ in $(seq 300); do
        grep -q '^Ready' "$scratch/out" && break
        kill -0 "$hub" 2>/dev/null || break
        sleep 0.2
    done
    local port answer
    port=$(sed -n 's|.*"address":"http://127.0.0.1:\([0-9]*\)".*|\1|p' "$scratch/data/hub.lock" 2>/dev/null || true)
    if ! grep -q '^Ready' "$scratch/out" || [ -z "$port" ]; then
        cat "$scratch/out" "$scratch/err" >&2
        fail "The program did not start."
    fi
    local body='{"service":"R"}'
    exec 3<>"/dev/tcp/127.0.0.1/$port"
    printf 'POST /api/tickets HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nContent-Type: application/json\r\nContent-Length: %s\r\nConnection: close\r\n\r\n%s' \
        "$port" "${#body}" "$body" >&3
    answer=$(cat <&3)
    exec 3>&-
    case $answer in "HTTP/1.1 201"*'"number":"'*) ;; *) fail "No ticket: $answer" ;; esac
    say "The program started and issued $(sed -n 's|.*"number":"\([^"]*\)".*|\1|p' <<<"$answer")."
    kill "$hub"
    wait "$hub" || fail "The program did not end well."
    hub=""
    "${run[@]}" "$program" check --json --data "$scratch/data" | grep -q '"tickets":1,"problems":\[\]' ||
        fail "The ledger does not have that ticket."
    say "The ledger has it, and is sound."
}

if [ "${2:-}" != --untested ]; then
    say "== the tests of hardware and of the line, as the Pi would run them"
    cargo test --locked --target $triple -p nowserving-hardware
    cargo test --locked --target $triple --no-default-features --lib queue::
    say "== the program, without a display"
    issues_a_ticket
fi
file=${program#"$root"/}
glibc=$(grep -ao 'GLIBC_2\.[0-9]*' "$program" | sort -uV | tail -1 | cut -d_ -f2)
echo "$file: $(size "$program"); with its symbols: $(size "$whole"). It needs glibc $glibc or newer."
