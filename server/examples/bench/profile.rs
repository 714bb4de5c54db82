//! Where a server's time and memory go, as the kernel counts them: printed with what falls short.

use std::{collections::BTreeMap, fs, path::Path};

/// The kernel counts a thread's time in hundredths of a second.
const TICK_MILLIS: f64 = 10.0;

/// Milliseconds by thread, in the program and in the kernel.
#[derive(Clone, Default)]
pub(crate) struct Threads(BTreeMap<String, [f64; 2]>);

impl Threads {
    /// Since the process started.
    pub(crate) fn of(process: u32) -> Self {
        let tasks = fs::read_dir(format!("/proc/{process}/task"));
        let mut all = BTreeMap::new();
        // Whatever ended in the meantime is not counted.
        for task in tasks.into_iter().flatten().flatten() {
            if let Some((name, times)) = thread(&task.path()) {
                let sum: &mut [f64; 2] = all.entry(name).or_default();
                sum[0] += times[0];
                sum[1] += times[1];
            }
        }
        Self(all)
    }

    pub(crate) fn since(&self, before: &Self) -> Self {
        let less = |(name, [own, kernel]): (&String, &[f64; 2])| {
            let [before_own, before_kernel] = before.0.get(name).copied().unwrap_or_default();
            (name.clone(), [own - before_own, kernel - before_kernel])
        };
        Self(self.0.iter().map(less).collect())
    }

    pub(crate) fn print(&self, what: &str, count: usize) {
        println!("\n| {what}, by thread | in the program | in the kernel |");
        println!("|---|--:|--:|");
        for (name, times) in &self.0 {
            let [own, kernel] = times.map(|it| it / count as f64);
            if own + kernel >= 0.001 {
                println!("| {name} | {own:.3} ms | {kernel:.3} ms |");
            }
        }
    }
}

fn thread(task: &Path) -> Option<(String, [f64; 2])> {
    let name = fs::read_to_string(task.join("comm")).ok()?;
    let stat = fs::read_to_string(task.join("stat")).ok()?;
    // The name may have blanks and brackets in it; behind the last one the numbers begin.
    let mut numbers = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || numbers.next()?.parse::<f64>().ok();
    let times = [ticks()? * TICK_MILLIS, ticks()? * TICK_MILLIS];
    Some((name.trim().to_owned(), times))
}

/// Megabytes (PSS) by what is mapped.
pub(crate) struct Memory(BTreeMap<&'static str, f64>);

impl Memory {
    pub(crate) fn of(process: u32) -> Self {
        let maps = fs::read_to_string(format!("/proc/{process}/smaps")).unwrap_or_default();
        let mut parts: BTreeMap<&'static str, f64> = BTreeMap::new();
        let mut part = "";
        for line in maps.lines() {
            if let Some(rest) = line.strip_prefix("Pss:") {
                let kib = rest.trim().split(' ').next().and_then(|it| it.parse().ok());
                *parts.entry(part).or_default() += kib.unwrap_or(0.0) * 1024.0 / 1e6;
            } else if line.starts_with(|c: char| c.is_ascii_digit() || ('a'..='f').contains(&c)) {
                part = mapped(line);
            }
        }
        Self(parts)
    }

    pub(crate) fn print(&self) {
        println!("\n| memory (PSS), idle, by what is mapped | |");
        println!("|---|--:|");
        for (what, megabytes) in &self.0 {
            println!("| {what} | {megabytes:.1} MB |");
        }
    }
}

fn mapped(line: &str) -> &'static str {
    let mut fields = line.split_whitespace();
    let mode = fields.nth(1).unwrap_or_default();
    match fields.nth(3) {
        Some(path) if path.contains("sso-console") && mode.contains('x') => "program: code",
        Some(path) if path.contains("sso-console") => "program: data",
        Some(path) if path.contains(".so") => "libraries",
        Some(path) if path.contains("db") => "database",
        Some(_) | None => "heap and stacks",
    }
}
