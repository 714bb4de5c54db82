//! The mistakes that people make when they connect Okta, one switch each. Played by the organization itself where its
//! state can express them, else by a fault; what goes wrong in the relying party's own form is given as the text to paste.

mod answers;
mod claims;
mod client;
mod domain;
mod people;
mod redirect;
mod transport;
mod undo;

use crate::org::World;
use crate::org::app::{App, AppType, Provider};
use crate::org::person::Person;

pub(crate) use undo::{Kept, Played};

/// Where in the catalogue a mistake stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    Domain,
    Client,
    Redirect,
    Claims,
    People,
    Transport,
    /// Ways of Okta's that differ from organization to organization: no mistakes, but they deceive whoever reads too much into them.
    Answers,
}

impl Topic {
    pub const ALL: [Self; 7] = [
        Self::Domain,
        Self::Client,
        Self::Redirect,
        Self::Claims,
        Self::People,
        Self::Transport,
        Self::Answers,
    ];

    pub fn title(self) -> &'static str {
        match self {
            Self::Domain => "Domain, issuer, discovery",
            Self::Client => "Client ID, secret, kind of app",
            Self::Redirect => "Redirect URIs, sign-out, grants, PKCE",
            Self::Claims => "Scopes, claims, access policies",
            Self::People => "People and assignments",
            Self::Transport => "Time, keys, transport",
            Self::Answers => "Okta's own ways",
        }
    }

    fn rows(self) -> &'static [Row] {
        match self {
            Self::Domain => domain::ROWS,
            Self::Client => client::ROWS,
            Self::Redirect => redirect::ROWS,
            Self::Claims => claims::ROWS,
            Self::People => people::ROWS,
            Self::Transport => transport::ROWS,
            Self::Answers => answers::ROWS,
        }
    }
}

macro_rules! mistakes {
    ($($variant:ident $id:literal)*) => {
        /// A mistake, by its place in the catalogue. Switch one on with [`crate::PracticeOkta::play`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Mistake {
            $(#[doc = $id] $variant,)*
        }

        impl Mistake {
            /// Every mistake, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Letter and number in lower case: for URLs and test names.
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }
        }
    };
}

mistakes! {
    A01 "a01" A02 "a02" A03 "a03" A04 "a04" A05 "a05" A06 "a06" A07 "a07" A08 "a08" A09 "a09"
    A10 "a10" A11 "a11" A12 "a12" A13 "a13" A14 "a14" A15 "a15" A16 "a16" A17 "a17" A18 "a18"
    B01 "b01" B02 "b02" B03 "b03" B04 "b04" B05 "b05" B06 "b06" B07 "b07" B08 "b08" B09 "b09" B10 "b10"
    B11 "b11" B12 "b12" B13 "b13" B14 "b14" B15 "b15" B16 "b16" B17 "b17" B18 "b18" B19 "b19" B20 "b20"
    C01 "c01" C02 "c02" C03 "c03" C04 "c04" C05 "c05" C06 "c06" C07 "c07" C08 "c08" C09 "c09" C10 "c10" C11 "c11"
    C12 "c12" C13 "c13" C14 "c14" C15 "c15" C16 "c16" C17 "c17" C18 "c18" C19 "c19" C20 "c20" C21 "c21"
    D01 "d01" D02 "d02" D03 "d03" D04 "d04" D05 "d05" D06 "d06" D07 "d07" D08 "d08" D09 "d09" D10 "d10" D11 "d11"
    D12 "d12" D13 "d13" D14 "d14" D15 "d15" D16 "d16" D17 "d17" D18 "d18" D19 "d19" D20 "d20" D21 "d21"
    E01 "e01" E02 "e02" E03 "e03" E04 "e04" E05 "e05" E06 "e06" E07 "e07" E08 "e08" E09 "e09" E10 "e10"
    E11 "e11" E12 "e12" E13 "e13" E14 "e14" E15 "e15" E16 "e16" E17 "e17" E18 "e18" E19 "e19"
    F01 "f01" F02 "f02" F03 "f03" F04 "f04" F05 "f05" F06 "f06" F07 "f07" F08 "f08" F09 "f09" F10 "f10" F11 "f11"
    F12 "f12" F13 "f13" F14 "f14" F15 "f15" F16 "f16" F17 "f17" F18 "f18" F19 "f19" F20 "f20" F21 "f21" F22 "f22"
    O01 "o01" O02 "o02" O03 "o03" O04 "o04" O05 "o05" O06 "o06" O07 "o07" O08 "o08" O09 "o09"
}

/// A field of the relying party's own form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Issuer,
    ClientId,
    ClientSecret,
    NativeClientId,
}

impl Field {
    pub fn title(self) -> &'static str {
        match self {
            Self::Issuer => "Okta domain or metadata URL",
            Self::ClientId => "Client ID",
            Self::ClientSecret => "Client secret",
            Self::NativeClientId => "Native client ID",
        }
    }
}

/// What somebody pastes into the relying party's form to make the mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paste {
    pub field: Field,
    pub text: String,
}

