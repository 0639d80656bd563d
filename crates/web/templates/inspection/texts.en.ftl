## How a delivery was inspected: the town and its client read the same sentences
inspection-title = How it was checked
inspection-by-others = Whoever checks is somebody other than the maker.
inspection-all = { $count ->
    [one] The one item delivered was checked by a person.
   *[other] All { $count } items delivered were checked by a person.
}
inspection-some = Delivered: { $units }. Checked by a person: { $looked }. Our sampling plan let the others through unchecked.
inspection-two = { $count ->
    [one] 1 of them was checked by two people, one after the other.
   *[other] { $count } of them were checked by two people, one after the other.
}
inspection-faults-none = No fault was recorded.
inspection-faults = Faults recorded: { $found }. Left in what was delivered after they were mended: { $left }.
inspection-fault = { $severity } { $number }
inspection-between = {", "}
inspection-sample = Sampling applied to: { $of }. Drawn by lot and checked: { $drawn }. With a fault: { $faulty }. Faults were mended before delivery.
inspection-rate = The share of faulty ones among the unchecked items is expected to lie between { $low } and { $high } % (from { $faulty } of { $drawn } drawn by lot; { $sure } % confidence, exact Clopper–Pearson interval).
inspection-bad-passes = Even if one item in ten were faulty, about 1 in { $times } such deliveries would show as few faults as this.
inspection-bad-never-passes = If one item in ten were faulty, hardly any delivery would show as few faults as this.
inspection-nothing-drawn = No item of this delivery was drawn to be checked by lot, so the share of faulty ones among the unchecked items is not known.
