//! One file per page. A page is a pure function of the view that it is given.

pub mod admin;
pub mod authorize;
pub mod demo;
pub mod developers;
pub mod help;
pub mod home;
pub mod portal;
pub mod privacy;
pub mod problem;
