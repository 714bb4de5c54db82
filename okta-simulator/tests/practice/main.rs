//! What a relying party, and an administrator with a browser, see of the practice Okta, over HTTP.

mod admin;
mod authorize;
mod claims;
mod discovery;
mod elsewhere;
mod faults;
mod logout;
mod mending;
mod mistakes;
mod reading_room;
mod refresh;
mod rehearsal;
mod rp;
mod sign_in;
mod token;
