//! Groups of the directory: who is in them decides who an app is assigned to.

use std::collections::BTreeSet;

/// "Directory > Groups".
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Group {
    /// `00g…`.
    pub(crate) id: String,
    pub(crate) name: String,
    /// User ids; `None`: everybody, as in Okta's own group "Everyone".
    pub(crate) members: Option<BTreeSet<String>>,
}

impl Group {
    pub(crate) fn has(&self, user_id: &str) -> bool {
        self.members
            .as_ref()
            .is_none_or(|members| members.contains(user_id))
    }
}
