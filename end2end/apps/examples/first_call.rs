//! The first call in Rust that the portal shows to a new developer: `FIRST_CALL` names the file into which
//! a browser test pasted it.

include!(env!("FIRST_CALL"));
