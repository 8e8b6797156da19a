//! The real program, its real GPIO code and a real kernel: lines of the kernel's GPIO simulator are pressed, and the ledger must
//! hold what was meant.
//!
//! The kernel is a User-Mode Linux, an ordinary program that boots in a second or two (`kernel.sh` builds it). `guest.sh` is what
//! happens inside. Where there is no such kernel the test is skipped and says so.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Three wired buttons. Every press counts, so that too many and too few both show.
const SETTINGS: &str = "
[branch]
clock = 'vouched'
[printer]
kind = 'none'
[buttons]
keys = false
[[service]]
id = 'R'
name = 'Returns'
[[service]]
id = 'P'
name = 'Pick-up'
[[service]]
id = 'Q'
name = 'Questions'
[[desk]]
id = '1'
[[button]]
name = 'Returns'
service = 'R'
pin = 17
lamp = 18
lockout = '0 s'
[[button]]
name = 'Pick-up'
service = 'P'
pin = 27
lockout = '0 s'
most_per_minute = 600
[[button]]
name = 'Questions'
service = 'Q'
pin = 22
lockout = '0 s'
";

/// The line of the lamp beside `Returns`.
const LAMP: usize = 18;

/// The whole guest takes less than a minute; a machine that is busy gets more.
const PATIENCE: Duration = Duration::from_secs(300);

fn here() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gpio")
}

/// The kernel, if one has been built.
fn kernel() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("NOWSERVING_GPIO_KERNEL").filter(|path| !path.is_empty()) {
        return Some(path.into()).filter(|path: &PathBuf| path.exists());
    }
    let found = Command::new(here().join("kernel.sh")).arg("--find").stderr(Stdio::null()).output().ok()?;
    let path = String::from_utf8(found.stdout).ok()?;
    found.status.success().then(|| path.trim().into())
}

/// Ends the guest, whatever becomes of the test.
struct Guest(Child);

impl Drop for Guest {
    fn drop(&mut self) {
        // it has ended already, if all went well
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Boots the kernel with `guest.sh` and waits for its end: what it said.
fn boot(kernel: &Path, folder: &Path) -> String {
    let console = folder.join("console");
    let output = std::fs::File::create(&console).unwrap();
    let child = Command::new(kernel)
        .args(["mem=256M", "root=none", "rootfstype=hostfs", "rw", "quiet", "con=null", "con0=null,fd:2", "panic=1"])
        // time goes on only while everybody in the guest waits: however slow this machine is, a spike stays a spike
        .arg("time-travel=inf-cpu")
        .arg(format!("init={}", here().join("guest.sh").display()))
        .arg(format!("PROGRAM={}", env!("CARGO_BIN_EXE_nowserving")))
        .arg(format!("FOLDER={}", folder.display()))
        .stdin(Stdio::null())
        .stdout(output.try_clone().unwrap())
        .stderr(output)
        .spawn();
    let mut guest = match child {
        Ok(child) => Guest(child),
        Err(error) => return format!("it cannot be started: {error}"),
    };
    let mut waited = Duration::ZERO;
    let said = || String::from_utf8_lossy(&std::fs::read(&console).unwrap()).replace('\r', "");
    while guest.0.try_wait().unwrap().is_none() {
        assert!(waited < PATIENCE, "the guest does not end:\n{}", said());
        std::thread::sleep(Duration::from_millis(100));
        waited += Duration::from_millis(100);
    }
    said()
}

/// How many tickets of a service the ledger holds, and how many of these came from a button.
fn tickets(folder: &Path, service: &str) -> (u32, u32) {
    let ledger = rusqlite::Connection::open(nowserving::ledger::path_in(&folder.join("data"))).unwrap();
    let count = |more: &str| {
        let question =
            format!("select count(*) from events where body ->> '$.event' = 'issued' and body ->> '$.service' = ?1 {more}");
        ledger.query_row(&question, [service], |row| row.get(0)).unwrap()
    };
    (count(""), count("and actor like 'device:button %'"))
}

/// What the GPIO function of a line is set to in the registers (GPFSEL, three bits each, ten lines a word): 0 input, 1 output.
fn function(registers: &[u8], line: usize) -> u32 {
    let word = registers[line / 10 * 4..][..4].try_into().unwrap();
    (u32::from_le_bytes(word) >> (line % 10 * 3)) & 7
}

#[test]
fn presses_at_a_real_kernels_lines_become_tickets_in_the_ledger() {
    let name = "presses_at_a_real_kernels_lines_become_tickets_in_the_ledger";
    let Some(kernel) = kernel() else {
        println!("SKIPPED {name}: no kernel with simulated GPIO lines; tests/gpio/kernel.sh builds one");
        return;
    };
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let folder = folder.path();
    std::fs::create_dir(folder.join("data")).unwrap();
    std::fs::write(folder.join("nowserving.toml"), SETTINGS).unwrap();
    let said = boot(&kernel, folder);
    if !said.contains("guest: up") {
        println!("SKIPPED {name}: the kernel {} does not boot here: {said}", kernel.display());
        return;
    }
    let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    let all = format!("the guest:\n{said}\nthe program's log:\n{log}");
    assert!(said.contains("guest: done") && said.contains("the program ended with 0"), "{all}");

    // a press that bounced, and one that stuck; nothing of the spikes between
    assert_eq!(tickets(folder, "R"), (2, 2), "{all}");
    assert_eq!(tickets(folder, "P"), (200, 200), "{all}");
    assert_eq!(tickets(folder, "Q"), (1, 1), "{all}");

    let told = |part: &str| log.lines().filter(|line| line.contains(part)).count();
    assert_eq!(
        told(
            "The button Questions does not work. Customers can use the kiosk. Tell whoever looks after this program: GPIO 22 is busy"
        ),
        1,
        "{all}"
    );
    assert_eq!(told("Button Returns: The button is held down or stuck."), 1, "{all}");
    assert_eq!(told("the button works again"), 2, "{all}");

    let registers = std::fs::read(folder.join("registers")).unwrap();
    assert_eq!((function(&registers, 17), function(&registers, LAMP)), (0, 1), "the lamp's line is an output");
}
