//! A process of the binary: bounded in time, and ended with its test.

use std::{
    fs::File,
    io::Read as _,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

/// Longer than anything here should take, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) struct Program {
    child: Child,
    output: Folder,
}

/// How a process ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// -1: by a signal.
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
    /// The permissions of the file that took what it printed.
    pub(super) mode: u32,
}

impl Program {
    /// Starts it with nothing in its environment but what is named.
    pub(super) fn start(arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let binary = Path::new(env!("CARGO_BIN_EXE_sso-console"));
        Self::spawn(Command::new(binary), arguments, environment)
    }

    /// The same, as another command that stands for the binary.
    pub(super) fn spawn(
        mut command: Command,
        arguments: &[&str],
        environment: &[(&str, &str)],
    ) -> Self {
        let output = Folder::new();
        let file = |name: &str| File::create(output.file(name)).expect("a file for the output");
        let child = command
            .args(arguments)
            .env_clear()
            .envs(environment.iter().copied())
            .current_dir(&output.0)
            .stdin(Stdio::null())
            .stdout(file("stdout"))
            .stderr(file("stderr"))
            .spawn()
            .expect("the binary starts");
        Self { child, output }
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it printed so far.
    pub(super) fn out(&self) -> String {
        read(&self.output.file("stdout"))
    }

    /// Waits until it printed something.
    pub(super) fn until(&mut self, words: &str) -> String {
        let start = Instant::now();
        loop {
            let out = self.out();
            if out.contains(words) {
                return out;
            }
            let ended = self.child.try_wait().expect("a process of ours");
            assert!(
                ended.is_none() && start.elapsed() < PATIENCE,
                "it never said {words:?}: {out}{}",
                read(&self.output.file("stderr"))
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Sends a signal, such as `TERM`.
    pub(super) fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args(["-s", name, &self.id().to_string()])
            .status()
            .expect("kill is there");
        assert!(sent.success());
    }

    /// Ends it by force. False: it had ended by itself.
    pub(super) fn kill(mut self) -> bool {
        self.child.kill().expect("a process of ours");
        let status = self.child.wait().expect("a process of ours");
        std::os::unix::process::ExitStatusExt::signal(&status) == Some(9)
    }

    /// Waits for the end.
    pub(super) fn end(mut self) -> Ended {
        let start = Instant::now();
        let status: ExitStatus = loop {
            if let Some(status) = self.child.try_wait().expect("a process of ours") {
                break status;
            }
            assert!(
                start.elapsed() < PATIENCE,
                "it does not end: {}",
                self.out()
            );
            std::thread::sleep(Duration::from_millis(5));
        };
        Ended {
            code: status.code().unwrap_or(-1),
            out: self.out(),
            err: read(&self.output.file("stderr")),
            mode: mode(&self.output.file("stdout")),
        }
    }

    /// Asks it to end, and waits for that.
    pub(super) fn stop(self) -> Ended {
        self.signal("TERM");
        self.end()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Both say no where it has ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn read(path: &Path) -> String {
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|mut file| file.read_to_end(&mut bytes))
        .expect("the output can be read");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Who may do what with a file or a folder.
pub(super) fn mode(path: &Path) -> u32 {
    let metadata = std::fs::metadata(path).expect("it is there");
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777
}

/// Sets it.
pub(super) fn allow(path: &Path, mode: u32) {
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
    std::fs::set_permissions(path, permissions).expect("a mode");
}

/// A folder that goes with its test.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    pub(super) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::SeqCst);
        let name = format!("sso_command_line_{}_{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A path inside, as an argument.
    pub(super) fn text(&self, name: &str) -> String {
        self.file(name).display().to_string()
    }

    /// Writes a file for its owner alone, as a key has to be.
    pub(super) fn write_private(&self, name: &str, text: &str) -> String {
        let path = self.file(name);
        drop(std::fs::remove_file(&path));
        let mut options = std::fs::OpenOptions::new();
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.write(true).create_new(true).open(&path);
        let written =
            file.and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()));
        written.expect("written");
        self.text(name)
    }

    /// The names of everything inside, sorted.
    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = std::fs::read_dir(&self.0)
            .expect("a folder")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// A port that nobody listens on at this moment.
pub(super) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("an address").port()
}
