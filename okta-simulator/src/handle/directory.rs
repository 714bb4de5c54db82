//! The Rust API of what the organization has: apps, authorization servers, people and assignments.

use crate::org::app::{App, AppType, Assignment, NewApp, Provider};
use crate::org::authorization_server::{AccessPolicy, AuthorizationServer, Claim};
use crate::org::person::{NewPerson, Person};

use super::PracticeOkta;

impl PracticeOkta {
    /// "Create App Integration", OIDC, Web Application. Gives client id and client secret.
    pub fn create_web_app(&self, app: NewApp) -> (String, String) {
        self.create(Provider::Okta, app)
    }

    /// "Create App Integration", OIDC, Native Application. Gives the client id; there is no secret.
    pub fn create_native_app(&self, app: NewApp) -> String {
        self.engine
            .world()
            .create_app(Provider::Okta, AppType::Native, app)
            .id
    }

    /// A web client at the practice Google, where everybody may sign in. Gives client id and client secret.
    pub fn create_google_client(&self, app: NewApp) -> (String, String) {
        self.create(Provider::Google, app.everyone())
    }

    /// A web client at the practice Microsoft, where everybody may sign in. Gives client id and client secret.
    pub fn create_microsoft_client(&self, app: NewApp) -> (String, String) {
        self.create(Provider::Microsoft, app.everyone())
    }

    fn create(&self, provider: Provider, app: NewApp) -> (String, String) {
        let app = self.engine.world().create_app(provider, AppType::Web, app);
        let secret = app.first_secret().to_owned();
        (app.id, secret)
    }

    /// "Generate new secret", beside the present one. `None` when there are two already, or the app is a native one.
    pub fn create_secret(&self, client_id: &str) -> Option<String> {
        self.engine.world().create_secret(client_id)
    }

    pub fn apps(&self) -> Vec<App> {
        self.engine.world().apps.clone()
    }

    /// Changes any part of an app: redirect URIs, grants, rotation, whether it is active.
    pub fn change_app(&self, client_id: &str, change: impl FnOnce(&mut App)) {
        change(
            self.engine
                .world()
                .app_mut(client_id)
                .expect("an app of this client id"),
        );
    }

    /// Adds a custom authorization server, without claims or policies. Gives its id, `aus…`.
    pub fn create_authorization_server(&self, name: &str, audience: &str) -> String {
        self.engine.world().create_server(name, audience)
    }

    pub fn authorization_servers(&self) -> Vec<AuthorizationServer> {
        self.engine.world().servers.clone()
    }

    /// Changes any part of a custom authorization server.
    pub fn change_authorization_server(
        &self,
        id: &str,
        change: impl FnOnce(&mut AuthorizationServer),
    ) {
        change(
            self.engine
                .world()
                .server_mut(id)
                .expect("an authorization server of this id"),
        );
    }

    /// "Add Claim" on a custom authorization server.
    pub fn add_claim(&self, server_id: &str, claim: Claim) {
        self.change_authorization_server(server_id, |server| server.claims.push(claim));
    }

    /// "Add New Access Policy" on a custom authorization server, last in order.
    pub fn add_policy(&self, server_id: &str, policy: AccessPolicy) {
        self.change_authorization_server(server_id, |server| server.policies.push(policy));
    }

    /// "Add person". Gives the user id, `00u…`: their `sub`.
    pub fn add_person(&self, person: NewPerson) -> String {
        self.engine.world().add_person(person)
    }

    /// Adds people, for example [`crate::northwind`]'s.
    pub fn add_people(&self, people: impl IntoIterator<Item = NewPerson>) {
        let mut world = self.engine.world();
        for person in people {
            world.add_person(person);
        }
    }

    pub fn people(&self) -> Vec<Person> {
        self.engine.world().people.clone()
    }

    /// The person of this login.
    pub fn person(&self, login: &str) -> Person {
        self.engine
            .world()
            .person_by_login(login)
            .expect("a person of this login")
            .clone()
    }

    /// Changes any part of a person: login, e-mail, whether they are active.
    pub fn change_person(&self, login: &str, change: impl FnOnce(&mut Person)) {
        let mut world = self.engine.world();
        let id = world
            .person_by_login(login)
            .expect("a person of this login")
            .id
            .clone();
        change(world.person_mut(&id).expect("found just now"));
    }

    /// A new primary e-mail; login and `sub` stay.
    pub fn set_email(&self, login: &str, email: &str) {
        self.change_person(login, |person| email.clone_into(&mut person.email));
    }

    /// Deactivated people cannot sign in.
    pub fn deactivate(&self, login: &str) {
        self.change_person(login, |person| person.active = false);
    }

    /// Assigns somebody to an app, both by name: client id and login.
    pub fn assign(&self, client_id: &str, login: &str) {
        let id = self.person(login).id;
        self.engine.world().assign(client_id, &id);
    }

    /// Takes somebody off an app; from an app for everyone, everybody else stays.
    pub fn unassign(&self, client_id: &str, login: &str) {
        let id = self.person(login).id;
        self.engine.world().unassign(client_id, &id);
    }

    /// "Allow everyone in your organization to access".
    pub fn assign_everyone(&self, client_id: &str) {
        self.change_app(client_id, |app| app.assignment = Assignment::Everyone);
    }
}
