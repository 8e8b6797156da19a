#!/bin/sh
# The first and only process of the guest: makes a Raspberry Pi's lines of the GPIO simulator, starts the real program on them,
# and presses. The kernel's command line gives PROGRAM and FOLDER; tests/gpio/main.rs reads what came of it in FOLDER.
#
# rppal recognises a Pi 3B by /proc/cpuinfo, finds the chip by its label, and maps /dev/gpiomem, which is a file here: outputs and
# levels go no further than that file, edges come from the kernel.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t configfs cfg /sys/kernel/config
mount -t debugfs debug /sys/kernel/debug
mount -t tmpfs run /mnt

off() {
    sync
    echo "guest: $1"
    echo o >/proc/sysrq-trigger
    sleep 60
}

sim=/sys/kernel/config/gpio-sim/pi
mkdir -p $sim/bank0
echo pinctrl-bcm2835 >$sim/bank0/label
echo 54 >$sim/bank0/num_lines
echo 1 >$sim/live
chip=$(echo /sys/devices/platform/gpio-sim.*/gpiochip*)
[ -d "$chip/sim_gpio17" ] || off "no simulated lines"
printf 'processor\t: 0\nHardware\t: BCM2835\nRevision\t: a02082\n' >/mnt/cpuinfo
mount --bind /mnt/cpuinfo /proc/cpuinfo
# every line is high, as pulled up (the register GPLEV0 at 0x34)
{ head -c 52 /dev/zero; printf '\377\377\377\377\377\377\377\377'; head -c 4036 /dev/zero; } >/dev/gpiomem

low() { echo pull-down >"$chip/sim_gpio$1/pull"; }
high() { echo pull-up >"$chip/sim_gpio$1/pull"; }
spike() { low "$1"; high "$1"; }
for line in 17 22 27; do high $line; done

# another user of a line
export_22=$(cat /sys/class/gpio/gpiochip*/base | head -n 1)
export_22=$((export_22 + 22))
echo $export_22 >/sys/class/gpio/export

press() { # line, seconds held, seconds of rest
    low "$1"; high "$1"; low "$1"; high "$1"; low "$1"
    sleep "$2"
    high "$1"; low "$1"; high "$1"; low "$1"; high "$1"
    sleep "$3"
}

# Waits up to half a minute until a command succeeds.
until_so() {
    n=0
    until "$@" >/dev/null 2>&1; do
        n=$((n + 1))
        [ $n -lt 300 ] || off "gave up waiting for: $*"
        sleep 0.1
    done
}

taken() { grep -q "gpio-[0-9]* *(.*RPPAL" /sys/kernel/debug/gpio && [ "$(grep -c RPPAL /sys/kernel/debug/gpio)" -ge "$1" ]; }

echo "guest: up, $(uname -sr)"
"$PROGRAM" run --headless --config "$FOLDER/nowserving.toml" --data "$FOLDER/data" --listen 0.0.0.0:8080 \
    </dev/null >"$FOLDER/out" 2>"$FOLDER/log" &
program=$!
until_so grep -q '^Ready' "$FOLDER/out"
until_so taken 2

echo "guest: one press that bounces"
press 17 0.2 0.3
cp /dev/gpiomem "$FOLDER/registers"

echo "guest: a storm of spikes, and nobody"
n=0
while [ $n -lt 60 ]; do
    spike 17
    [ $((n % 6)) != 0 ] || sleep 0.07
    n=$((n + 1))
done
sleep 0.3

echo "guest: two hundred presses with noise"
n=0
while [ $n -lt 200 ]; do
    spike 27
    press 27 0.07 0.07
    spike 27
    sleep 0.07
    n=$((n + 1))
done

echo "guest: a button that sticks"
low 17
sleep 10.5
high 17
sleep 0.3

echo "guest: the busy line is let go"
echo $export_22 >/sys/class/gpio/unexport
until_so taken 3
press 22 0.1 0.3

kill -TERM $program
wait $program
echo "guest: the program ended with $?"
off "done"
