//! Each filter is a range of an index: the plans say so.

use super::*;
use crate::db::plan;

#[test]
fn no_filter_of_the_log_scans_it() {
    for (sql, index) in [
        (BY_TARGET, "audit_target (target=? AND seq>? AND seq<?)"),
        (BY_ACTOR, "audit_actor (actor_id=? AND seq>? AND seq<?)"),
        (BY_ACT, "audit_act (act=? AND seq>? AND seq<?)"),
        (ALL, "INTEGER PRIMARY KEY (rowid>? AND rowid<?)"),
        (SINCE, "audit_at (at>?)"),
    ] {
        let plan = plan(sql);
        assert!(plan.contains(index), "{sql}\n{plan}");
        assert!(
            !plan.contains("SCAN") && !plan.contains("TEMP"),
            "{sql}\n{plan}"
        );
    }
}
