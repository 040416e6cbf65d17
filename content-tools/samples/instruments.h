#pragma once
// Voices of the sample films: struck, plucked, blown and mechanical things, animals, weather. Pure and seeded; what
// comes out is about 1 at its peak unless said, and begins and ends at 0 unless it is a loop.

#include "content-tools/samples/synth.h"

namespace promenade::samples {

// Struck and plucked.
Signal bronze_bell(double frequency, double decay_s, double bright);  // church-like partials with slow beats
Signal chime(double frequency, double decay_s, double index = 2.0);   // FM (Chowning 1973), small and clear
Signal pluck(double frequency, double length_s, double soft, base::Random random);  // Karplus and Strong 1983
Signal music_box(double frequency);
Signal wood_knock(double frequency, double decay_s, base::Random random);
Signal tick(double frequency);
// Blown and bowed.
Signal flute(double frequency, double length_s, base::Random random);
Signal pad(const std::vector<double>& frequencies, double length_s, double fade_s);
Signal steam_whistle(double length_s);
// Animals.
Signal glide(double from, double to, double length_s, double harmonics = 0.15);  // one syllable of a bird
Signal trill(double low, double high, int notes, double note_s, base::Random random);
Signal owl();
Signal crane(base::Random random);
Signal wing_beats(int beats, double beat_s, base::Random random);
Signal bark(double frequency, base::Random random);
Signal low_call(double frequency, double length_s, base::Random random);  // of a large mild animal
// Steps, small things.
enum class Ground { stone, wood, snow, gravel };
Signal footstep(Ground ground, base::Random random);
Signal drop(double frequency, base::Random random);  // into water
Signal splash(double size_s, base::Random random);
Signal rustle(double length_s, double frequency, base::Random random);  // paper, cloth, leaves
Signal creak(double length_s, double frequency, base::Random random);
Signal whisper(double length_s, base::Random random);
Signal hiss(double length_s, double frequency, base::Random random);
// Loops.
Signal wind_loop(double length_s, double low, double high, double gusts, base::Random random);
Signal surf_loop(double length_s, int waves, base::Random random);
Signal brook_loop(double length_s, double bubbles_per_s, base::Random random);
Signal rain_loop(double length_s, double drops_per_s, base::Random random);
Signal fire_loop(double length_s, base::Random random);
Signal cricket_loop(double length_s, double frequency, base::Random random);
Signal train_loop(double length_s, double joints_per_s, base::Random random);

}  // namespace promenade::samples
