//! The disk under the ledger: what it is, room, speed of a sync, health.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::finding::Finding;
use super::place::{Place, name, number, read};
use crate::clock::stopwatch;

/// How often a sync is measured.
const ROUNDS: usize = 30;
/// What is written before each: a page of the ledger's log.
const PAGE: [u8; 4096] = [0x5a; 4096];
/// A number is given out after one sync. Below, nobody feels it; a hundredth of a second more and a button feels slow.
const SLOW: Duration = Duration::from_millis(30);
/// From here on, desks and buttons wait for the disk.
const TOO_SLOW: Duration = Duration::from_millis(150);
/// A single sync of that length is how a worn card announces itself.
const STALL: Duration = Duration::from_millis(1500);
/// Room, in bytes: a busy year of one branch is some hundred megabytes with backups.
const ROOM_LOW: u64 = 1 << 30;
const NO_ROOM: u64 = 100 << 20;

/// One line of `/proc/self/mountinfo`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mount {
    point: PathBuf,
    kind: String,
    device: String,
    options: Vec<String>,
}

impl Mount {
    fn parse(line: &str) -> Option<Self> {
        let (before, after) = line.split_once(" - ")?;
        let mut before = before.split(' ').skip(4);
        let (point, own) = (before.next()?, before.next()?);
        let mut after = after.split(' ');
        let (kind, device, of_all) = (after.next()?, after.next()?, after.next()?);
        let options = own.split(',').chain(of_all.split(',')).map(str::to_owned).collect();
        Some(Self { point: plain(point).into(), kind: kind.into(), device: plain(device), options })
    }

    fn has(&self, option: &str) -> bool {
        self.options.iter().any(|own| own == option)
    }
}

/// Spaces and the like are written as octal numbers there.
fn plain(text: &str) -> String {
    text.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
}

/// Looks at the disk that holds the data folder.
pub(super) fn examine(place: &Place) -> Vec<Finding> {
    let folder = existing(&place.folder);
    let mut found = Vec::new();
    if let Some(mount) = mount_of(place, &folder) {
        found.push(kind(&mount));
        found.extend(health(place, &mount));
    }
    found.extend(room(&folder));
    found.push(speed(&folder, folder == place.folder));
    found
}

/// The folder, or the nearest above it that is there.
fn existing(folder: &Path) -> PathBuf {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    absolute.ancestors().find(|path| path.is_dir()).unwrap_or(Path::new("/")).to_owned()
}

/// The mount that holds a folder: the longest mount point above it, the last of these if one covers another.
fn mount_of(place: &Place, folder: &Path) -> Option<Mount> {
    let text = place.read("/proc/self/mountinfo")?;
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let holds = text.lines().filter_map(Mount::parse).filter(|mount| folder.starts_with(&mount.point));
    holds.max_by_key(|mount| mount.point.as_os_str().len())
}

fn kind(mount: &Mount) -> Finding {
    let Mount { point, kind, device, .. } = mount;
    let what = format!("{} ({kind} on {device})", point.display());
    let elsewhere = "Put the data folder on ext4 on the card or an SSD: --data DIR, NOWSERVING_DATA in the service.";
    let finding = if matches!(kind.as_str(), "tmpfs" | "ramfs") {
        Finding::fail("disk", format!("{what} is memory: a power cut loses every number."), elsewhere)
    } else if kind == "overlay" {
        let what = format!("{what} is an overlay: what is written there is perhaps gone after a restart.");
        Finding::warn(
            "disk",
            what,
            "On a Pi: sudo raspi-config, Performance Options, Overlay File System off; or a data folder on a disk of its own.",
        )
    } else if mount.has("ro") {
        let mend = "If it was writable before, the kernel has found damage: look at `dmesg`, save a backup, replace the card. Else: sudo mount -o remount,rw";
        Finding::fail("disk", format!("{what} is read-only."), mend)
    } else if matches!(kind.as_str(), "vfat" | "exfat" | "msdos" | "ntfs" | "ntfs3" | "fuseblk") {
        Finding::fail("disk", format!("{what} has no journal: a power cut can take the whole ledger."), elsewhere)
    } else if matches!(kind.as_str(), "nfs" | "nfs4" | "cifs" | "smb3" | "9p" | "fuse.sshfs") {
        Finding::fail("disk", format!("{what} is on a network: SQLite's log does not work there."), elsewhere)
    } else if mount.has("nobarrier") || mount.has("barrier=0") || mount.has("data=writeback") {
        let mend = "Take nobarrier, barrier=0 and data=writeback out of /etc/fstab and restart.";
        Finding::fail(
            "disk",
            format!("{what} is mounted without barriers: a power cut loses numbers that were confirmed."),
            mend,
        )
    } else if mount.has("strictatime") {
        let mend = "Put noatime in place of strictatime in /etc/fstab and restart.";
        Finding::warn("disk", format!("{what} writes at every read (strictatime), which wears a card out."), mend)
    } else {
        Finding::ok("disk", format!("{what}."))
    };
    finding.fact("mount", point.display().to_string()).fact("kind", kind.as_str()).fact("options", mount.options.clone())
}

