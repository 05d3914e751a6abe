#include "dataflow/run.h"

#include "base/random.h"

namespace lutetia::dataflow {

SourceValues random_values(std::uint64_t seed) {
  return [seed](const Node& source, std::uint64_t index, double* value) {
    std::uint64_t name = 0;
    for (const char c : source.name) name = mix64(name ^ static_cast<unsigned char>(c));
    for (std::uint32_t i = 0; i < source.width; ++i)
      value[i] = static_cast<double>(hash(seed, name, index, i) >> 11) * 0x1p-52 - 1;
  };
}

}  // namespace lutetia::dataflow
