//! better-auth and Django: set up, filled and started as `tests/beside` has them.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::{Asked, SEARCHES};
use crate::{process, scale::Place};

/// Where everything is.
pub(crate) struct Others {
    /// `tests/beside`.
    scripts: PathBuf,
    node: PathBuf,
    modules: PathBuf,
    python: PathBuf,
    folder: PathBuf,
    people: u32,
}

/// A server that ends with its measurement.
pub(crate) struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // Both say no where it has ended already.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

impl Others {
    pub(crate) fn find(place: &Place, people: u32) -> Result<Self, String> {
        let path = |name: &str| {
            let value = std::env::var_os(name).map(PathBuf::from);
            value.ok_or(format!("{name} is not set: run `cargo xtask bench beside`"))
        };
        Ok(Self {
            scripts: path("SSO_CONSOLE_BENCH_BESIDE")?,
            node: path("SSO_CONSOLE_BENCH_NODE")?,
            modules: path("SSO_CONSOLE_BENCH_NODE_MODULES")?,
            python: path("SSO_CONSOLE_BENCH_PYTHON")?,
            folder: place.folder().to_owned(),
            people,
        })
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("beside_{}_{name}", self.people))
    }

    /// Makes and fills both databases, unless they are there. `ours`: arguments that name ours.
    pub(crate) fn prepare(&self, ours: &[String]) -> Result<(), String> {
        let (one, two) = (self.file("better-auth.db"), self.file("django.db"));
        if one.exists() && two.exists() {
            return Ok(());
        }
        let people = self.file("people.csv");
        let out = std::fs::File::create(&people).map_err(|why| why.to_string())?;
        let mut export = Command::new(process::binary()?);
        export
            .args(["users", "export"])
            .args(&ours[..2])
            .stdout(out);
        end(&mut export)?;
        let new = self.file("new.db");
        eprintln!("filling better-auth");
        remove(&new);
        end(self.better_auth_command().arg("prepare").arg(&new))?;
        self.fill("better-auth", &people, &new)?;
        std::fs::rename(&new, &one).map_err(|why| why.to_string())?;
        eprintln!("filling Django");
        let cookie = end(self
            .python()
            .arg("django_admin.py")
            .arg("prepare")
            .arg(&new))?;
        std::fs::write(self.file("django.cookie"), cookie).map_err(|why| why.to_string())?;
        self.fill("django", &people, &new)?;
        std::fs::rename(&new, &two).map_err(|why| why.to_string())?;
        remove(&people);
        Ok(())
    }

    fn fill(&self, kind: &str, people: &Path, file: &Path) -> Result<(), String> {
        let mut fill = self.python();
        fill.args(["fill.py", kind]).arg(people).arg(file);
        end(&mut fill).map(drop)
    }

    fn python(&self) -> Command {
        let mut python = Command::new(&self.python);
        python
            .current_dir(&self.scripts)
            .env("PYTHONDONTWRITEBYTECODE", "1");
        python
    }

    fn better_auth_command(&self) -> Command {
        let mut node = Command::new(&self.node);
        node.arg(self.scripts.join("better-auth.mjs"))
            .env("NODE_MODULES_FOLDER", &self.modules)
            .env("NODE_ENV", "production");
        node
    }

    pub(crate) async fn better_auth(&self) -> Result<(Asked, Process), String> {
        let port = process::free_port()?;
        let mut command = self.better_auth_command();
        command
            .arg("serve")
            .arg(self.file("better-auth.db"))
            .arg(port.to_string());
        let process = started(&mut command, port).await?;
        let base = format!("http://127.0.0.1:{port}");
        let form = serde_json::json!({
            "email": crate::driver::ADMIN, "password": crate::driver::PASSWORD,
        });
        let reply = reqwest::Client::new()
            .post(format!("{base}/api/auth/sign-in/email"))
            .header("origin", &base)
            .header("content-type", "application/json")
            .body(form.to_string())
            .send()
            .await
            .map_err(|why| why.to_string())?;
        let cookies = reply.headers().get_all("set-cookie");
        let cookie: Vec<&str> = cookies
            .iter()
            .filter_map(|it| it.to_str().ok()?.split(';').next())
            .collect();
        let cookie = cookie.join("; ");
        if cookie.is_empty() {
            return Err(format!("better-auth lets nobody in: {}", reply.status()));
        }
        let list = "/api/auth/admin/list-users?limit=50";
        let middle = self.people / 2;
        let search =
            |it| format!("{list}&searchField=email&searchOperator=contains&searchValue={it}");
        let asked = Asked {
            name: "better-auth",
            port,
            cookie,
            search: SEARCHES.map(search).into(),
            first: list.into(),
            deep: format!("{list}&offset={middle}"),
        };
        Ok((asked, process))
    }

    pub(crate) async fn django(&self) -> Result<(Asked, Process), String> {
        let port = process::free_port()?;
        let mut command = self.python();
        command
            .args([
                "-m",
                "gunicorn",
                "django_admin:application",
                "--workers",
                "1",
            ])
            .args(["--bind", &format!("127.0.0.1:{port}"), "--timeout", "300"])
            .env("DJANGO_FILE", self.file("django.db"));
        let process = started(&mut command, port).await?;
        let cookie = std::fs::read_to_string(self.file("django.cookie"));
        let cookie = cookie.map_err(|why| why.to_string())?.trim().to_owned();
        let list = "/admin/auth/user/";
        let middle = self.people / 100;
        let asked = Asked {
            name: "Django admin",
            port,
            cookie,
            search: SEARCHES.map(|it| format!("{list}?q={it}")).into(),
            first: list.into(),
            deep: format!("{list}?p={middle}"),
        };
        Ok((asked, process))
    }
}

fn remove(path: &Path) {
    // It may not be there.
    let _ = std::fs::remove_file(path);
}

/// Runs a command to its end; what it printed.
fn end(command: &mut Command) -> Result<String, String> {
    let said = format!("{command:?}");
    let ended = command.stderr(Stdio::inherit()).output();
    let ended = ended.map_err(|why| format!("{said}: {why}"))?;
    if ended.status.success() {
        Ok(String::from_utf8_lossy(&ended.stdout).into_owned())
    } else {
        Err(format!("{said} failed"))
    }
}

/// Starts a server and waits until somebody listens.
async fn started(command: &mut Command, port: u16) -> Result<Process, String> {
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let process = Process(child.map_err(|why| format!("{command:?}: {why}"))?);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(60) {
        if tokio::net::TcpStream::connect(("127.0.0.1", port))
            .await
            .is_ok()
        {
            return Ok(process);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(format!("{command:?} does not listen"))
}
