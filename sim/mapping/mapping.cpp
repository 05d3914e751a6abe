#include "mapping/mapping.h"

namespace lutetia {

std::uint64_t Mapping::extent(const std::string& level, char loop) const {
  for (const LevelTiling& tiling : levels)
    for (const LoopTiling& l : tiling.loops)
      if (tiling.level == level && l.loop == loop) return l.extent;
  return 0;
}

std::string to_text(const Mapping& mapping) {
  std::string text;
  for (const LevelTiling& level : mapping.levels) {
    text += (text.empty() ? "" : "; ") + level.level + ":";
    for (const LoopTiling& loop : level.loops) {
      text += ' ';
      text += loop.loop;
      text += "=" + std::to_string(loop.extent) + (loop.spatial ? "*" : "");
    }
  }
  return text;
}

}  // namespace lutetia
