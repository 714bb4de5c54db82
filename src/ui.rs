//! The pieces that screens are made of.
//!
//! They know words and nothing of the product: neither the server nor the pages.

pub mod badge;
pub mod button;
pub mod chart;
pub mod copy;
pub mod el;
pub mod field;
pub mod file;
pub mod filters;
pub mod form;
pub mod format;
pub mod icon;
pub mod load;
pub mod log;
pub mod notice;
pub mod overlay;
pub mod page;
pub mod table;
pub mod task;
pub mod toast;
