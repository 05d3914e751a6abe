#include "mapping/mapping.h"

#include <ostream>

namespace lutetia {

std::uint64_t Mapping::extent(const std::string& level, char loop) const {
  for (const LevelTiling& tiling : levels)
    for (const LoopTiling& l : tiling.loops)
      if (tiling.level == level && l.loop == loop) return l.extent;
  return 0;
}

std::ostream& operator<<(std::ostream& out, const Mapping& mapping) {
  for (const LevelTiling& level : mapping.levels) {
    out << level.level << ":";
    for (const LoopTiling& loop : level.loops) out << ' ' << loop.loop << '=' << loop.extent << (loop.spatial ? "*" : "");
    out << "\n";
  }
  return out;
}

}  // namespace lutetia
