// "Did you mean": the name closest to a misspelt one.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace lutetia {

/// Insertions, deletions, substitutions and swaps of neighbours that turn a into b, upper and lower case being equal.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The closest of `names`, the first of equals; empty if none is close enough to be meant (about a third of the word
/// may differ). Cheap even for absurdly long words.
std::string nearest(std::string_view word, const std::vector<std::string>& names);

/// `, did you mean "cols"?` or nothing: to be appended to a message.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& names);

/// "a, b, c" or "(none)".
std::string joined(const std::vector<std::string>& names);

}  // namespace lutetia
