//! The page where a confirmation of identity ends, in the tab that the console opened for it.

use locales::keys;

use super::frame::{Frame, page};

/// "Identity confirmed": the console waits in another tab and continues by itself.
#[must_use]
pub fn reauthenticated(frame: &Frame<'_>) -> String {
    page(frame, frame.say(keys::DOOR_REAUTHENTICATED_TITLE), |html| {
        html.leaf("p", &[], frame.say(keys::DOOR_REAUTHENTICATED_NEXT));
    })
}
