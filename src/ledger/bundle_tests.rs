use proptest::prelude::*;

use super::*;
use crate::signage::{Image, ImageId, Kind, Text, Translation};

fn ledger() -> (tempfile::TempDir, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let connection = super::super::open(&super::super::path_in(folder.path())).unwrap();
    (folder, connection)
}

const HERE: By<'static> = By { actor: "staff:Anna", wall_ms: 1_000 };
const LATER: By<'static> = By { actor: "staff:Ben", wall_ms: 2_000 };

fn take(connection: &Connection, bundle: &Bundle, by: By<'_>) -> Taken {
    take_in(connection, bundle, How::default(), by, |_, _| {}).unwrap()
}

fn picture(colour: u8) -> FileImage {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(3, 2, image::Rgb([colour, 0, 0])).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let png = png.into_inner();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(&png);
    let id = ImageId::try_from(data_encoding::HEXLOWER.encode(&digest[..16])).unwrap();
    FileImage { id, media: "image/png".into(), width: 3, height: 2, base64: data_encoding::BASE64.encode(&png) }
}

fn text() -> impl Strategy<Value = Text> {
    ("[a-zé{}\"\\\\ ]{1,12}", "\\PC{0,12}", prop::collection::vec("[a-z]{1,5}", 0..3))
        .prop_map(|(question, short, also)| Text { question, short, also, ..Text::default() })
}

fn entry() -> impl Strategy<Value = Entry> {
    let translations = prop::collection::btree_map("(de|es|fr)", (text(), prop::option::of(1_u32..9)), 0..3);
    let services = prop::collection::btree_set("[RPQ]", 0..3);
    (text(), translations, services, 0_u8..3, any::<bool>(), 0_u8..50).prop_map(
        |(original, translations, services, picture_of, pin, least_share)| Entry {
            kind: Kind::Prepares,
            original,
            translations: translations
                .into_iter()
                .map(|(code, (text, stale_since))| (code.as_str().into(), Translation { text, stale_since }))
                .collect(),
            services: services.iter().map(|id| id.as_str().into()).collect(),
            image: (picture_of < 2).then(|| Image { id: picture(picture_of).id, width: 3, height: 2 }),
            pin,
            least_share,
            ..Entry::default()
        },
    )
}

fn bundle() -> impl Strategy<Value = Bundle> {
    let state = prop::sample::select(vec![Standing::Draft, Standing::Review, Standing::Live, Standing::Retired]);
    let rows = prop::collection::btree_map("[a-e]", (state, entry(), prop::option::of(entry())), 0..5);
    let fields = prop::collection::btree_map("[a-z]{1,3}", "\\PC{0,8}", 0..4);
    (rows, fields).prop_map(|(rows, fields)| {
        let mut bundle = Bundle { format: FORMAT.into(), fields, ..Bundle::default() };
        for (name, (state, entry, draft)) in rows {
            let id = EntryId::try_from(name).unwrap();
            bundle.entries.push(FileEntry { id: id.clone(), state, live_from_ms: None, entry });
            // a draft of what is live stands behind it
            let draft = draft.filter(|_| state == Standing::Live);
            bundle.entries.extend(draft.map(|entry| FileEntry { id, state: Standing::Draft, live_from_ms: None, entry }));
        }
        let used: BTreeSet<_> =
            bundle.entries.iter().filter_map(|row| row.entry.image.as_ref()).map(|i| i.id.clone()).collect();
        bundle.images = [0, 1].map(picture).into_iter().filter(|image| used.contains(&image.id)).collect();
        bundle.images.sort_by(|a, b| a.id.cmp(&b.id));
        bundle
    })
}

/// As a file has it, whatever version a translation is stale since.
fn plain(mut bundle: Bundle) -> Bundle {
    for row in &mut bundle.entries {
        row.entry.translations.values_mut().for_each(|text| text.stale_since = text.stale_since.map(|_| 0));
    }
    bundle
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn what_goes_out_comes_in_again_and_twice_is_once(bundle in bundle()) {
        let (_one, connection) = ledger();
        let read = Bundle::read(&serde_json::to_vec(&bundle).unwrap()).unwrap();
        prop_assert_eq!(&read, &bundle);
        take(&connection, &bundle, HERE);
        let packed = pack(&connection, 1_000).unwrap();
        prop_assert_eq!(plain(packed.clone()), plain(bundle.clone()));
        // again, here and at another branch
        let again = take(&connection, &bundle, LATER);
        prop_assert!(again.is_nothing(), "{again:?}");
        let (_other, connection) = ledger();
        take(&connection, &packed, HERE);
        prop_assert!(take(&connection, &packed, LATER).is_nothing());
        prop_assert_eq!(plain(pack(&connection, 2_000).unwrap()), plain(bundle));
    }
}

