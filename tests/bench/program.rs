//! The program itself: how long it takes from the command to the first page, what it weighs, and what it needs while
//! nobody asks anything of it. Measured on the release binary beside this one, with a private PostgreSQL of its own.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use queue::Wake;

use crate::harness::{Bench, Figure, Sample, Target, Trouble};
use crate::server::{self, Server};

/// Longer than any start that is still worth a figure.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often the port is tried: far below what is measured.
const LOOK: Duration = Duration::from_millis(5);
/// After this the first statements, caches and connections are behind it.
const SETTLE: Duration = Duration::from_secs(10);

pub(crate) const BENCHES: &[Bench] = &[Bench {
    name: "program",
    figures: &[
        Figure {
            name: "program: first start, empty directory to first page",
            unit: "s",
            target: Target::Told,
        },
        Figure { name: "program: warm start to first page", unit: "s", target: Target::AtMost(3.0) },
        Figure {
            name: "program: resident memory idle, without PostgreSQL",
            unit: "MB",
            target: Target::AtMost(60.0),
        },
        Figure { name: "program: size of the binary", unit: "MB", target: Target::Told },
    ],
    measure,
}];

fn measure(_server: &Server) -> Result<Vec<Sample>, Trouble> {
    let binary = binary()?;
    let home = tempfile::Builder::new().prefix("yui-bench-program-").tempdir()?;
    server::open_to_server(home.path())?;
    let data = home.path().join("data");
    let (first, cold) = Started::until_first_page(&binary, &data)?;
    first.stop()?;
    let (second, warm) = Started::until_first_page(&binary, &data)?;
    Wake::default().wait(SETTLE);
    let resident = second.resident_megabytes()?;
    second.stop()?;
    let bytes = std::fs::metadata(&binary)?.len();
    Ok(vec![Sample::of(cold), Sample::of(warm), Sample::of(resident), Sample::of(megabytes(bytes))])
}

/// `make bench` builds both into one directory.
pub(crate) fn binary() -> Result<PathBuf, Trouble> {
    let path = std::env::current_exe()?.with_file_name("yui");
    if path.is_file() {
        Ok(path)
    } else {
        Err(format!("{} is missing: run make build", path.display()).into())
    }
}

/// A running `yui up`. Dropped without `stop`, it is asked to end all the same.
pub(crate) struct Started {
    process: Child,
    /// Where it answers, on this machine alone.
    pub(crate) port: u16,
}

impl Started {
    /// Starts it; returns it and the seconds until the first page had come whole.
    pub(crate) fn until_first_page(binary: &Path, data: &Path) -> Result<(Self, f64), Trouble> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let began = Instant::now();
        let process = Command::new(binary)
            .arg("--data")
            .arg(data)
            .args(["--listen", &format!("127.0.0.1:{port}"), "up"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut started = Self { process, port };
        while began.elapsed() < PATIENCE {
            if first_page(port).is_some() {
                return Ok((started, began.elapsed().as_secs_f64()));
            }
            if let Some(status) = started.process.try_wait()? {
                return Err(format!("yui up ended by itself: {status}").into());
            }
            Wake::default().wait(LOOK);
        }
        Err("yui up shows no page within two minutes".into())
    }

    /// What the kernel says that the process holds of memory now, in MB of 1,000,000 bytes.
    fn resident_megabytes(&self) -> Result<f64, Trouble> {
        let status =
            Command::new("ps").args(["-o", "rss=", "-p", &self.process.id().to_string()]).output()?;
        let kibibytes: u64 = String::from_utf8(status.stdout)?.trim().parse()?;
        Ok(megabytes(kibibytes * 1024))
    }

    pub(crate) fn stop(mut self) -> Result<(), Trouble> {
        self.interrupt();
        let status = self.process.wait()?;
        if status.success() { Ok(()) } else { Err(format!("yui up ended badly: {status}").into()) }
    }

    fn interrupt(&self) {
        let _gone_already = Command::new("kill").args(["-INT", &self.process.id().to_string()]).status();
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(None)) {
            self.interrupt();
            let _ended = self.process.wait();
        }
    }
}

/// The first page that a stranger gets, or nothing while there is none.
fn first_page(port: u16) -> Option<()> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.write_all(b"GET /setup HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    answer.starts_with(b"HTTP/1.1 200").then_some(())
}

#[expect(clippy::cast_precision_loss, reason = "bytes of one program")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1_000_000.0
}
