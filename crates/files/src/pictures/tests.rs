//! Pictures made piece by piece, so that each piece is known.

use proptest::prelude::*;

use super::*;

/// What stands in every note that must go.
const PLACE: &[u8] = b"36.1135N 138.3270E";

fn count(file: &[u8], wanted: &[u8]) -> usize {
    file.windows(wanted.len()).filter(|window| *window == wanted).count()
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker][..], &length, content].concat()
}

/// An EXIF structure that names an orientation and a place, in either order of bytes.
fn exif(orientation: u8, little: bool) -> Vec<u8> {
    let head: &[u8] = if little { b"II*\0\x08\0\0\0\x01\0" } else { b"MM\0*\0\0\0\x08\0\x01" };
    let entry = if little {
        [0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]
    } else {
        [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]
    };
    [head, &entry, &[0; 4], PLACE].concat()
}

fn in_jpeg(tiff: &[u8]) -> Vec<u8> {
    segment(0xe1, &[b"Exif\0\0", tiff].concat())
}

/// A photo with everything that phones and programs put into one.
fn photo(notes: &[Vec<u8>]) -> Vec<u8> {
    [
        &[0xff, 0xd8][..],
        &segment(0xe0, b"JFIF\0\x01\x02\x01\0\x48\0\x48\0\0"),
        &notes.concat(),
        &segment(0xe2, b"ICC_PROFILE\0\x01\x01colours"),
        &segment(0xee, b"Adobe\0\x64\0\0\0\0\x01"),
        &segment(0xdb, &[1; 65]),
        &segment(0xc0, &[8, 0, 1, 0, 1, 1, 1, 0x11, 0]),
        &segment(0xda, &[1, 1, 0, 0, 0x3f, 0]),
        b"coded\xff\x00\xff\xd3more",
        &[0xff, 0xff, 0xd9],
        PLACE,
    ]
    .concat()
}

#[test]
fn a_picture_keeps_what_it_looks_like_and_loses_where_it_was_taken() {
    let notes = [
        in_jpeg(&exif(1, true)),
        segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", PLACE].concat()),
        segment(0xe2, &[b"MPF\0", PLACE].concat()),
        segment(0xed, &[b"Photoshop 3.0\08BIM", PLACE].concat()),
        segment(0xfe, PLACE),
        segment(0xe5, PLACE),
    ];
    let clean = without_traces(MediaType::Jpeg, photo(&notes)).unwrap();
    let bare = photo(&[]);
    let end = bare.len() - PLACE.len() - 3;
    assert_eq!(clean, [&bare[..end], &[0xff, 0xd9]].concat(), "nothing but the notes went");
    assert_eq!(without_traces(MediaType::Jpeg, clean.clone()), Ok(clean), "and it went at once");
}

#[test]
fn a_photo_stays_the_way_up_it_was_taken() {
    for little in [true, false] {
        for orientation in 2..=8 {
            let clean =
                without_traces(MediaType::Jpeg, photo(&[in_jpeg(&exif(orientation, little))])).unwrap();
            assert_eq!(count(&clean, PLACE), 0);
            let at = clean.windows(6).position(|window| window == b"Exif\0\0").unwrap();
            assert_eq!(orientation::of_tiff(&clean[at + 6..]), Some(orientation));
            assert_eq!(clean[at - 2..at], [0, 34], "its length");
            assert_eq!(without_traces(MediaType::Jpeg, clean.clone()), Ok(clean));
        }
    }
    let nonsense = without_traces(MediaType::Jpeg, photo(&[in_jpeg(&exif(9, true))])).unwrap();
    assert_eq!(count(&nonsense, b"Exif"), 0);
}

fn chunk(name: &[u8], content: &[u8]) -> Vec<u8> {
    [&u32::try_from(content.len()).unwrap().to_be_bytes()[..], name, content, b"crc!"].concat()
}

fn png(notes: &[Vec<u8>]) -> Vec<u8> {
    [
        &b"\x89PNG\r\n\x1a\n"[..],
        &chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]),
        &chunk(b"gAMA", &[0, 0, 0xb1, 0x8f]),
        &notes.concat(),
        &chunk(b"PLTE", &[0, 0, 0]),
        &chunk(b"tRNS", &[0]),
        &chunk(b"IDAT", b"pixels"),
        &chunk(b"IEND", b""),
    ]
    .concat()
}

/// The same picture with a comment that names a place, and without.
pub(crate) fn noted_and_bare() -> (Vec<u8>, Vec<u8>) {
    (png(&[chunk(b"tEXt", &[b"Comment\0", PLACE].concat())]), png(&[]))
}

