//! Takes a mistake back. What somebody changed meanwhile stays: only what the mistake did, and nobody touched since, is put back.

use std::collections::BTreeMap;

use crate::fault::Faults;
use crate::keys::KeyRing;
use crate::org::World;
use crate::org::app::App;
use crate::org::authorization_server::AuthorizationServer;
use crate::org::group::Group;
use crate::org::habits::Habits;
use crate::org::person::Person;

use super::Mistake;

/// A mistake that is on, with the organization before and after it.
#[derive(Clone)]
pub(crate) struct Played {
    pub(crate) mistake: Mistake,
    before: Kept,
    after: Kept,
}

/// Everything that a mistake may change.
#[derive(Clone)]
pub(crate) struct Kept {
    org_id: String,
    apps: Vec<App>,
    people: Vec<Person>,
    groups: Vec<Group>,
    servers: Vec<AuthorizationServer>,
    rings: BTreeMap<String, KeyRing>,
    faults: Faults,
    habits: Habits,
}

impl Kept {
    pub(crate) fn of(world: &World) -> Self {
        Self {
            org_id: world.org_id.clone(),
            apps: world.apps.clone(),
            people: world.people.clone(),
            groups: world.groups.clone(),
            servers: world.servers.clone(),
            rings: world.rings.clone(),
            faults: world.faults.clone(),
            habits: world.habits.clone(),
        }
    }

    /// As the organization would be without its mistakes; it stays as it is. `scratch` is for working it out.
    pub(crate) fn honest(world: &World, scratch: &mut World) -> Self {
        Self::of(world).move_into(scratch);
        scratch.played.clone_from(&world.played);
        scratch.undo_all();
        Self::of(scratch)
    }

    pub(crate) fn move_into(self, world: &mut World) {
        world.org_id = self.org_id;
        world.apps = self.apps;
        world.people = self.people;
        world.groups = self.groups;
        world.servers = self.servers;
        world.rings = self.rings;
        world.faults = self.faults;
        world.habits = self.habits;
    }
}

impl World {
    /// Switches a mistake on. One that is on already stays as it is.
    pub(crate) fn play(&mut self, mistake: Mistake) {
        if self.played.iter().any(|played| played.mistake == mistake) {
            return;
        }
        let before = Kept::of(self);
        mistake.change(self);
        let after = Kept::of(self);
        self.played.push(Played {
            mistake,
            before,
            after,
        });
    }

    /// Switches a mistake off. Those that came after it are taken back first and played again, for they may build on it.
    pub(crate) fn undo(&mut self, mistake: Mistake) {
        let Some(index) = self
            .played
            .iter()
            .position(|played| played.mistake == mistake)
        else {
            return;
        };
        let mut later = Vec::new();
        while self.played.len() > index {
            if let Some(played) = self.played.pop() {
                self.put_back(&played);
                later.push(played.mistake);
            }
        }
        // The last that was taken back is the one to forget.
        for mistake in later.into_iter().rev().skip(1) {
            self.play(mistake);
        }
    }

    pub(crate) fn undo_all(&mut self) {
        while let Some(played) = self.played.pop() {
            self.put_back(&played);
        }
    }

    fn put_back(&mut self, played: &Played) {
        let (before, after) = (&played.before, &played.after);
        put(&mut self.org_id, &before.org_id, &after.org_id);
        for (name, ring) in &after.rings {
            if self.rings.get(name) == Some(ring) {
                match before.rings.get(name) {
                    Some(old) => self.rings.insert(name.clone(), old.clone()),
                    None => self.rings.remove(name),
                };
            }
        }
        for fault in after.faults.list() {
            if before.faults.find(*fault) != Some(*fault) {
                self.faults.clear(*fault);
            }
        }
        for fault in before.faults.list() {
            if after.faults.find(*fault) != Some(*fault) {
                self.faults.set(*fault);
            }
        }
        habits(&mut self.habits, &before.habits, &after.habits);
        list(
            &mut self.apps,
            &before.apps,
            &after.apps,
            |app| &app.id,
            app,
        );
        list(
            &mut self.people,
            &before.people,
            &after.people,
            |person| &person.id,
            person,
        );
        list(
            &mut self.groups,
            &before.groups,
            &after.groups,
            |group| &group.id,
            group,
        );
        list(
            &mut self.servers,
            &before.servers,
            &after.servers,
            |server| &server.id,
            server,
        );
    }
}

