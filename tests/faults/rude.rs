//! Clients that do not behave, and a stop while others are there.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use crate::limit::usual;
use crate::program::{Program, command, folder};

/// A connection on which nothing waits for ever.
fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(30))).unwrap();
    stream
}

/// Whether the other end has closed the connection.
fn is_closed(mut stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let mut buffer = [0; 512];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return true,
            // an answer such as 408 before the end
            Ok(_) => {}
            Err(error) => return error.kind() != ErrorKind::WouldBlock,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sockets_that_say_nothing_are_closed_and_nobody_waits_for_them() {
    let _limit = usual();
    let folder = folder();
    let program = Program::start(folder.path());
    let address = program.url.strip_prefix("http://").unwrap().to_owned();
    let connect = || connect(&address);
    let silent: Vec<_> = (0..50).map(|_| connect()).collect();
    let dribbling: Vec<_> = (0..50).map(|_| connect()).collect();
    // a body that never comes whole is no better than a head that does not
    let bodies: Vec<_> = (0..10).map(|_| connect()).collect();
    for mut body in &bodies {
        let head = "POST /api/tickets HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{";
        body.write_all(head.as_bytes()).unwrap();
    }
    let head = b"GET /api/view HTTP/1.1\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let caller = program.caller();
    let mut open = usize::MAX;
    for second in 0..15 {
        for mut stream in &dribbling {
            // fails once it is closed, which is the aim
            let _ = stream.write_all(&head[second..=second]);
        }
        for mut stream in &bodies {
            let _ = stream.write_all(b" ");
        }
        let issued = tokio::time::timeout(Duration::from_secs(5), caller.issue("R")).await;
        assert_eq!(issued.expect("a number is given at once").unwrap().0, 201);
        tokio::time::sleep(Duration::from_secs(1)).await;
        open = silent.iter().chain(&dribbling).chain(&bodies).filter(|stream| !is_closed(stream)).count();
        if open == 0 {
            break;
        }
    }
    assert_eq!(open, 0, "connections are still open");
}

#[tokio::test]
async fn a_stop_is_quick_and_clean_with_somebody_on_the_feed() {
    let _limit = usual();
    let folder = folder();
    let mut program = Program::start(folder.path());
    let caller = program.caller();
    caller.issue("R").await.unwrap();
    let mut feed = reqwest::get(format!("{}/feed", program.url)).await.unwrap();
    assert!(feed.chunk().await.unwrap().is_some());
    let pid = program.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    let ended = tokio::time::timeout(Duration::from_secs(5), async {
        // the stream ends, then the process
        while let Ok(Some(_)) = feed.chunk().await {}
        loop {
            if let Some(status) = program.child.try_wait().unwrap() {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    assert!(ended.await.expect("the program ends within five seconds").success());
    let program = Program::start(folder.path());
    assert_eq!(program.caller().get("/api/view").await.unwrap().1["waits"]["R"]["waiting"], 1);
}

#[tokio::test]
async fn headers_that_are_too_long_are_told_so() {
    let _limit = usual();
    let folder = folder();
    let program = Program::start(folder.path());
    let address = program.url.strip_prefix("http://").unwrap();
    for length in [9_000, 100_000] {
        let mut stream = connect(address);
        let long = "a".repeat(length);
        // the hub may stop reading before all is written
        let _ = stream.write_all(format!("GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: {long}\r\n\r\n").as_bytes());
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 431 "), "{length}: {answer:?}");
    }
}

/// The address under which other machines reach this one. No packet is sent.
fn outer_address() -> Option<std::net::IpAddr> {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|ip| !ip.is_unspecified() && !ip.is_loopback())
}

#[tokio::test]
async fn an_address_with_too_many_connections_is_told_so_and_others_go_on() {
    let _limit = usual();
    let folder = folder();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let public = format!("[branch]\npublic_url = 'http://127.0.0.1:{port}'\n");
    let settings = format!("{public}[web]\nlisten = '0.0.0.0:{port}'\nmax_connections_per_address = 16\n");
    std::fs::write(folder.path().join("nowserving.toml"), settings).unwrap();
    let Some(address) = outer_address() else {
        eprintln!("this machine has no address but its own: this test is left out");
        return;
    };
    let mut command = command(&["run", "--headless", "--data", folder.path().to_str().unwrap()]);
    command.stdin(std::process::Stdio::null());
    let program = Program::spawn(folder.path(), command);
    let outside = format!("{address}:{port}");
    let held: Vec<_> = (0..16).map(|_| connect(&outside)).collect();
    // whether or not its request has come by then, a client is told
    for request in ["", "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"].into_iter().cycle().take(40) {
        let mut stream = connect(&outside);
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 429 ") && answer.ends_with("try again.\n"), "{request:?}: {answer:?}");
    }
    assert_eq!(program.caller().get("/api/view").await.unwrap().0, 200);
    drop(held);
    for _ in 0..100 {
        let mut stream = connect(&outside);
        stream.write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer);
        if answer.starts_with("HTTP/1.1 200 ") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("places are not given back");
}
