//! Browsers as processes: one chromedriver for all tests of this process, one Chromium for whoever asks.
//!
//! Nothing outlives the tests: a small shell holds the list of processes, and ends them as soon as its standard input
//! ends, in whatever way the test process did. It must not know what is done in a browser.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    os::unix::process::CommandExt as _,
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use locales::Language;
use serde_json::{Value, json};
use thirtyfour::{Capabilities, WebDriver, session::handle::SessionHandle};

use crate::told;

/// `$1` is the folder of all profiles and databases, the rest is the driver's command.
const WATCH: &str = r#"
folder=$1; shift
"$@" &
driver=$!
browsers=
while read -r verb process; do
    case $verb in
        opened) browsers="$browsers $process" ;;
        closed)
            kept=
            for one in $browsers; do [ "$one" = "$process" ] || kept="$kept $one"; done
            browsers=$kept ;;
    esac
done
kill -9 $driver $browsers 2>/dev/null
# What a browser leaves behind writes on for a moment.
for try in 1 2 3 4 5; do
    rm -rf "$folder" 2>/dev/null
    sleep 1
    [ -e "$folder" ] || break
done
"#;

struct Driver {
    address: String,
    watch: Mutex<ChildStdin>,
    folder: PathBuf,
    /// Read no further, but open: a driver that cannot write ends.
    _said: Mutex<BufReader<ChildStdout>>,
    _child: Child,
}

/// A running Chromium. It ends when this is dropped, also when a test fails.
pub(crate) struct Chromium {
    pub(crate) session: Arc<SessionHandle>,
    process: Option<u64>,
    profile: PathBuf,
}

/// A folder for one test, gone when the process ends at the latest.
pub(crate) fn folder() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::SeqCst);
    let folder = driver().folder.join(number.to_string());
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    folder
}

fn driver() -> &'static Driver {
    static DRIVER: OnceLock<Driver> = OnceLock::new();
    DRIVER.get_or_init(Driver::start)
}

impl Driver {
    fn start() -> Self {
        let folder = std::env::temp_dir().join(format!("sso_e2e_{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let program = told("CHROMEDRIVER").unwrap_or_else(|| "/usr/bin/chromedriver".to_owned());
        let mut child = Command::new("sh")
            .args(["-c", WATCH, "watch"])
            .arg(&folder)
            .args([&program, "--port=0"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // A group of its own: what ends the tests (Ctrl-C, a time limit) must not end the one that clears up.
            .process_group(0)
            .spawn()
            .expect("a shell");
        let watch = child.stdin.take().expect("piped");
        let mut said = BufReader::new(child.stdout.take().expect("piped"));
        let mut line = String::new();
        let port = loop {
            line.clear();
            let read = said.read_line(&mut line).expect("chromedriver says UTF-8");
            assert!(
                read > 0,
                "{program} did not start: CHROMEDRIVER names another"
            );
            // "ChromeDriver was started successfully on port 40123."
            if let Some((_, port)) = line.split_once("successfully on port ") {
                break port.trim().trim_end_matches('.').to_owned();
            }
        };
        Self {
            address: format!("127.0.0.1:{port}"),
            watch: Mutex::new(watch),
            folder,
            _said: Mutex::new(said),
            _child: child,
        }
    }

    /// Tells the shell. That it is gone already is no reason to fail.
    fn tell(&self, verb: &str, process: u64) {
        if let Ok(mut watch) = self.watch.lock() {
            let _ = writeln!(watch, "{verb} {process}");
        }
    }
}

impl Chromium {
    /// A browser that nobody used before, of a person who reads `language`.
    pub(crate) async fn start(language: Language) -> Self {
        let profile = folder();
        let driver = driver();
        let wanted = Capabilities::from(wanted(language, &profile));
        let driven = WebDriver::builder(format!("http://{}", driver.address), wanted)
            .request_timeout(Duration::from_secs(60))
            .connect()
            .await
            .expect("Chromium starts: CHROMIUM names another one");
        let session = Arc::clone(driven.handle());
        // This end is better: it also works where no runtime is left.
        driven.leak().expect("the session has just begun");
        let process = session
            .capabilities()
            .get("goog:processID")
            .and_then(Value::as_u64);
        if let Some(process) = process {
            driver.tell("opened", process);
        }
        Self {
            session,
            process,
            profile,
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let driver = driver();
        let ended = end(&driver.address, &self.session.session_id().to_string());
        if let Some(process) = self.process {
            if ended.is_err() {
                let _ = Command::new("kill")
                    .args(["-9", &process.to_string()])
                    .status();
            }
            driver.tell("closed", process);
        }
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

/// Ends a session and its Chromium; waits until it has ended.
fn end(address: &str, session: &str) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    write!(
        stream,
        "DELETE /session/{session} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut first = [0; 12];
    stream.read_exact(&mut first)?;
    if &first == b"HTTP/1.1 200" {
        Ok(())
    } else {
        Err(std::io::ErrorKind::Other.into())
    }
}

fn wanted(language: Language, profile: &std::path::Path) -> serde_json::Map<String, Value> {
    let binary = told("CHROMIUM").unwrap_or_else(|| "/usr/bin/chromium".to_owned());
    let tag = language.tag();
    let wanted = json!({
        "browserName": "chrome",
        "goog:chromeOptions": {
            "binary": binary,
            "args": [
                "--headless=new",
                // As root Chromium does not start with its sandbox, and it only opens pages of ours.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--disable-quic",
                // Whatever asks for another machine fails, and fails the test.
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
                "--window-size=1280,900",
                "--force-device-scale-factor=1",
                format!("--accept-lang={tag}"),
                format!("--user-data-dir={}", profile.display()),
            ],
        },
        "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
    });
    match wanted {
        Value::Object(map) => map,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            unreachable!("it is written as an object")
        }
    }
}
