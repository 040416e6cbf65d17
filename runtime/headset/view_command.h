#pragma once
// `promenade-headset view FILM.prom`: pictures of a film's scenes as files. Prints what it does; returns the exit code:
// 0 done; 1 the film cannot be shown, or a picture not written; 2 wrong usage; 4 no Vulkan device.

namespace promenade::headset {

// `argv[0]` is the word "view".
int view_command(int argc, char** argv);

}  // namespace promenade::headset
