//! What a tag is. No database here.

use std::collections::BTreeSet;

use kernel::{Checks, Code, Invalid, Typed, id};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

id!(
    /// A tag.
    TagId
);

/// A tag of a town.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Tag {
    /// Its id.
    pub id: TagId,
    /// Its name, exactly as entered.
    pub name: String,
    /// Counts its changes; a rename names the version it was based on.
    pub version: i32,
}

/// A tag and how many companies have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TagUse {
    /// The tag.
    #[serde(flatten)]
    pub tag: Tag,
    /// How many companies have it.
    pub companies: i64,
}

/// A tag's name as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "name": "立科WORK TRIP" }]))]
pub struct TagInput {
    /// Its name, at most 40 characters; required.
    pub name: Typed,
}

impl TagInput {
    pub(super) fn checked(&self) -> Result<String, Invalid> {
        let mut checks = Checks::new();
        let name = checks.required_line("name", &self.name, 40);
        checks.done(name)
    }
}

/// Which tag another is merged into.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(rename = "TagMergeInput", extend("examples" = [{ "into": 1 }]))]
pub struct MergeInput {
    /// The tag that stays; required.
    #[schemars(with = "TagId")]
    pub into: Typed,
}

impl MergeInput {
    pub(super) fn checked(&self) -> Result<TagId, Invalid> {
        let mut checks = Checks::new();
        let into = checks.choice("into", &self.into);
        checks.done(into)?.ok_or_else(|| Invalid::field("into", Code::Required))
    }
}

/// The tags a company shall have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(extend("examples" = [{ "tags": [] }]))]
pub struct CompanyTagsInput {
    /// All of them; what is not named is taken away.
    #[schemars(with = "Vec<TagId>")]
    pub tags: Vec<Typed>,
}

impl CompanyTagsInput {
    pub(super) fn checked(&self) -> Result<BTreeSet<TagId>, Invalid> {
        let read = |typed: &Typed| {
            let id = typed.as_str().trim().parse();
            id.map_err(|_no_number| Invalid::field("tags", Code::UnknownChoice))
        };
        self.tags.iter().map(read).collect()
    }
}
