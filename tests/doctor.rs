//! `nowserving doctor`, the real command, on machines that are made up: what is well, what is not, and that each thing that is
//! not has its mend.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]

#[expect(dead_code, reason = "the ledger's tests use all of it")]
mod kit;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use kit::two_days;
use nowserving::clock::Clock;
use nowserving::ledger;
use nowserving::queue::BootId;
use serde_json::Value;

const PROGRAM: &str = env!("CARGO_BIN_EXE_nowserving");
const SCHEMA: &str = include_str!("../docs/reference/doctor.schema.json");

/// A made-up machine and a data folder.
struct Machine {
    root: tempfile::TempDir,
    folder: tempfile::TempDir,
}

impl Machine {
    /// A Raspberry Pi 5 as it should be, with a ledger of two days.
    async fn well() -> Self {
        let machine = Self { root: tempfile::tempdir().unwrap(), folder: two_days().await };
        let now = Clock::System { vouched: true }.now(BootId(1)).wall_ms / 1000;
        for (path, text) in [
            ("proc/device-tree/model", "Raspberry Pi 5 Model B Rev 1.0\0"),
            ("proc/meminfo", "MemTotal:        4045604 kB\nMemFree: 1 kB\nMemAvailable:    3345604 kB\n"),
            ("proc/self/mountinfo", "29 1 179:2 / / rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw\n"),
            ("proc/asound/cards", " 0 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0\n"),
            ("etc/os-release", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n"),
            ("etc/timezone", "Europe/Helsinki\n"),
            ("run/systemd/timesync/synchronized", ""),
            ("sys/class/thermal/thermal_zone0/temp", "48200\n"),
            ("sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled", "0\n"),
            ("sys/class/rtc/rtc0/name", "rpi_rtc soc:rpi_rtc\n"),
            ("sys/class/rtc/rtc0/since_epoch", &format!("{now}\n")),
            ("sys/fs/ext4/mmcblk0p2/errors_count", "0\n"),
            ("sys/block/mmcblk0/device/life_time", "0x01 0x01\n"),
            ("sys/class/drm/card1-HDMI-A-1/status", "connected\n"),
            ("sys/class/drm/card1-HDMI-A-1/modes", "1920x1080\n1280x720\n"),
            ("dev/dri/card1", ""),
            ("dev/gpiochip0", ""),
            ("dev/gpiomem0", ""),
            ("usr/bin/aplay", ""),
            ("usr/bin/espeak-ng", ""),
        ] {
            machine.put(path, text);
        }
        machine.settings("");
        machine
    }

    fn put(&self, path: &str, text: &str) {
        let file = self.root.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    fn remove(&self, path: &str) {
        let path = self.root.path().join(path);
        if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) }.unwrap();
    }

    fn settings(&self, text: &str) {
        std::fs::write(self.folder.path().join("nowserving.toml"), text).unwrap();
    }

    fn doctor(&self, args: &[&str]) -> (i32, String) {
        let mut command = Command::new(PROGRAM);
        command.arg("doctor").arg("--root").arg(self.root.path()).arg("--data").arg(self.folder.path()).args(args);
        for name in ["NOWSERVING_DATA", "NOWSERVING_CONFIG", "DISPLAY", "WAYLAND_DISPLAY"] {
            command.env_remove(name);
        }
        let output = command.stdin(Stdio::null()).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "nothing goes to standard error");
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    }

    /// What it says as JSON, held against the schema; the exit code fits the verdict.
    fn report(&self) -> Value {
        let (code, out) = self.doctor(&["--json"]);
        let report: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"));
        let schema = jsonschema::draft202012::new(&serde_json::from_str(SCHEMA).unwrap()).unwrap();
        let errors: Vec<_> =
            schema.iter_errors(&report).map(|error| format!("{error} at {}", error.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new(), "{report:#}");
        assert_eq!(code, i32::from(report["verdict"] == "fail"), "{report:#}");
        let mut parts = parts(&report);
        parts.retain(|part| part != "settings");
        parts.sort();
        assert!(parts.windows(2).all(|two| two[0] != two[1]), "a part has two findings: {report:#}");
        report
    }
}

