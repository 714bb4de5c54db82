//! A sign-in of the last ten minutes: which acts take one, how an administrator confirms who they are, and what does not
//! count as a confirmation.

mod acts;
mod okta;
mod stuck;
mod typed;