#[test]
fn a_png_loses_its_texts() {
    let notes = [
        chunk(b"eXIf", &exif(1, false)),
        chunk(b"tEXt", &[b"Comment\0", PLACE].concat()),
        chunk(b"zTXt", PLACE),
        chunk(b"iTXt", &[b"XML:com.adobe.xmp\0", PLACE].concat()),
        chunk(b"tIME", &[7, 0xea, 11, 27, 0, 0, 0]),
        chunk(b"prVt", PLACE),
    ];
    let with_more = [png(&notes), PLACE.to_vec()].concat();
    assert_eq!(without_traces(MediaType::Png, with_more), Ok(png(&[])));
}

fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    let content = [b"WEBP", &*chunks.concat()].concat();
    [b"RIFF", &u32::try_from(content.len()).unwrap().to_le_bytes()[..], &content].concat()
}

fn piece(name: &[u8], content: &[u8]) -> Vec<u8> {
    let padding = vec![0; content.len() % 2];
    [name, &u32::try_from(content.len()).unwrap().to_le_bytes()[..], content, &padding].concat()
}

#[test]
fn a_webp_loses_its_notes_and_says_so() {
    let extended = |flags| piece(b"VP8X", &[flags, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    let picture = [piece(b"ICCP", b"odd"), piece(b"VP8 ", b"pixels")].concat();
    let taken = riff(&[
        extended(0b0010_1100),
        picture.clone(),
        piece(b"EXIF", &exif(6, true)),
        piece(b"XMP ", PLACE),
    ]);
    assert_eq!(without_traces(MediaType::Webp, taken), Ok(riff(&[extended(0b0010_0000), picture])));
}

fn boxed(name: &[u8], content: &[u8]) -> Vec<u8> {
    [&u32::try_from(content.len() + 8).unwrap().to_be_bytes()[..], name, content].concat()
}

/// A photo of an iPhone: one picture, its EXIF and its XMP in `mdat`.
fn heic() -> Vec<u8> {
    let noted = [&[0, 0, 0, 0][..], &exif(6, false)].concat();
    let entry =
        |id: u8, kind: &[u8; 4]| boxed(b"infe", &[&[2, 0, 0, 0, 0, id, 0, 0][..], kind, b"\0"].concat());
    let items = boxed(
        b"iinf",
        &[&[0, 0, 0, 0, 0, 3][..], &entry(1, b"hvc1"), &entry(2, b"Exif"), &entry(3, b"mime")].concat(),
    );
    let begins = boxed(b"ftyp", b"heic\0\0\0\0mif1heic");
    let lengths = [6, noted.len(), PLACE.len()];
    let table = |first: usize| {
        let mut at = first;
        let mut content = vec![1, 0, 0, 0, 0x44, 0, 0, 3];
        for (id, length) in (1_u8..).zip(lengths) {
            content.extend([0, id, 0, 0, 0, 0, 0, 1]);
            content.extend(u32::try_from(at).unwrap().to_be_bytes());
            content.extend(u32::try_from(length).unwrap().to_be_bytes());
            at += length;
        }
        boxed(b"meta", &[&[0; 4][..], &items, &boxed(b"iloc", &content)].concat())
    };
    let first = begins.len() + table(0).len() + 8;
    let data = boxed(b"mdat", &[b"pixels", &*noted, PLACE].concat());
    [begins, table(first), data].concat()
}

#[test]
fn an_iphones_photo_loses_its_notes_where_they_stand() {
    let taken = heic();
    assert_eq!(count(&taken, PLACE), 2);
    let clean = without_traces(MediaType::Heic, taken.clone()).unwrap();
    assert_eq!((clean.len(), count(&clean, PLACE), count(&clean, b"pixels")), (taken.len(), 0, 1));
    let pixels = taken.windows(6).position(|window| window == b"pixels").unwrap();
    assert_eq!(clean[..pixels + 6], taken[..pixels + 6]);
}

/// A picture of items of these kinds, whose bytes stand where the content of `iloc` says.
fn heic_of(kinds: &[&[u8; 4]], table: &[u8]) -> Vec<u8> {
    let entries = (1_u16..).zip(kinds).flat_map(|(id, kind)| {
        boxed(b"infe", &[&[2, 0, 0, 0][..], &id.to_be_bytes(), &[0, 0], *kind, b"\0"].concat())
    });
    let entries: Vec<u8> = entries.collect();
    let items = boxed(b"iinf", &[&[0; 6][..], &entries].concat());
    let meta = boxed(b"meta", &[&[0; 4][..], &items, &boxed(b"iloc", table)].concat());
    [boxed(b"ftyp", b"heic\0\0\0\0mif1heic"), meta, boxed(b"mdat", b"pixels")].concat()
}

#[test]
fn a_few_bytes_never_stand_for_millions() {
    let clean = |kinds: &[&[u8; 4]], table: &[u8]| without_traces(MediaType::Heic, heic_of(kinds, table));
    // An extent whose fields are all empty takes no bytes, so each item of six bytes names 65,535 of them.
    for count in [1_u16, 8_192] {
        let item = |id: u16| [&id.to_be_bytes()[..], &[0; 2], &[0xff; 2]].concat();
        let items: Vec<u8> = (1..=count).flat_map(item).collect();
        let table = [&[0; 6][..], &count.to_be_bytes(), &items].concat();
        assert!(heic_of(&[b"hvc1"], &table).len() < 50_000);
        assert_eq!(clean(&[b"hvc1"], &table), Err(Refusal::Content), "{count}");
    }
    let extents = |count: u16| [&[0; 6][..], &[0, 1, 0, 1, 0, 0], &count.to_be_bytes()].concat();
    assert!(clean(&[b"hvc1"], &extents(4_096)).is_ok());
    assert_eq!(clean(&[b"hvc1"], &extents(4_097)), Err(Refusal::Content));
    assert!(clean(&vec![b"hvc1"; 4_096], &[0; 8]).is_ok());
    assert_eq!(clean(&vec![b"hvc1"; 4_097], &[0; 8]), Err(Refusal::Content), "items");
}

#[test]
fn notes_that_name_the_same_bytes_again_and_again_are_refused() {
    let extent = [&[0; 4][..], &60_u32.to_be_bytes()].concat();
    let table = |count: u16| {
        let head = [&[0; 4][..], &[0x44, 0, 0, 1, 0, 1, 0, 0], &count.to_be_bytes()].concat();
        [head, extent.repeat(count.into())].concat()
    };
    assert!(without_traces(MediaType::Heic, heic_of(&[b"Exif"], &table(1))).is_ok());
    let again = heic_of(&[b"Exif"], &table(100));
    assert!(again.len() < 60 * 100);
    assert_eq!(without_traces(MediaType::Heic, again), Err(Refusal::Content));
}

#[test]
fn what_a_note_counts_is_not_looked_for_where_it_ends() {
    let counts_much = in_jpeg(b"II*\0\x08\0\0\0\xff\xff");
    let begun = std::time::Instant::now();
    let clean = without_traces(MediaType::Jpeg, photo(&vec![counts_much; 40_000])).unwrap();
    assert_eq!(count(&clean, b"Exif"), 0);
    // Billions of entries would take minutes.
    assert!(begun.elapsed().as_secs() < 10);
}

#[test]
fn what_is_no_whole_picture_is_broken() {
    let header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    assert_eq!(without_traces(MediaType::Png, header), Err(Refusal::Content));
    let no_side = png(&[]).iter().enumerate().map(|(at, byte)| if at == 19 { 0 } else { *byte }).collect();
    assert_eq!(without_traces(MediaType::Png, no_side), Err(Refusal::Content));
    let wholes = [(MediaType::Png, png(&[])), (MediaType::Webp, riff(&[piece(b"VP8L", b"pixels")]))];
    for (kind, whole) in wholes {
        assert!(without_traces(kind, whole.clone()).is_ok());
        for length in 0..whole.len() {
            assert_eq!(
                without_traces(kind, whole[..length].to_vec()),
                Err(Refusal::Content),
                "{kind} {length}"
            );
        }
    }
    let photo = photo(&[]);
    let scan = photo.windows(2).position(|pair| pair == [0xff, 0xda]).unwrap();
    for length in 0..scan + 8 {
        assert_eq!(
            without_traces(MediaType::Jpeg, photo[..length].to_vec()),
            Err(Refusal::Content),
            "{length}"
        );
    }
    let forgotten = without_traces(MediaType::Jpeg, photo[..scan + 12].to_vec()).unwrap();
    assert!(forgotten.ends_with(&[0xff, 0xd9]), "cameras forget the end");
}

proptest! {
    #[test]
    fn no_bytes_whatever_stop_it(
        which in 0..4_usize, at in 0..400_usize, byte: u8, noise in prop::collection::vec(any::<u8>(), 0..200)
    ) {
        let kinds = [MediaType::Jpeg, MediaType::Png, MediaType::Webp, MediaType::Heic];
        let wholes = [photo(&[in_jpeg(&exif(6, true))]), png(&[]), riff(&[piece(b"VP8 ", b"pixels")]), heic()];
        let mut file = wholes[which].clone();
        let place = at % file.len();
        file[place] = byte;
        let _whatever = without_traces(kinds[which], file);
        let _noise = without_traces(kinds[which], noise);
    }
}