/// Who makes the mistake.
#[derive(Clone, Copy)]
pub(crate) enum How {
    /// The organization is changed.
    Okta(fn(&mut World)),
    /// A field of the relying party's form is filled with this.
    Form(fn(&Names<'_>) -> Vec<Paste>),
    /// Both.
    OktaAndForm(fn(&mut World), fn(&Names<'_>) -> Vec<Paste>),
    /// A relying party meets nothing of it at Okta: what to do instead, in a sentence.
    Elsewhere(&'static str),
}

pub(crate) struct Row {
    mistake: Mistake,
    title: &'static str,
    about: &'static str,
    how: How,
}

impl Row {
    const fn new(mistake: Mistake, title: &'static str, about: &'static str, how: How) -> Self {
        Self {
            mistake,
            title,
            about,
            how,
        }
    }
}

impl Mistake {
    pub fn from_id(id: &str) -> Option<Self> {
        let id = id.to_ascii_lowercase();
        Self::ALL.iter().copied().find(|mistake| mistake.id() == id)
    }

    fn found(self) -> (Topic, &'static Row) {
        Topic::ALL
            .iter()
            .find_map(|topic| {
                let row = topic.rows().iter().find(|row| row.mistake == self)?;
                Some((*topic, row))
            })
            .expect("a test sees to it that every mistake has its row")
    }

    pub fn topic(self) -> Topic {
        self.found().0
    }

    /// What was done wrong.
    pub fn title(self) -> &'static str {
        self.found().1.title
    }

    /// What a relying party meets.
    pub fn about(self) -> &'static str {
        self.found().1.about
    }

    /// Whether the organization plays it.
    pub fn is_played_by_okta(self) -> bool {
        match self.found().1.how {
            How::Okta(_) | How::OktaAndForm(..) => true,
            How::Form(_) | How::Elsewhere(_) => false,
        }
    }

    /// Whether something is pasted into the relying party's form.
    pub fn is_pasted(self) -> bool {
        match self.found().1.how {
            How::Form(_) | How::OktaAndForm(..) => true,
            How::Okta(_) | How::Elsewhere(_) => false,
        }
    }

    /// What to do where neither Okta nor the form can play it.
    pub fn elsewhere(self) -> Option<&'static str> {
        match self.found().1.how {
            How::Elsewhere(text) => Some(text),
            How::Okta(_) | How::Form(_) | How::OktaAndForm(..) => None,
        }
    }

    pub(crate) fn pastes(self, names: &Names<'_>) -> Vec<Paste> {
        match self.found().1.how {
            How::Form(pastes) | How::OktaAndForm(_, pastes) => pastes(names),
            How::Okta(_) | How::Elsewhere(_) => Vec::new(),
        }
    }

    fn change(self, world: &mut World) {
        match self.found().1.how {
            How::Okta(change) | How::OktaAndForm(change, _) => change(world),
            How::Form(_) | How::Elsewhere(_) => {}
        }
    }
}

/// The addresses and ids that a mistake can be made with.
pub(crate) struct Names<'a> {
    pub(crate) world: &'a World,
    /// The organization's address as it is reached now.
    pub(crate) base: &'a str,
    /// The organization's name under `okta.localhost`.
    pub(crate) host: &'a str,
}

impl Names<'_> {
    /// Another name for the same port.
    fn at(&self, host: &str) -> String {
        let port = self.base.rsplit_once(':').map_or("", |(_, port)| port);
        format!("http://{host}:{port}")
    }

    fn app(&self) -> (String, String) {
        newest(self.world, AppType::Web).map_or_else(Default::default, |app| {
            (app.id.clone(), app.first_secret().to_owned())
        })
    }
}

fn issuer(text: impl Into<String>) -> Vec<Paste> {
    vec![Paste {
        field: Field::Issuer,
        text: text.into(),
    }]
}

fn newest(world: &World, app_type: AppType) -> Option<&App> {
    let mut apps = world.apps.iter().rev();
    apps.find(|app| app.provider == Provider::Okta && app.app_type == app_type)
}

/// Changes every web app of the organization: which of them is meant, nobody asks.
fn web_apps(world: &mut World, mut change: impl FnMut(&mut App)) {
    for app in &mut world.apps {
        if app.provider == Provider::Okta && app.app_type == AppType::Web {
            change(app);
        }
    }
}

/// The first person that the newest web app is for.
fn somebody(world: &World) -> Option<&Person> {
    let app = newest(world, AppType::Web);
    let mut people = world.people.iter();
    people
        .find(|person| app.is_none_or(|app| world.allows(app, &person.id)))
        .or_else(|| world.people.first())
}

fn change_somebody(world: &mut World, change: impl FnOnce(&mut Person)) {
    if let Some(id) = somebody(world).map(|person| person.id.clone())
        && let Some(person) = world.person_mut(&id)
    {
        change(person);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_has_one_row_and_its_id_is_its_name() {
        let rows: Vec<&Row> = Topic::ALL.iter().flat_map(|topic| topic.rows()).collect();
        for mistake in Mistake::ALL {
            let named = rows.iter().filter(|row| row.mistake == *mistake).count();
            assert_eq!(named, 1, "{mistake:?}");
            assert_eq!(mistake.id(), format!("{mistake:?}").to_lowercase());
            assert_eq!(Mistake::from_id(mistake.id()), Some(*mistake));
            assert!(mistake.title().len() > 8 && mistake.about().len() > 8);
        }
        assert_eq!(rows.len(), Mistake::ALL.len());
        let playable = rows.iter().filter(|row| row.mistake.elsewhere().is_none());
        assert!(playable.count() >= 95 + 9);
    }
}
