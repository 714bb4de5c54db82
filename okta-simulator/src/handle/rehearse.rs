//! The Rust API of mistakes: switching them on and off, and what is pasted to make one.

use crate::drive::{self, Tile};
use crate::mistake::{Mistake, Names, Paste};

use super::PracticeOkta;

impl PracticeOkta {
    /// Makes a mistake. Several can be made at once; one that is made already is not made again.
    pub fn play(&self, mistake: Mistake) {
        self.engine.world().play(mistake);
    }

    /// Takes one mistake back. What was changed by somebody else meanwhile stays as it is.
    pub fn undo(&self, mistake: Mistake) {
        self.engine.world().undo(mistake);
    }

    /// Back to an organization without mistakes.
    pub fn undo_all(&self) {
        self.engine.world().undo_all();
    }

    /// The mistakes that are on, in the order in which they were made.
    pub fn played(&self) -> Vec<Mistake> {
        let world = self.engine.world();
        world.played.iter().map(|played| played.mistake).collect()
    }

    /// What somebody pastes into the relying party's form to make the mistake; empty where nobody does.
    pub fn pastes(&self, mistake: Mistake) -> Vec<Paste> {
        mistake.pastes(&Names {
            world: &self.engine.world(),
            base: &self.base_url(),
            host: &self.engine.config.host,
        })
    }

    /// What the browser of this person sends to the app when they press its tile on the dashboard.
    pub fn press_tile(&self, client_id: &str, login: &str) -> Tile {
        drive::press_tile(&self.engine, &self.address.to_string(), client_id, login)
    }
}
