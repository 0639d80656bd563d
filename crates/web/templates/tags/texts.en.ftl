# A town's tags on its companies.
tags = Tags
tags-text = Marks on companies, such as which of the town’s projects they came from
tags-none = No tags yet. Make one below, then give it to companies on their pages.
tags-manage = Arrange tags
tag-companies = { $count ->
    [one] 1 company
   *[other] { $count } companies
}
tag-change = Change
tag-new = Make a tag
tag-name = Name of the tag
tag-name-support = Such as: Tateshina WORK TRIP, moving in, shared bus
tag-make = Make
tag-rename = Rename
tag-merge = Merge into another tag
tag-merge-text = All companies of this tag get the chosen one. This tag is gone then; it cannot be undone.
tag-merge-into = Merge into
tag-merge-choose = Choose one
tag-merge-do = Merge this tag
company-tags-none = No tags
company-tags-change = Give or take tags
companies-by-tag = Filter by tag
companies-with-tag = Tag: { $tag }
companies-any-tag = All companies
companies-none-tagged = No company has this tag
companies-none-tagged-text = Tags are given on a company’s page.
done-tag-made = The tag was made
done-tags-merged = The tags were merged
