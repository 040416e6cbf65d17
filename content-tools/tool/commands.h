#pragma once
// What promenade-film does for each of its commands. They print to standard output (results) and standard error
// (findings, errors, progress) and return the exit code: 0 right, 1 the film is not valid, 2 the input cannot be
// used, 3 the machine is in the way (disk full, no permission, interrupted).

#include <string>
#include <vector>

namespace promenade::film_tool {

int pack(const std::string& folder, const std::string& out, const std::string& key_path);
int inspect(const std::string& path, bool json);
int verify(const std::string& path, const std::vector<std::string>& trusted);
int draw_route(const std::string& path, const std::string& svg_path, const std::string& language);
// Writes the secret key (mode 0600) and, beside it, FILE.pub. With `keep` an existing key is left as it is.
int make_key(const std::string& path, bool keep);

}  // namespace promenade::film_tool
