//! The server as a process: started on one core, asked for its CPU time and memory, stopped.

use std::{
    future::Future,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// The core of the server; everything else runs on the other.
const SERVER_CORE: &str = "0";
const OTHER_CORE: &str = "1";
const MARK: &str = "SSO_CONSOLE_BENCH_PINNED";

/// Runs this program again on the second core, if the machine has `taskset`. True in the parent.
pub(crate) fn repeat_on_second_core() -> bool {
    if std::env::var_os(MARK).is_some() || !has_taskset() {
        return false;
    }
    let Ok(myself) = std::env::current_exe() else {
        return false;
    };
    // As many files as this account may open: some figures take thousands of connections.
    let with_files = "ulimit -n \"$(ulimit -Hn)\"; exec taskset \"$@\"";
    let status = Command::new("sh")
        .args(["-c", with_files, "sh", "-c", OTHER_CORE])
        .arg(myself)
        .args(std::env::args_os().skip(1))
        .env(MARK, "1")
        .status();
    match status {
        Ok(status) if status.success() => true,
        _ => std::process::exit(1),
    }
}

fn has_taskset() -> bool {
    Command::new("taskset")
        .args(["-c", OTHER_CORE, "true"])
        .status()
        .is_ok_and(|status| status.success())
}

/// A folder for the database that goes with the run.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Result<Self, String> {
        let path = std::env::temp_dir().join(format!("sso-console-bench-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(|error| error.to_string())?;
        Ok(Self(path))
    }

    fn database(&self) -> PathBuf {
        self.0.join("bench.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
    output: Option<std::process::ChildStdout>,
}

impl Server {
    /// On an embedded database, on one core.
    pub(crate) fn start(folder: &Folder) -> Result<Self, String> {
        let database = folder.database().display().to_string();
        Self::start_on(&["--database".into(), database], Some(SERVER_CORE))
    }

    /// On a database of its own, with this machine as its proxy: requests name the address that they come from.
    pub(crate) fn start_behind_proxy(folder: &Folder) -> Result<Self, String> {
        let database = folder.0.join("proxied.db").display().to_string();
        let arguments = ["--database", &database, "--trusted-proxies", "127.0.0.1"];
        Self::start_on(&arguments.map(str::to_owned), Some(SERVER_CORE))
    }

    pub(crate) fn start_on(arguments: &[String], core: Option<&str>) -> Result<Self, String> {
        let binary = binary()?;
        let port = free_port()?;
        let mut command = match core {
            Some(core) if has_taskset() => {
                let mut command = Command::new("taskset");
                command.args(["-c", core]).arg(&binary);
                command
            }
            Some(_) | None => Command::new(&binary),
        };
        let mut child = command
            .arg("serve")
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .args(["--public-url", &format!("http://localhost:{port}")])
            .args(arguments)
            .args(["--allow-loopback-issuers", "true"])
            .args(["--sign-ins-per-minute", "100000000", "--log", "warn"])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", Path::new(&binary).display()))?;
        let output = child.stdout.take();
        Ok(Self {
            child,
            port,
            output,
        })
    }

    /// The token of the set-up link that the first start prints.
    pub(crate) fn set_up_token(&mut self) -> Result<String, String> {
        let output = self.output.take().ok_or("the output was read before")?;
        let mut lines = BufReader::new(output).lines();
        let token = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                line.split_once("#token=")
                    .map(|(_, token)| token.to_owned())
            })
            .ok_or("the server printed no set-up link")?;
        // Whatever comes later is read away, so that the server never waits for it.
        std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
        Ok(token)
    }

    pub(crate) async fn until_ready(&mut self) -> Result<(), String> {
        let until = Instant::now() + Duration::from_secs(10);
        while Instant::now() < until {
            if let Ok(mut client) = crate::client::Client::connect(self.port).await
                && client
                    .get("/readyz", "")
                    .await
                    .is_ok_and(|answer| answer.status == 200)
            {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
        Err("the server did not become ready in 10 s".into())
    }

    /// Waits until it has nothing to do by itself any more.
    pub(crate) async fn until_quiet(&self) {
        let mut last = -1.0;
        for _ in 0..600 {
            tokio::time::sleep(Duration::from_millis(500)).await;
            let now = self.cpu();
            if now - last < 5.0 {
                return;
            }
            last = now;
        }
    }

    /// Writes a new encryption key.
    pub(crate) fn make_key(path: &Path) -> Result<(), String> {
        let made = Command::new(binary()?).arg("key").arg(path).output();
        let made = made.map_err(|error| error.to_string())?;
        if made.status.success() {
            Ok(())
        } else {
            Err(String::from_utf8_lossy(&made.stderr).into_owned())
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// CPU time of all its threads since it started, in milliseconds.
    pub(crate) fn cpu(&self) -> f64 {
        let tasks = format!("/proc/{}/task", self.child.id());
        let nanos: f64 = std::fs::read_dir(tasks)
            .into_iter()
            .flatten()
            .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("schedstat")).ok())
            .filter_map(|text| text.split(' ').next()?.parse::<f64>().ok())
            .sum();
        nanos / 1e6
    }

    /// CPU time in milliseconds and wall time that `work` costs.
    pub(crate) async fn spent(
        &self,
        work: impl Future<Output = Result<(), String>>,
    ) -> Result<(f64, Duration), String> {
        let (cpu, wall) = (self.cpu(), Instant::now());
        work.await?;
        Ok((self.cpu() - cpu, wall.elapsed()))
    }

    /// Proportional set size, in megabytes of a million bytes.
    pub(crate) fn pss(&self) -> Result<f64, String> {
        let path = format!("/proc/{}/smaps_rollup", self.child.id());
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        text.lines()
            .find_map(|line| line.strip_prefix("Pss:"))
            .and_then(|rest| rest.trim().split(' ').next()?.parse::<f64>().ok())
            .map(|kib| kib * 1024.0 / 1e6)
            .ok_or_else(|| format!("{path} has no Pss"))
    }

    pub(crate) async fn stop(mut self) -> Result<(), String> {
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status();
        asked.map_err(|error| error.to_string())?;
        for _ in 0..2_000 {
            if let Ok(Some(_)) = self.child.try_wait() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Err("the server did not stop".into())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn binary() -> Result<std::ffi::OsString, String> {
    std::env::var_os("SSO_CONSOLE_BINARY")
        .ok_or("SSO_CONSOLE_BINARY names no binary: run `cargo xtask bench`".into())
}

pub(crate) fn free_port() -> Result<u16, String> {
    std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|error| error.to_string())
}
