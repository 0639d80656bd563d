//! What people may do to units, in words and without a database, for the real thing to be compared with.

use std::collections::{BTreeMap, BTreeSet};

use super::{Attempt, PEOPLE, Step, UNITS, WORKERS};

/// A unit as the reference model sees it: words for states, written down without looking at `units::next`.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) state: &'static str,
    holder: Option<usize>,
    /// A decision about a fix gave it a day of its own.
    own_day: bool,
    /// The day its holder accepted lies before the job's.
    behind: bool,
    makers: BTreeSet<usize>,
    /// How many versions were handed in and not taken back.
    standing: usize,
    checkers: BTreeSet<usize>,
    /// Who earned its pay, or was refused it: nobody is offered the same unit then.
    done_with: BTreeSet<usize>,
    /// Whose version stands although it was sent back: what was wanted of it was a line of its own.
    stands: Option<usize>,
    /// Who looks at its newest version.
    taken: Option<usize>,
    /// Who let its newest version pass the first of two looks.
    first: Option<usize>,
    /// Who went against whose work last, where that one has not appealed.
    refusals: BTreeMap<usize, Against>,
    /// Whose appeals against what wait, the oldest first.
    appeals: Vec<(usize, Against)>,
    /// How many versions were ever handed in.
    made: usize,
    /// Whose last claim ended by itself: they may still hand in while nobody else has it. With whether the day they had
    /// accepted lies before the job's.
    lapsed: BTreeMap<usize, bool>,
}

/// A verdict against somebody's work.
#[derive(Debug, Clone, Copy)]
struct Against {
    checker: usize,
    /// It went back, and was not refused.
    is_return: bool,
    /// Which version it was.
    version: usize,
}

impl Piece {
    /// It waits for `person` as it was sent back to them then.
    fn is_back(&self, person: usize, against: Against) -> bool {
        self.state == "returned" && self.holder == Some(person) && self.made == against.version
    }

    /// What was sent back rests while its maker's appeal waits.
    fn rests(&self) -> bool {
        self.appeals.iter().any(|(maker, against)| self.is_back(*maker, *against))
    }

    /// What a step that was allowed leaves behind.
    fn comes_to(&mut self, to: &'static str, step: Step, person: usize) {
        let submits = matches!(step, Step::Submit | Step::SubmitSame);
        self.taken = matches!(step, Step::Begin).then_some(person);
        if to != "checking" {
            self.first = None;
        }
        if matches!(to, "rejected" | "returned") {
            self.stands = None;
            let against = Against { checker: person, is_return: to == "returned", version: self.made };
            self.refusals.extend(self.holder.map(|maker| (maker, against)));
        }
        self.made += usize::from(submits);
        self.standing += usize::from(submits);
        self.standing -= usize::from(matches!(step, Step::Retract));
        match to {
            "submitted" if submits => self.makers.insert(person),
            "returned" | "passed" | "rejected" => self.checkers.insert(person),
            _ => false,
        };
        if matches!(to, "passed" | "rejected") {
            self.done_with.extend(self.holder);
        }
        if matches!(to, "offered" | "draft") {
            self.leaves();
        }
        self.own_day |= matches!(step, Step::Decide);
        self.state = to;
    }

    /// It goes out of its holder's hands, who has earned it where a version of theirs stands.
    fn leaves(&mut self) {
        let earned = self.stands.take().filter(|maker| self.holder == Some(*maker));
        self.done_with.extend(earned);
        self.holder = None;
    }

    /// The first of two looks lets it pass to the second.
    fn passes_first(&mut self, person: usize) {
        self.first = Some(person);
        self.taken = None;
        self.checkers.insert(person);
        self.state = "checking";
    }

    /// Somebody has something to do with it.
    fn is_to_do(&self) -> bool {
        matches!(self.state, "claimed" | "working" | "paused" | "returned")
    }
}

#[derive(Debug, Clone)]
pub(super) struct Reference {
    /// How many people look at each version.
    levels: i16,
    pub(super) pieces: Vec<Piece>,
    /// Workers before whom the job lies.
    offered: bool,
    /// Whether the job itself is open: taken back whole, its conditions may be changed.
    open: bool,
    /// How many parts wait for their share.
    parts: usize,
    /// The units of each delivery that waits for its answer, oldest first.
    deliveries: Vec<Vec<usize>>,
}

impl Reference {
    pub(super) fn new(levels: i16) -> Self {
        let piece = Piece {
            state: "draft",
            holder: None,
            own_day: false,
            behind: false,
            makers: BTreeSet::new(),
            standing: 0,
            checkers: BTreeSet::new(),
            done_with: BTreeSet::new(),
            stands: None,
            taken: None,
            first: None,
            refusals: BTreeMap::new(),
            appeals: Vec::new(),
            made: 0,
            lapsed: BTreeMap::new(),
        };
        Self {
            levels,
            pieces: vec![piece; UNITS],
            offered: false,
            open: false,
            parts: 0,
            deliveries: Vec::new(),
        }
    }

    fn has_ended(&self) -> bool {
        self.pieces.iter().all(|piece| matches!(piece.state, "accepted" | "cancelled"))
    }

