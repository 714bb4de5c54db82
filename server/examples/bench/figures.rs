//! A figure with its goal, and the table of them.

#[derive(Clone, Copy)]
pub(crate) enum Unit {
    Millis,
    Count,
    Megabytes,
}

pub(crate) struct Figure {
    what: &'static str,
    value: f64,
    unit: Unit,
    goal: Option<f64>,
    more_is_better: bool,
}

impl Figure {
    pub(crate) fn at_most(what: &'static str, value: f64, unit: Unit, goal: Option<f64>) -> Self {
        Self {
            what,
            value,
            unit,
            goal,
            more_is_better: false,
        }
    }

    pub(crate) fn at_least(what: &'static str, value: f64, unit: Unit, goal: Option<f64>) -> Self {
        Self {
            what,
            value,
            unit,
            goal,
            more_is_better: true,
        }
    }

    fn verdict(&self) -> &'static str {
        match self.goal {
            None => "",
            Some(goal) if self.more_is_better && self.value >= goal => "reached",
            Some(goal) if !self.more_is_better && self.value <= goal => "reached",
            Some(_) => "**falls short**",
        }
    }
}

/// The value below which so many of a hundred are.
pub(crate) fn at(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let index = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(index).copied().unwrap_or(f64::NAN)
}

pub(crate) fn print(figures: &[Figure]) {
    println!("| server | measured | goal | |");
    println!("|---|--:|--:|---|");
    for figure in figures {
        let goal = figure.goal.map_or_else(String::new, |goal| {
            let sign = if figure.more_is_better { "≥" } else { "≤" };
            format!("{sign} {}", shown(goal, figure.unit))
        });
        println!(
            "| {} | {} | {goal} | {} |",
            figure.what,
            shown(figure.value, figure.unit),
            figure.verdict()
        );
    }
}

fn shown(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Millis if value < 1.0 => format!("{value:.3} ms"),
        Unit::Millis => format!("{value:.1} ms"),
        Unit::Count => format!("{value:.0}"),
        Unit::Megabytes => format!("{value:.1} MB"),
    }
}
