#include "units/weight_decoder/weight_decoder_config.h"

namespace lutetia {

void describe(Schema& s, WeightDecoderConfig& c) {
  s.field("lanes", c.lanes, "output channels decoded side by side; those of the core behind")
      .range(1, 8192)
      .rtl("Lanes");
  s.field("code", c.code, "how weights are packed: 0 i2_s, 1 tl2, 2 tq1_0").range(0, 2).rtl("Code");
  s.field("blocks", c.blocks, "blocks of `lanes` outputs that take turns; leftovers are kept for each")
      .range(1, 64)
      .rtl("Blocks");
}

}  // namespace lutetia
