//! The forecast (予測): what is expected of a part of the year, what people think of it, what has changed since a Monday, and
//! how likely each deal is.

pub(crate) mod api;
pub(crate) mod chance;
mod earlier;
pub(crate) mod pages;
mod picture;
mod since;

/// The page of the forecast.
pub(crate) const HERE: &str = "/forecast";
