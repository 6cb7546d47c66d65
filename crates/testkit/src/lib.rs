//! For tests: builders of rows, a manual clock, a scripted driver.
