//! Tests of the pages' room from outside.

mod developers;
mod forms;
mod inspect;
mod markup;
mod pages;
mod portal;
mod register;
mod style;
mod trouble;
mod views;
