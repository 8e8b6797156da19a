//! `emupos`, a receipt printer that others wrote (a Python package): started on free ports, its faults set through its API.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running simulator with one printer, on TCP and on a serial line.
pub(crate) struct Emupos {
    process: Child,
    api: u16,
    /// The port of the printer.
    pub(crate) tcp: u16,
    folder: tempfile::TempDir,
}

/// Says so on a line of its own, past what the test harness keeps back of tests that pass.
pub(crate) fn skipped(what: &str) {
    let _ = writeln!(std::io::stderr(), "\nSKIPPED {what}");
}

/// Where it is installed: `$EMUPOS`, or where `./dev test` puts it.
fn program() -> Option<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().take(2).map(|root| root.join("target"));
    let named = std::env::var_os("EMUPOS").map(PathBuf::from);
    let installed = target.into_iter().chain(beside).map(|target| target.join("emupos/bin/emupos"));
    named.into_iter().chain(installed).find(|path| path.exists())
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Emupos {
    /// Starts it with a head of `dots` dots. `None`, after saying so on a line, where it is not installed.
    pub(crate) fn start(test: &str, dots: u32) -> Option<Self> {
        let Some(program) = program() else {
            skipped(&format!("{test}: emupos is not installed; ./dev test does that where there is a Python from 3.13 on"));
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let (api, tcp) = (free_port(), free_port());
        let profile = format!(
            "type: printer\nname: ours\ndpi: 203\nwidth_dots: {dots}\nfont_a: {{ width: 12, height: 24 }}\n\
             font_b: {{ width: 9, height: 17 }}\ncode_pages: {{ 0: PC437 }}\ndefault_code_page: 0\n\
             drawer_sensor_open_level: high\nserial: {{ baud: 38400, data_bits: 8, parity: none, stop_bits: 1 }}\n"
        );
        std::fs::write(folder.path().join("ours.yaml"), profile).unwrap();
        let config = format!(
            "schema: 1\napi: {{ host: 127.0.0.1, port: {api} }}\ndevices:\n  - id: front\n    type: printer\n    \
             profile: ./ours.yaml\n    receipts_dir: ./receipts\n    connections:\n      - tcp: {{ port: {tcp} }}\n      \
             - serial: {{ pty: true }}\n"
        );
        std::fs::write(folder.path().join("emupos.yaml"), config).unwrap();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let process = Command::new(program)
            .args(["run", "--config", "emupos.yaml"])
            .current_dir(folder.path())
            .env("TMPDIR", folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut simulator = Self { process, api, tcp, folder };
        for _ in 0..600 {
            if simulator.request("GET", "/api/v1/devices").is_some_and(|answer| answer.contains("front")) {
                return Some(simulator);
            }
            assert!(simulator.process.try_wait().unwrap().is_none(), "{}", simulator.log());
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("emupos does not come up: {}", simulator.log());
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn request(&self, method: &str, path: &str) -> Option<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.api)).ok()?;
        let request = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.api);
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        Some(String::from_utf8_lossy(&answer).into_owned())
    }

    /// Where its serial line is.
    pub(crate) fn serial(&self) -> PathBuf {
        self.folder.path().join("emupos/front")
    }

    /// Sets one of its faults, or takes it away.
    pub(crate) fn fault(&self, fault: &str, active: bool) {
        let method = if active { "PUT" } else { "DELETE" };
        let answer = self.request(method, &format!("/api/v1/devices/front/faults/{fault}")).unwrap();
        assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    }

    /// The pictures of the papers it has put out, oldest first.
    pub(crate) fn papers(&self) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(self.folder.path().join("receipts")) else { return Vec::new() };
        let is_picture =
            |path: &PathBuf| path.extension().is_some_and(|ending| ending == "png") && path.with_extension("json").exists();
        let mut papers: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(is_picture).collect();
        papers.sort();
        papers
    }
}

impl Drop for Emupos {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