/// What depends on where the test runs: its network, its disk.
const ELSEWHERE: [&str; 3] = ["address", "disk room", "disk speed"];

/// What was found that is not well.
fn not_well(report: &Value) -> Vec<(String, String, String)> {
    let text = |finding: &Value, name: &str| finding[name].as_str().unwrap().to_owned();
    let findings = report["findings"].as_array().unwrap().iter();
    let bad =
        findings.filter(|finding| finding["verdict"] != "ok" && !ELSEWHERE.iter().any(|part| finding["part"] == *part));
    bad.map(|finding| (text(finding, "part"), text(finding, "verdict"), text(finding, "what"))).collect()
}

fn parts(report: &Value) -> Vec<String> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["part"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_machine_that_is_well_has_nothing_to_mend() {
    let machine = Machine::well().await;
    let report = machine.report();
    // a build for desktop sessions shows nothing on the bare display that this machine has
    let screens = cfg!(feature = "desktop").then_some("screens");
    let expected: Vec<&str> = std::iter::once("log-in").chain(screens).collect();
    let bad = not_well(&report);
    assert_eq!(bad.iter().map(|(part, _, _)| part.as_str()).collect::<Vec<_>>(), expected, "{bad:?}");
    assert!(bad.iter().all(|(_, verdict, _)| verdict == "warn"), "{bad:?}");
    for part in [
        "settings",
        "board",
        "memory",
        "temperature",
        "supply",
        "clock",
        "battery clock",
        "time zone",
        "disk",
        "disk health",
        "disk wear",
        "disk room",
        "disk speed",
        "ledger",
        "log-in",
        "backup",
        "hub",
        "address",
        "gpio",
        "fonts",
        "screens",
        "sound",
    ] {
        assert!(parts(&report).iter().any(|one| one == part), "{part} was not looked at: {:?}", parts(&report));
    }
}

/// A change of the machine, and what is then said: part, verdict, words.
type Case = (&'static str, fn(&Machine), &'static str, &'static str, &'static str);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("hot", |m| m.put("sys/class/thermal/thermal_zone0/temp", "83100\n"), "temperature", "fail", "83 °C"),
    ("warm", |m| m.put("sys/class/thermal/thermal_zone0/temp", "76000\n"), "temperature", "warn", "76 °C"),
    ("weak now", |m| m.put("sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled", "50005"), "supply", "fail", "right now"),
    ("weak once", |m| m.put("sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled", "50000"), "supply", "warn", "some moment"),
    ("throttled", |m| m.put("sys/devices/platform/soc@107c000000/soc@107c000000:firmware/get_throttled", "e0000"), "supply", "warn", "slow down"),
    ("no memory", |m| m.put("proc/meminfo", "MemTotal: 1000000 kB\nMemAvailable: 60000 kB\n"), "memory", "warn", "58 MiB of 976 MiB"),
    ("no network time", |m| m.remove("run/systemd/timesync/synchronized"), "clock", "warn", "not been set from the network"),
    ("vouched without a battery", |m| { m.settings("[branch]\nclock = 'vouched'"); m.remove("run/systemd"); m.remove("sys/class/rtc"); }, "clock", "warn", "no battery clock is here"),
    ("no battery", |m| { m.remove("run/systemd"); m.remove("sys/class/rtc"); }, "battery clock", "warn", "after a power cut"),
    ("battery wrong", |m| m.put("sys/class/rtc/rtc0/since_epoch", "946684800"), "battery clock", "warn", "2000-01-01 00:00 UTC"),
    ("hours in UTC", |m| { m.settings("[hours]\nmonday = ['09:00-18:00']"); m.put("etc/timezone", "Etc/UTC"); }, "time zone", "warn", "Etc/UTC"),
    ("tmpfs", |m| m.put("proc/self/mountinfo", "29 1 0:1 / / rw - tmpfs tmpfs rw"), "disk", "fail", "is memory"),
    ("overlay", |m| m.put("proc/self/mountinfo", "29 1 0:1 / / rw - overlay overlay rw"), "disk", "warn", "overlay"),
    ("read-only", |m| m.put("proc/self/mountinfo", "29 1 179:2 / / ro - ext4 /dev/mmcblk0p2 ro"), "disk", "fail", "read-only"),
    ("vfat", |m| m.put("proc/self/mountinfo", "29 1 179:2 / / rw - vfat /dev/sda1 rw"), "disk", "fail", "no journal"),
    ("network disk", |m| m.put("proc/self/mountinfo", "29 1 0:9 / / rw - nfs4 server:/x rw"), "disk", "fail", "on a network"),
    ("no barriers", |m| m.put("proc/self/mountinfo", "29 1 179:2 / / rw - ext4 /dev/mmcblk0p2 rw,nobarrier"), "disk", "fail", "barriers"),
    ("atime", |m| m.put("proc/self/mountinfo", "29 1 179:2 / / rw,strictatime - ext4 /dev/mmcblk0p2 rw"), "disk", "warn", "strictatime"),
    ("errors", |m| m.put("sys/fs/ext4/mmcblk0p2/errors_count", "3"), "disk health", "fail", "3 errors"),
    ("worn", |m| m.put("sys/block/mmcblk0/device/life_time", "0x0b 0x01"), "disk wear", "fail", "end of its life"),
    ("no sound card", |m| m.put("proc/asound/cards", "--- no soundcards ---\n"), "sound", "warn", "no sound card"),
    ("no player", |m| m.remove("usr/bin/aplay"), "sound", "warn", "aplay"),
    ("no engine", |m| m.remove("usr/bin/espeak-ng"), "sound", "warn", "espeak-ng"),
    ("a name that no font has", |m| m.settings("[branch]\nname = 'Desk \u{1F600}'"), "fonts", "warn", "\u{1F600}"),
    ("no printer there", |m| m.settings("[printer]\nkind = 'tcp'\naddress = '127.0.0.1:1'"), "printer", "fail", "127.0.0.1:1"),
    ("no lines", |m| m.remove("dev/gpiochip0"), "gpio", "fail", "/dev/gpiochip0"),
    ("no registers", |m| m.remove("dev/gpiomem0"), "gpio", "fail", "/dev/gpiomem"),
    ("a typo", |m| m.settings("[web]\nlistn = '0.0.0.0:8080'"), "settings", "fail", "nowserving.toml:2:1"),
    ("no ledger", |m| std::fs::remove_file(ledger::path_in(m.folder.path())).unwrap(), "ledger", "warn", "no ledger"),
    ("a hole in the ledger", |m| { kit::vandal(&ledger::path_in(m.folder.path())).execute("delete from events where seq = 20", []).unwrap(); }, "ledger", "fail", "event 20 is missing"),
    ("not a ledger", |m| std::fs::write(ledger::path_in(m.folder.path()), "x".repeat(5000)).unwrap(), "ledger", "fail", "is not a nowserving ledger"),
    ("an old backup", |m| { let file = m.folder.path().join("backups/a.db"); std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::File::create(file).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap(); }, "backup", "warn", "days old"),
    ("an ended certificate", |m| { m.settings("[web]\nlisten_tls = '0.0.0.0:8443'"); std::fs::write(m.folder.path().join("tls.crt"), "x").unwrap(); }, "certificate", "fail", "cannot be read"),
];

