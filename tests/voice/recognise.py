"""Says on standard output what a recogniser (pocketsphinx with its own English model) understands in a WAV file of a call."""

import struct
import sys
import tempfile
import wave

from pocketsphinx import Config, Decoder, get_model_path

GRAMMAR = """#JSGF V1.0;
grammar call;
<digit> = one|two|three|four|five|six|seven|eight|nine;
<teen> = ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen;
<tens> = twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety;
<small> = <digit>|<teen>|<tens>|<tens> <digit>;
<value> = <small> | <digit> hundred | <digit> hundred [and] <small>;
<letter> = a.|b.|c.|d.|e.|f.|g.|h.|j.|k.|l.|m.|n.|p.|q.|r.|s.|t.|u.|v.|w.|x.|y.|z.;
public <call> = number <letter> <value> please go to desk <small>;
"""
RATE = 16000


def samples(path):
    """The file at the recogniser's rate, with silence around it."""
    with wave.open(path) as sound:
        rate, count = sound.getframerate(), sound.getnframes()
        given = struct.unpack(f"<{count}h", sound.readframes(count))
    taken = []
    for n in range(int(count * RATE / rate)):
        place = n * rate / RATE
        first, share = int(place), place % 1
        second = given[min(first + 1, count - 1)]
        taken.append(int(given[first] * (1 - share) + second * share))
    quiet = [0] * (RATE // 3)
    taken = quiet + taken + quiet
    return struct.pack(f"<{len(taken)}h", *taken)


with tempfile.NamedTemporaryFile("w", suffix=".gram") as grammar:
    grammar.write(GRAMMAR)
    grammar.flush()
    model = get_model_path()
    decoder = Decoder(
        Config(
            hmm=f"{model}/en-us/en-us",
            dict=f"{model}/en-us/cmudict-en-us.dict",
            jsgf=grammar.name,
            samprate=RATE,
            loglevel="FATAL",
        )
    )
    decoder.start_utt()
    decoder.process_raw(samples(sys.argv[1]), full_utt=True)
    decoder.end_utt()
    heard = decoder.hyp()
    print(heard.hypstr if heard else "")