#[test]
fn a_branch_keeps_its_own_fields_and_entries_and_a_dry_run_changes_nothing() {
    let (_folder, connection) = ledger();
    let mut example = Bundle::example();
    let trial = How { dry_run: true, ..How::default() };
    let told = take_in(&connection, &example, trial, HERE, |_, _| {}).unwrap();
    assert_eq!(told.new.len(), example.entries.len());
    assert!(Entries(&connection).newest().unwrap().is_empty(), "a dry run changes nothing");

    let own = BTreeMap::from([("return_days".to_owned(), "14".to_owned())]);
    assert!(Entries(&connection).put_document("fields", None, &own, HERE).unwrap());
    let services = BTreeSet::from(["R".to_owned(), "P".to_owned()]);
    let how = How { services: Some(&services), ..How::default() };
    let taken = take_in(&connection, &example, how, HERE, |_, _| {}).unwrap();
    assert_eq!((taken.fields_kept, taken.unknown_services), (vec!["return_days".into()], vec!["Q".into()]));
    assert_eq!(Entries(&connection).content(1_000).unwrap().0.fields["return_days"], "14");

    // head office changes one, and sends it as a draft: what is live stays so until somebody publishes it
    let id = example.entries[0].id.clone();
    example.entries[0].entry.original.short = "Ask us.".into();
    let draft = How { r#as: As::Draft, replace_fields: true, ..How::default() };
    let mut sent = example.clone();
    sent.entries.truncate(1);
    let taken = take_in(&connection, &sent, draft, LATER, |_, _| {}).unwrap();
    assert_eq!((taken.changed, taken.fields), (vec![id.clone()], vec!["return_days".to_owned()]));
    let live = |now| Entries(&connection).content(now).unwrap().0.get(&id).cloned().unwrap().entry.original.short;
    assert_ne!(live(2_000), "Ask us.");
    let publish = How { r#as: As::Live, ..How::default() };
    take_in(&connection, &sent, publish, LATER, |_, _| {}).unwrap();
    assert_eq!(live(2_000), "Ask us.");
}

#[test]
fn what_is_to_come_is_sent_with_its_time_and_is_shown_no_sooner() {
    let (_one, connection) = ledger();
    let id = EntryId::of("spring");
    let says = |short: &str| {
        let original = Text { question: "When does the garden open?".into(), short: short.into(), ..Text::default() };
        Entry { original, ..Entry::default() }
    };
    let put = |base, state, due_ms, short: &str| {
        let entry = says(short);
        let new = super::super::NewVersion { id: &id, base, state, due_ms, note: "", entry: &entry };
        Entries(&connection).put(&new, HERE).unwrap().unwrap();
    };
    put(0, EntryState::Live, None, "In spring.");
    put(1, EntryState::Live, Some(5_000), "Now.");
    put(2, EntryState::Draft, None, "Soon.");
    let packed = pack(&connection, 1_500).unwrap();
    let told: Vec<_> =
        packed.entries.iter().map(|row| (row.state, row.live_from_ms, row.entry.original.short.as_str())).collect();
    let wanted =
        [(Standing::Live, None, "In spring."), (Standing::Live, Some(5_000), "Now."), (Standing::Draft, None, "Soon.")];
    assert_eq!(told, wanted);

    let (_other, connection) = ledger();
    take(&connection, &packed, LATER);
    let live = |now| Entries(&connection).content(now).unwrap().0.get(&id).cloned().unwrap().entry.original.short;
    assert_eq!((live(4_999).as_str(), live(5_000).as_str()), ("In spring.", "Now."));
    assert_eq!(pack(&connection, 2_000).unwrap(), packed);
    assert!(take(&connection, &packed, LATER).is_nothing());
    // whoever takes it in late shows it at once
    let (_late, connection) = ledger();
    take(&connection, &packed, By { wall_ms: 6_000, ..LATER });
    assert_eq!(Entries(&connection).content(6_000).unwrap().0.get(&id).unwrap().entry.original.short, "Now.");
    assert!(take(&connection, &packed, By { wall_ms: 7_000, ..LATER }).is_nothing());
}

#[test]
fn a_file_with_one_bad_picture_changes_nothing_at_all() {
    let (_folder, connection) = ledger();
    let mut bad = Bundle::example();
    bad.images = vec![picture(0), FileImage { width: 9, ..picture(1) }];
    let error = take_in(&connection, &bad, How::default(), HERE, |_, _| {}).unwrap_err();
    assert!(error.to_string().contains("another size"), "{error}");
    assert_eq!(Images(&connection).used().unwrap(), 0);
    assert!(Entries(&connection).newest().unwrap().is_empty());
}