#[tokio::test]
async fn each_thing_that_is_wrong_is_told_with_its_mend() {
    for (name, change, part, verdict, words) in CASES {
        let machine = Machine::well().await;
        change(&machine);
        let report = machine.report();
        let told = not_well(&report);
        let found = told.iter().any(|(of, how, what)| of == part && how == verdict && what.contains(words));
        assert!(found, "{name}: {told:#?}");
        for finding in report["findings"].as_array().unwrap().iter().filter(|finding| finding["verdict"] != "ok") {
            let mend = finding["mend"].as_str().unwrap();
            assert!(mend.split(' ').count() >= 4 && mend.chars().next().unwrap().is_ascii_alphabetic(), "{name}: {mend}");
        }
    }
}

#[tokio::test]
async fn another_kind_of_pi_and_a_pc_are_told_apart() {
    let machine = Machine::well().await;
    machine.put("proc/device-tree/model", "Raspberry Pi 4 Model B Rev 1.4\0");
    machine.remove("sys/devices/platform/soc@107c000000");
    machine.put("sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n");
    let told = not_well(&machine.report());
    assert!(told.iter().any(|(part, verdict, _)| part == "supply" && verdict == "fail"), "{told:?}");
    machine.remove("proc/device-tree");
    let report = machine.report();
    let board = &report["findings"].as_array().unwrap().iter().find(|finding| finding["part"] == "board").unwrap()["what"];
    assert!(board.as_str().unwrap().contains("Not a Raspberry Pi"), "{board}");
    assert!(!parts(&report).iter().any(|part| part == "supply"), "a PC's supply is not the Pi's");
}

