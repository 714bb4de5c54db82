//! The screens, one file each.

pub mod activity;
pub mod attempts;
pub mod audit;
pub mod causes;
pub mod checks;
pub mod connect;
pub mod connection;
pub mod files;
pub mod guide;
pub mod integrations;
pub mod notifications;
pub mod organization;
pub mod overview;
pub mod retention;
pub mod security;
pub mod set_up;
pub mod sign_ins;
pub mod states;
pub mod unknown;
pub mod users;
