//! Towns that ask, agree and end, against a real database and real tasks.

use kernel::{Code, Coded};

use super::*;
use crate::shares::testing::Towns;
use crate::testing::Town;

fn asking(town: &Town, slug: &str) -> PartnerError {
    town.attempt(town.director, |tx| ask(tx, &AskPartnerInput { town: slug.into() })).unwrap_err()
}

#[test]
fn two_towns_share_only_while_both_want_it() {
    let towns = Towns::new();
    let (here, there) = (&towns.here, &towns.there);
    towns.asks(here, "Shiojiri");
    assert!(there.act(there.director, agreed).is_empty());
    towns.crosses();
    let (ours, theirs) = (towns.partner(here), towns.partner(there));
    assert_eq!((ours.standing, theirs.standing), (Standing::Asked, Standing::AskedBy));
    assert_eq!(
        (ours.name.as_str(), theirs.name.as_str()),
        ("塩尻市", "立科町"),
        "by the names they have now"
    );
    there.act(there.director, |tx| agree(tx, theirs.id));
    towns.crosses();
    assert_eq!(here.act(here.director, agreed).len(), 1);
    here.act(here.director, |tx| end(tx, ours.id));
    towns.crosses();
    assert_eq!(towns.partner(there).standing, Standing::Ended);
    let told: Vec<Standing> = here.facts::<PartnerHeard>().iter().map(|one| one.standing).collect();
    assert_eq!(told, [Standing::AskedBy, Standing::Agreed, Standing::Ended]);
    towns.asks(there, "tateshina");
    towns.crosses();
    assert_eq!(towns.partner(here).standing, Standing::AskedBy, "it may be asked for again");
}

#[test]
fn nobody_asks_themselves_nor_who_is_not_there_nor_twice() {
    let towns = Towns::new();
    let here = &towns.here;
    for (slug, code) in [("tateshina", Code::SameOne), ("nowhere", Code::NoSuchTown), ("", Code::Required)] {
        let error = asking(here, slug);
        assert_eq!((error.fields()[0].field.as_str(), error.fields()[0].code), ("town", code));
    }
    let lobby = |lobby: &mut db::Lobby<'_>| {
        let demo =
            organizations::NewTown { slug: "demo".into(), name: "見本町".into(), ..Default::default() };
        organizations::open(lobby, organizations::TownKind::Demo, &demo)
    };
    here.db.app.lobby_blocking(lobby).unwrap();
    assert_eq!(asking(here, "demo").fields()[0].code, Code::NoSuchTown, "an invented town is none");
    let partner = towns.asks(here, "shiojiri");
    assert!(matches!(asking(here, "shiojiri"), PartnerError::Stands(Standing::Asked)));
    let own = here.attempt(here.director, |tx| agree(tx, partner.id)).unwrap_err();
    assert!(matches!(own, PartnerError::Stands(Standing::Asked)), "nobody says yes to themselves");
    here.act(here.director, |tx| end(tx, partner.id));
    let over = here.attempt(here.director, |tx| end(tx, partner.id)).unwrap_err();
    assert_eq!(over.code(), Code::Conflict);
    towns.crosses();
}

#[test]
fn both_sides_come_to_the_same() {
    // Both ask at once; one ends while the other agrees; one ends and asks again before the other hears.
    let towns = Towns::new();
    let (here, there) = (&towns.here, &towns.there);
    let standing = || [towns.partner(here).standing, towns.partner(there).standing];
    towns.asks(here, "shiojiri");
    towns.asks(there, "tateshina");
    towns.crosses();
    assert_eq!(standing(), [Standing::Agreed; 2]);
    let (ours, theirs) = (towns.partner(here).id, towns.partner(there).id);
    here.act(here.director, |tx| end(tx, ours));
    towns.asks(here, "shiojiri");
    towns.crosses();
    assert_eq!(standing(), [Standing::Agreed; 2]);
    here.act(here.director, |tx| end(tx, ours));
    there.act(there.director, |tx| end(tx, theirs));
    towns.crosses();
    assert_eq!(standing(), [Standing::Ended; 2]);
    towns.asks(here, "shiojiri");
    towns.crosses();
    here.act(here.director, |tx| end(tx, ours));
    there.act(there.director, |tx| agree(tx, theirs));
    towns.crosses();
    assert_eq!(standing(), [Standing::Ended; 2]);
    // What is told once more says nothing new.
    let heard = here.facts::<PartnerHeard>().len();
    here.act(here.director, |tx| queue::enqueue(tx, &TellTown { partner: ours }));
    there.act(there.director, |tx| queue::enqueue(tx, &TellTown { partner: theirs }));
    towns.crosses();
    assert_eq!(here.facts::<PartnerHeard>().len(), heard);
}
