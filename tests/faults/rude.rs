//! Clients that do not behave, and a stop while others are there.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use crate::program::{Program, folder};

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
    let folder = folder();
    let program = Program::start(folder.path());
    let address = program.url.strip_prefix("http://").unwrap().to_owned();
    let connect = || TcpStream::connect(&address).unwrap();
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