/// What the kernel knows of the health of the device: errors of ext4, and how much of its life an eMMC has used.
fn health(place: &Place, mount: &Mount) -> Vec<Finding> {
    let mut found = Vec::new();
    let part = name(Path::new(&mount.device));
    let errors = place.at("/sys/fs/ext4").join(&part).join("errors_count");
    if let Some(errors) = number::<u64>(&errors) {
        found.push(if errors > 0 {
            let mend = "Save a backup now (nowserving backup), replace the card or disk, and copy the backup there.";
            Finding::fail("disk health", format!("The file system has met {errors} errors."), mend)
        } else {
            Finding::ok("disk health", "The file system has met no error.")
        });
    }
    // mmcblk0p2 is of mmcblk0, nvme0n1p2 of nvme0n1, sda2 of sda
    let digits = part.trim_end_matches(|c: char| c.is_ascii_digit());
    let whole = digits.strip_suffix('p').filter(|whole| whole.ends_with(|c: char| c.is_ascii_digit())).unwrap_or(digits);
    let device = place.at("/sys/block").join(whole).join("device");
    if let Some(life) = read(&device.join("life_time")) {
        found.push(life_time(&life, read(&device.join("pre_eol_info")).as_deref()));
    }
    found
}

/// How much of an eMMC's life is used: `0x01 0x02`, in tenths, for its two kinds of memory (JEDEC eMMC 5.0, EXT_CSD 268 and
/// 269); and how many of its spare blocks (EXT_CSD 267: 1 normal, 2 over 80 %, 3 over 90 %).
fn life_time(text: &str, spare: Option<&str>) -> Finding {
    let hex = |word: &str| u32::from_str_radix(word.trim_start_matches("0x"), 16).ok();
    let used = text.split_whitespace().filter_map(hex).max().unwrap_or(0);
    let spare = spare.and_then(hex).unwrap_or(0);
    let mend = "Save a backup (nowserving backup) and replace the memory before it fails.";
    let finding = match (used, spare) {
        (11.., _) | (_, 3..) => Finding::fail("disk wear", "The memory has reached the end of its life.", mend),
        (8.., _) | (_, 2) => {
            Finding::warn("disk wear", format!("{} % of the memory's life are used.", used.min(10) * 10), mend)
        }
        (0, _) => Finding::ok("disk wear", "The memory does not say how worn it is."),
        _ => Finding::ok("disk wear", format!("At most {} % of the memory's life are used.", used * 10)),
    };
    finding.fact("tenths_used", used)
}

fn room(folder: &Path) -> Option<Finding> {
    let stat = rustix::fs::statvfs(folder).ok()?;
    Some(room_of(stat.f_bavail.saturating_mul(stat.f_frsize), stat.f_blocks.saturating_mul(stat.f_frsize)))
}

