// How anything asks a memory for bytes. A request may be as long as its requester likes (a whole tile): a memory that
// models commands breaks it up itself, so that a long stream costs few events. Responses come back in request order per
// port: for a read when the last byte has arrived, for a write when the memory has taken the last byte.
#pragma once
#include <string>

#include "kernel/channel.h"

namespace lutetia {

struct MemoryRequest {
  std::uint64_t address = 0;  ///< bytes
  std::uint64_t bytes = 0;    ///< > 0
  bool write = false;
};

struct MemoryResponse {
  std::uint64_t bytes = 0;
  bool write = false;
};

struct MemoryPort {
  /// `outstanding`: requests and responses each side may have pending.
  MemoryPort(const std::string& name, std::uint32_t outstanding)
      : requests({name + ".requests", outstanding, 1}), responses({name + ".responses", outstanding, 1}) {}
  void connect(Clocked* requester, Clocked* memory) {
    requests.connect(requester, memory);
    responses.connect(memory, requester);
  }

  Channel<MemoryRequest> requests;
  Channel<MemoryResponse> responses;
};

}  // namespace lutetia
