//! Tests of the pages' room from outside.

mod forms;