fn room_of(free: u64, all: u64) -> Finding {
    let what = format!("{} of {} are free.", size(free), size(all));
    let mend = "Make room: old backups in the data folder's backups/, journalctl --vacuum-size=100M, apt-get clean; or a larger card.";
    let finding = match free {
        ..NO_ROOM => Finding::fail("disk room", format!("{what} Numbers stop when it is full; nothing is lost."), mend),
        NO_ROOM..ROOM_LOW => Finding::warn("disk room", what, mend),
        _ => Finding::ok("disk room", what),
    };
    finding.fact("free_bytes", free).fact("all_bytes", all)
}

fn size(bytes: u64) -> String {
    match bytes >> 20 {
        mib @ 0..10_240 => format!("{mib} MiB"),
        mib => format!("{} GiB", mib >> 10),
    }
}

/// Times what each number costs: a page written and synced, in a file that is gone afterwards.
fn speed(folder: &Path, own: bool) -> Finding {
    match syncs(folder) {
        Ok(mut times) => {
            times.sort();
            let median = times.get(times.len() / 2).copied().unwrap_or_default();
            judge(median, times.last().copied().unwrap_or_default())
        }
        Err(error) if own => {
            let what = format!("This user cannot write to the data folder {}: {error}.", folder.display());
            Finding::fail(
                "disk speed",
                what,
                "Run it as the hub's user (sudo -u nowserving nowserving doctor), or give the folder to this user.",
            )
        }
        Err(_) => Finding::ok("disk speed", "There is no data folder yet, so it was not measured."),
    }
}

fn syncs(folder: &Path) -> std::io::Result<Vec<Duration>> {
    let mut file: File = tempfile::tempfile_in(folder)?;
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let begin = stopwatch();
        file.write_all(&PAGE)?;
        file.sync_data()?;
        times.push(begin.elapsed());
    }
    Ok(times)
}

fn judge(median: Duration, worst: Duration) -> Finding {
    let ms = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1000.0);
    let what = format!("A number is on disk after {} (half of {ROUNDS} tries), {} at worst.", ms(median), ms(worst));
    let mend = "Use a card of an endurance or industrial kind, or an SSD; if this one was quicker before, it is worn: save a backup and replace it.";
    let finding = if median >= TOO_SLOW {
        Finding::fail("disk speed", format!("{what} Buttons and desks wait for that."), mend)
    } else if median >= SLOW || worst >= STALL {
        Finding::warn("disk speed", format!("{what} Up to {} nobody notices.", ms(SLOW)), mend)
    } else {
        Finding::ok("disk speed", what)
    };
    finding.fact("sync_median_us", micros(median)).fact("sync_worst_us", micros(worst))
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Verdict::{Fail, Ok as Well, Warn};

    #[test]
    fn speed_is_judged_by_what_a_person_feels() {
        let ms = Duration::from_millis;
        let verdict = |median, worst| judge(ms(median), ms(worst)).verdict;
        assert_eq!([verdict(2, 40), verdict(30, 40), verdict(12, 1500), verdict(150, 200)], [Well, Warn, Warn, Fail]);
    }

    #[test]
    fn room_and_wear_have_three_grades() {
        assert_eq!([50 << 20, 500 << 20, 5 << 30].map(|free| room_of(free, 1 << 40).verdict), [Fail, Warn, Well]);
        let wear = |life, spare| life_time(life, spare).verdict;
        assert_eq!([wear("0x01 0x02", Some("0x01")), wear("0x09 0x01", None), wear("0x01 0x0b", None)], [Well, Warn, Fail]);
        assert_eq!([wear("0x00 0x00", None), wear("0x02 0x02", Some("0x03"))], [Well, Fail]);
    }

    #[test]
    fn mounts_are_read_with_their_spaces() {
        let line = r"36 35 98:0 / /media/a\040b rw,noatime shared:1 - ext4 /dev/mmcblk0p2 rw,errors=continue";
        let mount = Mount::parse(line).unwrap();
        assert_eq!((mount.point.to_str(), mount.kind.as_str(), mount.has("noatime")), (Some("/media/a b"), "ext4", true));
        assert_eq!(Mount::parse("nonsense"), None);
    }
}