    /// Every attempt of one kind that is allowed now.
    pub(super) fn allowed(&self, step: Step) -> Vec<Attempt> {
        let all = (0..PEOPLE).flat_map(|person| (0..UNITS).map(move |unit| (step, person, unit)));
        all.filter(|attempt| self.clone().play(*attempt)).collect()
    }

    /// Plays one attempt; whether it is allowed.
    pub(super) fn play(&mut self, (step, person, unit): Attempt) -> bool {
        match step {
            Step::Offer => self.offer(),
            Step::Withdraw => self.withdraw(),
            Step::Claim => self.claim(person),
            Step::Deliver => self.deliver(),
            Step::Answer(bits) => self.answer(bits),
            Step::Expire => self.expire(person),
            Step::Extend => self.extend(),
            Step::Accept => self.accept(person),
            Step::HandOver => self.hand_over(person, unit),
            Step::Appeal => self.appeal(person, unit),
            Step::Uphold | Step::Overturn | Step::Amend => self.settle(step, person, unit),
            Step::Share => {
                let any = self.parts > 0;
                self.parts = self.parts.saturating_sub(1);
                any
            }
            _ => self.play_one(step, person, unit),
        }
    }

    fn play_one(&mut self, step: Step, person: usize, unit: usize) -> bool {
        let (open, offered, levels) = (self.open, self.offered, self.levels);
        let Some(piece) = self.pieces.get_mut(unit) else { return false };
        let own = piece.holder == Some(person);
        let late = open && piece.lapsed.contains_key(&person);
        if matches!(step, Step::Keep) {
            return own;
        }
        let free = piece.taken.is_none_or(|taken| taken == person);
        let judges = matches!(piece.state, "submitted" | "checking")
            && !piece.makers.contains(&person)
            && piece.first != Some(person)
            && free;
        if matches!(step, Step::Pass) && judges && levels == 2 && piece.first.is_none() {
            piece.passes_first(person);
            return true;
        }
        // Word for word what came back once.
        if matches!(step, Step::SubmitSame) && piece.standing > 0 {
            return false;
        }
        let submits = matches!(step, Step::Submit | Step::SubmitSame);
        // Nothing is done again before it is decided whether it has to be.
        if (submits || matches!(step, Step::Start)) && own && piece.rests() {
            return false;
        }
        let to = match (step, piece.state) {
            (Step::Start, "claimed" | "returned")
            | (Step::Resume, "paused")
            | (Step::Retract, "submitted")
                if own =>
            {
                "working"
            }
            (Step::Pause, "working") if own => "paused",
            (Step::HandBack, "claimed" | "working" | "paused" | "returned") if own && offered => "offered",
            // Nobody is offered the job any more: it waits to be offered anew.
            (Step::HandBack, "claimed" | "working" | "paused" | "returned") if own => "draft",
            (Step::TakeBack, "claimed" | "working" | "paused" | "returned") if offered => "offered",
            (Step::TakeBack, "claimed" | "working" | "paused" | "returned") => "draft",
            (_, "claimed" | "working" | "paused" | "returned") if submits && own => "submitted",
            (_, "draft" | "offered")
                if submits
                    && late
                    && !piece.done_with.contains(&person)
                    && !piece.checkers.contains(&person) =>
            {
                piece.holder = Some(person);
                piece.behind = piece.lapsed.remove(&person).unwrap_or_default();
                "submitted"
            }
            (Step::Begin, _) if judges => "checking",
            (Step::Release, "checking") if piece.taken == Some(person) && piece.first.is_some() => "checking",
            (Step::Release, "checking") if piece.taken == Some(person) => "submitted",
            (Step::Return, _) if judges => "returned",
            (Step::Pass, _) if judges => "passed",
            (Step::Reject, _) if judges => "rejected",
            (Step::Reoffer, "rejected") if piece.appeals.is_empty() => "offered",
            (Step::Decide, "claimed_back") => "working",
            (Step::Cancel, state) if state != "accepted" && state != "cancelled" => "cancelled",
            _ => return false,
        };
        piece.comes_to(to, step, person);
        true
    }

    /// Handing back, but whoever made a part neither takes the unit again nor checks it; what is earned has no share.
    fn hand_over(&mut self, person: usize, unit: usize) -> bool {
        let is_earned = self
            .pieces
            .get(unit)
            .is_some_and(|piece| piece.done_with.contains(&person) || piece.stands == Some(person));
        if is_earned || !self.play_one(Step::HandBack, person, unit) {
            return false;
        }
        if let Some(piece) = self.pieces.get_mut(unit) {
            piece.makers.insert(person);
            piece.done_with.insert(person);
        }
        self.parts += 1;
        true
    }

    /// Once about the last verdict against their own work.
    fn appeal(&mut self, person: usize, unit: usize) -> bool {
        let Some(piece) = self.pieces.get_mut(unit) else { return false };
        let Some(against) = piece.refusals.get(&person).copied() else { return false };
        // Whoever began again has taken a return as it was.
        if against.is_return && !piece.is_back(person, against) {
            return false;
        }
        piece.refusals.remove(&person);
        piece.appeals.push((person, against));
        true
    }