#[tokio::test]
async fn lines_for_people_and_exit_codes() {
    let machine = Machine::well().await;
    machine.settings("[branch]\npublic_url = 'http://127.0.0.1:8080'");
    let (code, out) = machine.doctor(&[]);
    assert_eq!(code, 1, "a phone takes that address for itself: {out}");
    assert!(
        out.contains("fail  address         QR codes carry http://127.0.0.1:8080, which every phone takes for itself."),
        "{out}"
    );
    assert!(out.lines().filter(|line| line.trim_start().starts_with('→')).count() >= 2, "{out}");
    assert!(out.lines().last().unwrap().contains("to mend"), "{out}");
    assert!(!out.contains('\x1b'), "no colours where nobody sees them");
    // warnings alone are 0, or 1 if so wished; the address is taken out of the settings where there is a network
    machine.settings("");
    let warned = machine.report()["verdict"] == "warn";
    assert_eq!(machine.doctor(&["--strict"]).0, 1);
    assert_eq!(machine.doctor(&[]).0, i32::from(!warned));
    let wrong = Command::new(PROGRAM).args(["doctor", "--jsn"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
}

#[tokio::test]
async fn a_test_ticket_is_printed_where_it_is_asked_for() {
    let machine = Machine::well().await;
    machine.settings("[[button]]\nname = 'Returns'\nservice = 'R'\npin = 5\nlamp = 25\n[branch]\nlanguages = ['en', 'de']");
    let prints = machine.folder.path().join("prints");
    let (_, out) = machine.doctor(&[]);
    let there = || prints.read_dir().is_ok_and(|mut files| files.next().is_some());
    assert!(!out.contains("test ticket") && !there(), "{out}");
    assert!(out.contains("its lines were not tried") && out.contains("languages in use is here: en, de."), "{out}");
    let (_, out) = machine.doctor(&["--print-test"]);
    assert!(out.contains("ok    test ticket     A test was printed"), "{out}");
    assert!(prints.join("doctor-test.png").exists());
}

#[tokio::test]
async fn nothing_is_said_of_what_broken_settings_leave_open() {
    let machine = Machine::well().await;
    machine.settings("[web]\nlistn = '0.0.0.0:8080'\n[printer]\nkind = 'none'");
    machine.put("etc/timezone", "Etc/UTC");
    machine.remove("run/systemd/timesync/synchronized");
    let report = machine.report();
    let findings = report["findings"].as_array().unwrap();
    for part in ["address", "certificate", "buttons", "lamps", "printer", "fonts", "sound", "voice", "clock", "time zone"] {
        let of: Vec<_> = findings.iter().filter(|finding| finding["part"] == part).collect();
        let what = of.first().unwrap_or_else(|| panic!("{part}"))["what"].as_str().unwrap();
        assert!(what.to_lowercase().contains("not looked at: ") && what.ends_with("cannot be used."), "{part}: {what}");
        assert_eq!((of.len(), &of[0]["verdict"]), (1, &"warn".into()), "{part}");
    }
    let (_, out) = machine.doctor(&["--print-test"]);
    assert!(out.contains("fail  settings") && out.contains("Not looked at: the settings cannot be used."), "{out}");
    assert!(!machine.folder.path().join("prints").exists());
}

/// Every file and folder below, with what is in it.
fn tree(folder: &Path) -> Vec<(PathBuf, Option<Vec<u8>>)> {
    let mut all = Vec::new();
    for entry in folder.read_dir().into_iter().flatten() {
        let path = entry.unwrap().path();
        let inside = if path.is_dir() { tree(&path) } else { Vec::new() };
        all.push((path.clone(), std::fs::read(&path).ok()));
        all.extend(inside);
    }
    all.sort();
    all
}

#[tokio::test]
async fn a_look_leaves_everything_as_it_was() {
    let machine = Machine::well().await;
    machine.settings("[printer]\nkind = 'picture'");
    let both = || (tree(machine.root.path()), tree(machine.folder.path()));
    let before = both();
    let (_, out) = machine.doctor(&[]);
    assert!(out.contains("prints, which will be made at the start"), "{out}");
    assert_eq!(both(), before);
    // nor is a data folder made, not even for a test ticket
    let empty = Machine { root: tempfile::tempdir().unwrap(), folder: tempfile::tempdir().unwrap() };
    assert!(empty.doctor(&[]).1.contains("which will be made at the start"));
    assert_eq!((tree(empty.root.path()), tree(empty.folder.path())), (Vec::new(), Vec::new()));
    std::fs::remove_dir(empty.folder.path()).unwrap();
    for args in [&[][..], &["--print-test"]] {
        let (_, out) = empty.doctor(args);
        assert!(out.contains("which will be made at the start"), "{out}");
        assert_eq!(out.contains("fail  test ticket"), !args.is_empty(), "{out}");
        assert!(!empty.folder.path().exists(), "the doctor made the data folder: {out}");
    }
    std::fs::create_dir(empty.folder.path()).unwrap();
    std::fs::write(empty.folder.path().join("prints"), "").unwrap();
    assert!(empty.doctor(&[]).1.contains("which is no folder"));
}

/// A running hub, ended with the test.
struct Hub(Child);

impl Hub {
    fn start(folder: &Path) -> Self {
        let settings = folder.join("nowserving.toml");
        std::fs::write(&settings, "[printer]\nkind = 'none'\n").unwrap();
        let mut command = Command::new(PROGRAM);
        command.args(["run", "--headless", "--silent", "--listen", "127.0.0.1:0"]).env("NOWSERVING_DATA", folder);
        command.env("NOWSERVING_CONFIG", settings).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.map_while(Result::ok).any(|line| line.starts_with("Ready")), "the hub did not start");
        Self(child)
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

#[tokio::test]
async fn a_running_hub_is_asked_and_goes_on_undisturbed() {
    let machine = Machine::well().await;
    let hub = Hub::start(machine.folder.path());
    let before = entries(machine.folder.path());
    let report = machine.report();
    let findings = report["findings"].as_array().unwrap();
    let told =
        |part: &str| findings.iter().find(|finding| finding["part"] == part).unwrap_or_else(|| panic!("{part}: {report:#}"));
    assert_eq!((&told("hub")["verdict"], &told("hub")["facts"]["running"]), (&"ok".into(), &true.into()));
    assert_eq!(told("ledger")["verdict"], "ok", "the ledger is checked beside the hub");
    assert!(told("log-in")["what"].as_str().unwrap().contains("one-time code"), "{}", told("log-in"));
    // it listens on 127.0.0.1 only: its code leads a phone to itself, and nobody else has reached it
    assert_eq!(told("address")["verdict"], "fail");
    assert_eq!(told("answer")["verdict"], "ok");
    assert_eq!((&told("outside")["verdict"], &told("outside")["facts"]["heard"]), (&"warn".into(), &false.into()));
    assert_eq!(entries(machine.folder.path()), before, "it leaves nothing in the data folder");
    drop(hub);
    let after = machine.report();
    let hub = after["findings"].as_array().unwrap().iter().find(|finding| finding["part"] == "hub").unwrap();
    assert_eq!(hub["facts"]["running"], false);
}
