//! The sound itself, as a file, by the engine that is used where no other is set.

use std::collections::BTreeMap;
use std::process::Command;

use nowserving::config::VoiceSettings;
use nowserving::voice::{LOUDNESS, Language, PEAK, Phrase, Sound, Tools};

fn engine() -> bool {
    Command::new("espeak-ng").arg("--version").output().is_ok_and(|output| output.status.success())
}

async fn made(tools: &Tools, language: Language, phrase: Phrase) -> Sound {
    tools.make(&(language, phrase.clone())).await.unwrap_or_else(|error| panic!("{language:?} {phrase:?}: {error}"))
}

#[tokio::test]
async fn every_language_is_heard_not_clipped_and_as_long_as_it_should_be() {
    if !engine() {
        println!("SKIPPED every_language_is_heard_not_clipped_and_as_long_as_it_should_be: there is no espeak-ng");
        return;
    }
    let tools = Tools::new(VoiceSettings::default());
    for language in Language::all() {
        let mut sounds = BTreeMap::new();
        for number in ["R001", "R042", "A042", "Z777"] {
            let sound = made(&tools, language, Phrase::Number(number.into())).await;
            let loudness = sound.loudness().unwrap();
            assert!((loudness - LOUDNESS).abs() < 1.5, "{language:?} {number}: {loudness} LUFS");
            assert!(sound.peak() <= PEAK && sound.peak() > 0.1, "{language:?} {number}: {}", sound.peak());
            assert!((500..4_500).contains(&sound.ms()), "{language:?} {number}: {} ms", sound.ms());
            // nothing but the name of a number is missing where a voice cannot read it
            sounds.insert(number, sound);
        }
        assert!(sounds["R001"].ms() + 100 < sounds["Z777"].ms(), "{language:?}: 1 is as long as 777");
        assert!(sounds["R042"] != sounds["A042"] && sounds["R001"] != sounds["R042"], "{language:?}");
        let (one, two) = (desk(&tools, language, "1").await, desk(&tools, language, "2").await);
        assert!(one != two && (500..4_500).contains(&one.ms()), "{language:?}: {} ms", one.ms());
    }
}

async fn desk(tools: &Tools, language: Language, id: &str) -> Sound {
    made(tools, language, Phrase::Desk(id.into(), format!("Desk {id}"))).await
}

#[tokio::test]
async fn every_other_sentence_can_be_said_too() {
    if !engine() {
        println!("SKIPPED every_other_sentence_can_be_said_too: there is no espeak-ng");
        return;
    }
    let tools = Tools::new(VoiceSettings::default());
    let number = || "R042".to_owned();
    for language in Language::all() {
        for phrase in [
            Phrase::Yours(number()),
            Phrase::Remember(number()),
            Phrase::Serving(number()),
            Phrase::Last(number()),
            Phrase::At("3".into(), "Desk 3".into()),
            Phrase::Desk("W".into(), "Workshop <1> & more".into()),
            Phrase::Wait(0, 3),
            Phrase::Wait(0, 20),
            Phrase::Wait(12, 25),
            Phrase::Nobody,
        ] {
            let sound = made(&tools, language, phrase.clone()).await;
            assert!((300..12_000).contains(&sound.ms()), "{language:?} {phrase:?}: {} ms", sound.ms());
        }
    }
}

/// The program's own file of a call: chime and words follow each other.
#[test]
fn a_call_comes_out_as_a_file() {
    if !engine() {
        println!("SKIPPED a_call_comes_out_as_a_file: there is no espeak-ng");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("call.wav");
    let output = Command::new(env!("CARGO_BIN_EXE_nowserving"))
        .args(["say", "--number", "R042", "--desk", "3", "--language", "de", "--language", "en", "--json", "--config"])
        .args(["/dev/null", "--out"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["said"], "Nummer R 42. Bitte zu Schalter 3. Number R 42. Please go to desk 3.");
    let sound = Sound::from_wav(&std::fs::read(&file).unwrap()).unwrap();
    assert!((6_000..12_000).contains(&sound.ms()), "{} ms", sound.ms());
    assert!(sound.peak() <= PEAK + 0.001);
}

#[test]
fn a_call_that_cannot_be_made_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("nowserving.toml");
    std::fs::write(&settings, "[voice]\nengine = ['/no/such/engine']\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_nowserving")).args(["say", "--config"]).arg(&settings).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("engine in [voice]") && told.contains("/no/such/engine cannot be started"), "{told}");
}

/// A recogniser that has never heard this voice understands which number goes where.
#[test]
fn a_recogniser_understands_english_calls() {
    let python = Command::new("python3").args(["-c", "import pocketsphinx"]).output();
    if !engine() || !python.is_ok_and(|output| output.status.success()) {
        println!("SKIPPED a_recogniser_understands_english_calls: espeak-ng or Python's pocketsphinx is missing");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let calls = [
        ("R042", "3", "number r. forty two please go to desk three"),
        ("B105", "2", "number b. one hundred five please go to desk two"),
        ("P318", "4", "number p. three hundred eighteen please go to desk four"),
        ("Z077", "12", "number z. seventy seven please go to desk twelve"),
        ("S250", "6", "number s. two hundred fifty please go to desk six"),
        ("F013", "1", "number f. thirteen please go to desk one"),
        ("K216", "8", "number k. two hundred sixteen please go to desk eight"),
        ("D099", "5", "number d. ninety nine please go to desk five"),
    ];
    let (mut right, mut all, mut heard) = (0, 0, Vec::new());
    for (number, desk, said) in calls {
        let file = folder.path().join(format!("{number}.wav"));
        let program = env!("CARGO_BIN_EXE_nowserving");
        let mut say = Command::new(program);
        say.args(["say", "--number", number, "--desk", desk, "--language", "en", "--no-chime", "--config", "/dev/null"]);
        assert!(say.arg("--out").arg(&file).output().unwrap().status.success());
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/voice/recognise.py");
        let output = Command::new("python3").arg(script).arg(&file).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        let (said, understood) = (said.split(' ').collect::<Vec<_>>(), text.split(' ').collect::<Vec<_>>());
        right += alike(&said, &understood);
        all += said.len();
        heard.push(text);
    }
    // chance alone gets the frame of the sentence; the numbers have to be there too
    assert!(right * 100 >= all * 85, "{right} of {all} words: {heard:#?}");
}

/// How many words stand in both in the same order.
fn alike(one: &[&str], other: &[&str]) -> usize {
    let mut best = vec![0; other.len() + 1];
    for word in one {
        let mut diagonal = 0;
        for (at, heard) in other.iter().enumerate() {
            let above = best[at + 1];
            best[at + 1] = if word == heard { diagonal + 1 } else { above.max(best[at]) };
            diagonal = above;
        }
    }
    best[other.len()]
}