    /// By neither whoever refused it nor whoever made it; it passes while nobody has gone on with it.
    fn settle(&mut self, step: Step, person: usize, unit: usize) -> bool {
        let Some(piece) = self.pieces.get_mut(unit) else { return false };
        let Some((maker, against)) = piece.appeals.first().copied() else { return false };
        let overturns = matches!(step, Step::Overturn);
        let is_back = against.is_return && piece.is_back(maker, against);
        let is_refused = !against.is_return && piece.state == "rejected" && piece.holder == Some(maker);
        let allowed = match step {
            Step::Overturn => is_back || is_refused,
            Step::Amend => is_back,
            _ => true,
        };
        if person == against.checker || piece.makers.contains(&person) || !allowed {
            return false;
        }
        piece.appeals.remove(0);
        // Whoever judged it makes it no more.
        piece.checkers.insert(person);
        if matches!(step, Step::Amend) {
            piece.stands = Some(maker);
        }
        if overturns {
            piece.state = "passed";
            piece.done_with.insert(maker);
        }
        true
    }

    fn offer(&mut self) -> bool {
        let waits = |piece: &Piece| matches!(piece.state, "draft" | "offered");
        if self.has_ended() || !self.pieces.iter().any(waits) {
            return false;
        }
        self.offered = true;
        self.open = true;
        for piece in self.pieces.iter_mut().filter(|piece| piece.state == "draft") {
            piece.state = "offered";
        }
        true
    }

    /// Whatever nobody has is a draft again, and nobody is offered anything until it is offered anew.
    fn withdraw(&mut self) -> bool {
        if self.has_ended() || self.pieces.iter().all(|piece| piece.state != "offered") {
            return false;
        }
        self.offered = false;
        let nobodys = |piece: &Piece| matches!(piece.state, "draft" | "offered" | "cancelled");
        self.open &= !self.pieces.iter().all(nobodys);
        for piece in self.pieces.iter_mut().filter(|piece| piece.state == "offered") {
            piece.state = "draft";
        }
        true
    }

    fn claim(&mut self, person: usize) -> bool {
        if !self.offered || person >= WORKERS {
            return false;
        }
        // Units on the job's own day go first; what came back has a day of its own, and terms name one day.
        let free = |piece: &Piece| {
            piece.state == "offered"
                && !piece.checkers.contains(&person)
                && !piece.done_with.contains(&person)
        };
        let own_day = !self.pieces.iter().any(|piece| free(piece) && !piece.own_day);
        let next = |piece: &&mut Piece| free(piece) && piece.own_day == own_day;
        let Some(piece) = self.pieces.iter_mut().find(next) else { return false };
        piece.state = "claimed";
        piece.holder = Some(person);
        piece.behind = false;
        piece.lapsed.remove(&person);
        true
    }

    /// What nobody has takes the later day at once; whoever has something is asked.
    fn extend(&mut self) -> bool {
        if self.has_ended() {
            return false;
        }
        for piece in &mut self.pieces {
            piece.own_day &= !matches!(piece.state, "draft" | "offered");
            piece.behind = true;
            piece.lapsed.values_mut().for_each(|behind| *behind = true);
        }
        true
    }

    /// All of theirs that wait for them and have no day of their own.
    fn accept(&mut self, person: usize) -> bool {
        let asked = |piece: &&mut Piece| {
            piece.holder == Some(person) && piece.is_to_do() && piece.behind && !piece.own_day
        };
        let mut any = false;
        for piece in self.pieces.iter_mut().filter(asked) {
            piece.behind = false;
            any = true;
        }
        any
    }

    /// Everything somebody has to do goes back to the others.
    fn expire(&mut self, person: usize) -> bool {
        let to = if self.offered { "offered" } else { "draft" };
        // What rests until an appeal is decided stays.
        let theirs = |piece: &&mut Piece| piece.holder == Some(person) && piece.is_to_do() && !piece.rests();
        let mut any = false;
        for piece in self.pieces.iter_mut().filter(theirs) {
            piece.state = to;
            piece.leaves();
            piece.lapsed.insert(person, piece.behind);
            any = true;
        }
        any
    }

    fn deliver(&mut self) -> bool {
        let mut bundle = Vec::new();
        for (index, piece) in self.pieces.iter_mut().enumerate() {
            if piece.state == "passed" {
                piece.state = "delivered";
                bundle.push(index);
            }
        }
        let any = !bundle.is_empty();
        if any {
            self.deliveries.push(bundle);
        }
        any
    }

    fn answer(&mut self, bits: u8) -> bool {
        if self.deliveries.is_empty() {
            return false;
        }
        for index in self.deliveries.remove(0) {
            if let Some(piece) = self.pieces.get_mut(index).filter(|piece| piece.state == "delivered") {
                piece.state = if wants_fix(bits, index) { "claimed_back" } else { "accepted" };
            }
        }
        true
    }
}

pub(super) fn wants_fix(bits: u8, unit: usize) -> bool {
    bits >> unit & 1 == 1
}