/// Puts one value back, unless somebody changed it since.
fn put<T: Clone + PartialEq>(current: &mut T, before: &T, after: &T) {
    if before != after && current == after {
        current.clone_from(before);
    }
}

/// The same for a list, one by one: what was added goes, what was removed comes back to its place.
fn list<T: Clone>(
    current: &mut Vec<T>,
    before: &[T],
    after: &[T],
    id: fn(&T) -> &String,
    merge: fn(&mut T, &T, &T),
) {
    let find = |list: &[T], wanted: &T| list.iter().position(|item| id(item) == id(wanted));
    for added in after.iter().filter(|item| find(before, item).is_none()) {
        if let Some(index) = find(current, added) {
            current.remove(index);
        }
    }
    for (index, old) in before.iter().enumerate() {
        match (find(after, old), find(current, old)) {
            (Some(now), Some(here)) => merge(&mut current[here], old, &after[now]),
            (None, None) => current.insert(index.min(current.len()), old.clone()),
            // Removed by somebody since, or brought back by somebody: theirs to decide.
            (Some(_), None) | (None, Some(_)) => {}
        }
    }
}

/// Puts every field back; a field that is not listed does not compile.
macro_rules! merge {
    ($name:ident: $type:ident { $($field:ident)* }) => {
        fn $name(current: &mut $type, before: &$type, after: &$type) {
            let $type { $($field,)* } = current;
            $(put($field, &before.$field, &after.$field);)*
        }
    };
}

merge! { app: App {
    id name provider app_type secrets client_auth sign_in_redirect_uris sign_out_redirect_uris authorization_code
    refresh_token implicit rotation pkce_required dpop consent encrypted_id_token pairwise signed_requests
    org_server_only in_network_zone pinned_key groups_claim issuer_mode username login_initiated initiate_login_uri
    sign_in_allowed assignment assigned_groups active
} }

merge! { server: AuthorizationServer { id name audience claims policies scopes issuer_mode active } }

merge! { person: Person {
    id login email first_name last_name email_verified active google_subject microsoft_object_id
} }

merge! { group: Group { id name members } }

merge! { habits: Habits {
    api_access_management error_pages silence_ends_on_page per_client_lists custom_domain certificate_expired embedded_browsers
} }

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::org::app::{AppType, NewApp, Provider};

    use super::*;

    fn world() -> World {
        let mut world = World::new(&Config::seeded(1));
        let app = NewApp::named("App").sign_in_redirect("https://app.example/callback");
        world.create_app(Provider::Okta, AppType::Web, app);
        world
    }

    #[test]
    fn what_somebody_changed_meanwhile_stays() {
        let mut world = world();
        world.play(Mistake::C12);
        world.apps[0].pkce_required = true;
        let later = world.create_app(Provider::Okta, AppType::Web, NewApp::named("Later"));
        world.undo(Mistake::C12);
        assert!(world.apps[0].authorization_code && world.apps[0].pkce_required);
        assert!(world.app(&later.id).is_some());

        world.play(Mistake::C01);
        world.apps[0].sign_in_redirect_uris = vec!["https://mended.example/callback".into()];
        world.undo(Mistake::C01);
        assert_eq!(
            world.apps[0].sign_in_redirect_uris,
            ["https://mended.example/callback"]
        );
    }

    #[test]
    fn mistakes_are_taken_back_in_any_order() {
        let honest = world().apps;
        let mut world = world();
        for mistake in [Mistake::C01, Mistake::C02, Mistake::B08, Mistake::B14] {
            world.play(mistake);
            world.play(mistake);
        }
        for mistake in [Mistake::C01, Mistake::B14, Mistake::C02] {
            world.undo(mistake);
        }
        assert_eq!(world.played.len(), 1);
        world.undo_all();
        assert_eq!(world.apps, honest);
    }
}
