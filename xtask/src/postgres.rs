//! A PostgreSQL of its own: for one run of the tests a new cluster in a temporary folder, gone afterwards; for
//! measuring a cluster that stays, with the settings that PostgreSQL comes with.
//!
//! It listens on loopback with a password: on a machine with other people on it, whoever reaches a server as its
//! superuser can run programs as its owner. It must not know what the tests keep in it.

use std::fs::File;
use std::io::Read;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{DirBuilderExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::packages;
use crate::place::Place;
use crate::run::{self, Result};

/// How long it may take to start. It takes one to two seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// Runs the server and stops it when standard input ends, which it does however xtask ends, Ctrl-C and kill -9
/// included. `$1` is the folder to remove, if any, the rest the server's command line.
const KEEPER: &str = r#"
trap '' HUP INT TERM
folder=$1
shift
exec 3<&0
"$@" </dev/null 3<&- &
server=$!
(
  while read -r _; do :; done <&3
  while kill -INT "$server"; do sleep 1; done
) 2>/dev/null &
wait "$server"
[ -z "$folder" ] || rm -rf "$folder"
"#;

/// A running server. Stops when it is dropped; that of a run leaves nothing behind.
pub(crate) struct Postgres {
    /// For `SSO_CONSOLE_TEST_POSTGRES`: a superuser, who may make databases.
    pub(crate) url: String,
    keeper: Child,
    /// What goes with it.
    folder: Option<PathBuf>,
}

impl Postgres {
    /// Makes a cluster and starts it. `programs`: the folder with `initdb` and `postgres`.
    pub(crate) fn start(place: &Place, programs: &Path) -> Result<Self> {
        let owner = owner(place)?;
        let folder = new_folder(&place.temporary, owner)?;
        let started = make(place, programs, &folder, owner)
            .and_then(|()| Self::start_in(place, programs, &folder, owner, &FLEETING));
        match started {
            Ok(mut server) => {
                server.folder = Some(folder);
                Ok(server)
            }
            Err(why) => {
                let _ = std::fs::remove_dir_all(&folder);
                Err(why)
            }
        }
    }

    /// Starts the cluster that is kept in a folder, or makes it.
    pub(crate) fn kept(place: &Place, programs: &Path, folder: &Path) -> Result<Self> {
        let owner = owner(place)?;
        if !folder.join("data/PG_VERSION").exists() {
            make_folder(folder, owner)?;
            make(place, programs, folder, owner)?;
        }
        Self::start_in(place, programs, folder, owner, &[])
    }
    fn start_in(
        place: &Place,
        programs: &Path,
        folder: &Path,
        owner: Option<Owner>,
        settings: &[&str],
    ) -> Result<Self> {
        let data = folder.join("data");
        let password_file = folder.join("password");
        let password = std::fs::read_to_string(&password_file)
            .map_err(|why| format!("Cannot read {}: {why}", password_file.display()))?;
        let port = free_port()?;
        let log = place.own()?.join("postgres.log");
        let keeper = keep(
            place,
            owner,
            folder,
            !settings.is_empty(),
            &log,
            &server_line(programs, &data, port, settings),
        )?;
        let mut server = Self {
            url: format!("postgres://sso:{password}@127.0.0.1:{port}/postgres"),
            keeper,
            folder: None,
        };
        server.wait(place, programs, port, &log)?;
        Ok(server)
    }

    fn wait(&mut self, place: &Place, programs: &Path, port: u16, log: &Path) -> Result<()> {
        let started = Instant::now();
        loop {
            let mut ask = place.command(programs.join("pg_isready"));
            ask.args([
                "--host=127.0.0.1",
                "--username=sso",
                "--dbname=postgres",
                &format!("--port={port}"),
            ]);
            if run::answer(&mut ask).is_some() {
                return Ok(());
            }
            let ended = self.keeper.try_wait().is_ok_and(|status| status.is_some());
            if ended || started.elapsed() > PATIENCE {
                let said = std::fs::read_to_string(log).unwrap_or_default();
                return Err(format!(
                    "{said}\nPostgreSQL did not start; {} has more.",
                    log.display()
                ));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // Nothing can be done about a keeper that cannot be waited for; the tests are over.
        let _ = self.keeper.wait();
        // The keeper removes it; this is for a system where that program was not to be found.
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// Makes a cluster, with its password beside it.
fn make(place: &Place, programs: &Path, folder: &Path, owner: Option<Owner>) -> Result<()> {
    let password = password()?;
    let password_file = folder.join("password");
    std::fs::write(&password_file, &password)
        .and_then(|()| {
            owner.map_or(Ok(()), |owner| {
                chown(&password_file, Some(owner.user), Some(owner.group))
            })
        })
        .map_err(|why| format!("Cannot write {}: {why}", password_file.display()))?;
    let data = folder.join("data");
    let mut make = as_owner(place, owner, programs.join("initdb"), folder);
    make.args([
        "--username=sso",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]);
    make.args(["--auth-local=peer", "--auth-host=scram-sha-256"]);
    make.arg(format!("--pwfile={}", password_file.display()))
        .arg("--pgdata")
        .arg(&data);
    run::quiet(&mut make).map(drop)
}

/// The user in whose name the server runs: PostgreSQL refuses root.
#[derive(Clone, Copy)]
struct Owner {
    user: u32,
    group: u32,
}

fn owner(place: &Place) -> Result<Option<Owner>> {
    if !packages::is_root(place) {
        return Ok(None);
    }
    let id = |what: &str| {
        run::answer(place.command("id").args([what, "postgres"]))?
            .parse::<u32>()
            .ok()
    };
    match (id("-u"), id("-g")) {
        (Some(user), Some(group)) => Ok(Some(Owner { user, group })),
        (Some(_) | None, _) => Err(
            "PostgreSQL does not run as root, and there is no user `postgres` for it: make one."
                .to_owned(),
        ),
    }
}

/// A command in the server's folder, in the name of its owner.
fn as_owner(
    place: &Place,
    owner: Option<Owner>,
    program: impl AsRef<std::ffi::OsStr>,
    folder: &Path,
) -> Command {
    let mut command = place.command(program);
    command.current_dir(folder);
    if let Some(Owner { user, group }) = owner {
        command.uid(user).gid(group);
    }
    command
}

fn new_folder(temporary: &Path, owner: Option<Owner>) -> Result<PathBuf> {
    let folder = temporary.join(format!("sso-console-postgres-{}", std::process::id()));
    let problem = |why: std::io::Error| format!("Cannot make {}: {why}", folder.display());
    if folder.exists() {
        // Of a process that had this number before and was cut off.
        std::fs::remove_dir_all(&folder).map_err(problem)?;
    }
    make_folder(&folder, owner)?;
    Ok(folder)
}

fn make_folder(folder: &Path, owner: Option<Owner>) -> Result<()> {
    let problem = |why: std::io::Error| format!("Cannot make {}: {why}", folder.display());
    std::fs::DirBuilder::new()
        .mode(0o700)
        .create(folder)
        .map_err(problem)?;
    if let Some(Owner { user, group }) = owner {
        chown(folder, Some(user), Some(group)).map_err(problem)?;
    }
    Ok(())
}

/// Where nothing has to survive a power cut.
const FLEETING: [&str; 4] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=300",
];

/// The server's command line.
fn server_line(programs: &Path, data: &Path, port: u16, more: &[&str]) -> Vec<std::ffi::OsString> {
    let mut line = vec![programs.join("postgres").into(), "-D".into(), data.into()];
    let settings = [
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        &format!("port={port}"),
    ];
    line.extend(
        settings
            .iter()
            .chain(more)
            .flat_map(|setting| ["-c".into(), setting.into()]),
    );
    line
}

fn keep(
    place: &Place,
    owner: Option<Owner>,
    folder: &Path,
    is_fleeting: bool,
    log: &Path,
    line: &[std::ffi::OsString],
) -> Result<Child> {
    let problem = |why: std::io::Error| format!("Cannot start PostgreSQL: {why}");
    let output = File::create(log).map_err(problem)?;
    let errors = output.try_clone().map_err(problem)?;
    let mut keeper = as_owner(place, owner, "/bin/sh", folder);
    let goes = if is_fleeting { folder } else { Path::new("") };
    keeper.args(["-c", KEEPER, "sh"]).arg(goes).args(line);
    // A group of its own: Ctrl-C ends the tests first, and the end of their pipe then ends the server.
    keeper
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(output)
        .stderr(errors);
    keeper.spawn().map_err(problem)
}

/// A port that was free a moment ago.
fn free_port() -> Result<u16> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|why| format!("There is no free port on 127.0.0.1: {why}"))
}

/// 128 random bits in hexadecimal.
fn password() -> Result<String> {
    use std::fmt::Write;
    let mut bytes = [0; 16];
    File::open("/dev/urandom")
        .and_then(|mut source| source.read_exact(&mut bytes))
        .map_err(|why| format!("Cannot read /dev/urandom: {why}"))?;
    Ok(bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    }))
}
