//! Tests of the pages' room from outside.

mod developers;
mod forms;
mod markup;
mod pages;
mod style;
mod trouble;
mod views;
