// Outside initiators for the TLM edge, and a plain block that sends the same requests without any TLM.
#pragma once
#include <gtest/gtest.h>

#include <tlm_utils/simple_initiator_socket.h>
#include <algorithm>
#include <ostream>
#include <string>
#include <systemc>
#include <tlm>
#include <vector>

#include "base/random.h"
#include "kernel/event_kernel.h"
#include "memory/tlm_memory_module.h"

namespace lutetia {

/// Whether this process has an SC_THREAD. Its stack ends with a page that may not be touched; a leak checker that looks
/// for pointers in all memory would die of it, so it is turned off in such a process (tlm_memory_module_test.cpp).
inline bool has_threads = false;

/// One transaction: written bytes, or the bytes that a read must find (not compared if empty).
struct HostAccess {
  std::uint64_t address = 0;
  std::uint32_t bytes = 0;
  bool write = false;
  std::vector<std::uint8_t> data;
  Cycle earliest = 1;  ///< first cycle of the bus in which it may enter the memory's channel
};

inline sc_core::sc_time edge(const ClockDomain& clock, Cycle cycle) {
  return sc_core::sc_time::from_value(clock.femtoseconds(cycle));
}

/// Common to both initiators: what they do, and the bus cycles in which it happened.
class Initiator : public sc_core::sc_module, protected tlm::tlm_mm_interface {
 public:
  Initiator(const sc_core::sc_module_name& name, const ClockDomain& clock) : sc_module(name), clock_(clock) {
    has_threads = true;
  }
  bool done() const { return answered.size() == accesses.size() && live_ == 0; }

  std::vector<HostAccess> accesses;
  std::vector<Cycle> entered, answered;
  std::vector<tlm::tlm_response_status> statuses;

 protected:
  /// So that the edge of cycle earliest - 1 is the latest at which it is seen in `earliest`.
  void wait_for(const HostAccess& access) {
    const sc_core::sc_time at = edge(clock_, access.earliest - 1);
    if (at > sc_core::sc_time_stamp()) wait(at - sc_core::sc_time_stamp());
  }
  void fill(tlm::tlm_generic_payload& payload, HostAccess& access, std::vector<std::uint8_t>& data) {
    data = access.data;
    data.resize(access.bytes);
    payload.set_command(access.write ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
    payload.set_address(access.address);
    payload.set_data_ptr(data.data());
    payload.set_data_length(access.bytes);
    payload.set_streaming_width(access.bytes);
    payload.set_byte_enable_ptr(nullptr);
    payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  }
  void check(const tlm::tlm_generic_payload& payload, const std::vector<std::uint8_t>& data) {
    const HostAccess& access = accesses[answered.size()];
    answered.push_back(cycle());
    statuses.push_back(payload.get_response_status());
    if (access.write || access.data.empty()) return;
    EXPECT_EQ(data, access.data) << name() << " access " << answered.size() - 1;
  }
  /// The cycle whose edge is now.
  Cycle cycle() const {
    Cycle c = clock_.cycle_at(sc_core::sc_time_stamp().value());
    while (edge(clock_, c) < sc_core::sc_time_stamp()) ++c;
    EXPECT_EQ(edge(clock_, c), sc_core::sc_time_stamp());
    return c;
  }
  void free(tlm::tlm_generic_payload* payload) override {
    --live_;
    delete payload;
  }

  ClockDomain clock_;
  int live_ = 0;  ///< payloads of the memory manager that somebody still holds
};

class BlockingInitiator final : public Initiator {
 public:
  SC_HAS_PROCESS(BlockingInitiator);
  tlm_utils::simple_initiator_socket<BlockingInitiator> socket{"socket"};
  explicit BlockingInitiator(const sc_core::sc_module_name& name, const ClockDomain& clock = {})
      : Initiator(name, clock) {
    SC_THREAD(work);
  }

 private:
  void work() {
    tlm::tlm_generic_payload payload;
    std::vector<std::uint8_t> data;
    for (HostAccess& access : accesses) {
      wait_for(access);
      fill(payload, access, data);
      sc_core::sc_time delay;
      socket->b_transport(payload, delay);
      EXPECT_EQ(delay, sc_core::SC_ZERO_TIME);
      check(payload, data);
    }
  }
};

/// Sends a request as soon as the one before has entered; takes responses at once or `think` later.
class NonBlockingInitiator final : public Initiator {
 public:
  SC_HAS_PROCESS(NonBlockingInitiator);
  tlm_utils::simple_initiator_socket<NonBlockingInitiator> socket{"socket"};
  explicit NonBlockingInitiator(const sc_core::sc_module_name& name, const ClockDomain& clock = {},
                                sc_core::sc_time think_time = {})
      : Initiator(name, clock), think(think_time) {
    socket.register_nb_transport_bw(this, &NonBlockingInitiator::nb_transport_bw);
    SC_THREAD(work);
    SC_METHOD(end_response);
    sensitive << thought_;
    dont_initialize();
  }
  sc_core::sc_time think;  ///< from BEGIN_RESP to END_RESP; sc_max_time() = no END_RESP

 private:
  void work() {
    data_.resize(accesses.size());
    for (std::size_t i = 0; i < accesses.size(); ++i) {
      wait_for(accesses[i]);
      auto* payload = new tlm::tlm_generic_payload(this);
      ++live_;
      payload->acquire();
      fill(*payload, accesses[i], data_[i]);
      tlm::tlm_phase phase = tlm::BEGIN_REQ;
      sc_core::sc_time delay;
      if (socket->nb_transport_fw(*payload, phase, delay) == tlm::TLM_COMPLETED) {
        entered.push_back(cycle());
        check(*payload, data_[i]);
        payload->release();
        continue;
      }
      while (entered.size() == i) wait(request_ended_);
    }
  }
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase, sc_core::sc_time&) {
    if (phase == tlm::END_REQ) {
      entered.push_back(cycle());
      request_ended_.notify(sc_core::SC_ZERO_TIME);
      return tlm::TLM_ACCEPTED;
    }
    EXPECT_EQ(phase, tlm::BEGIN_RESP);
    EXPECT_EQ(responding_, nullptr) << "BEGIN_RESP before the END_RESP of the response before";
    check(payload, data_[answered.size()]);
    if (think == sc_core::SC_ZERO_TIME) {
      payload.release();
      return tlm::TLM_COMPLETED;
    }
    responding_ = &payload;
    if (think != sc_core::sc_max_time()) thought_.notify(think);
    return tlm::TLM_ACCEPTED;
  }
  void end_response() {
    tlm::tlm_phase phase = tlm::END_RESP;
    sc_core::sc_time delay;
    tlm::tlm_generic_payload& payload = *responding_;
    responding_ = nullptr;
    socket->nb_transport_fw(payload, phase, delay);
    payload.release();
  }

  std::vector<std::vector<std::uint8_t>> data_;
  sc_core::sc_event request_ended_, thought_;
  tlm::tlm_generic_payload* responding_ = nullptr;
};

/// What an initiator must be equal to: a block that sends the same requests through a MemoryPort.
class DirectRequester final : public Clocked {
 public:
  DirectRequester(const std::string& name, const ClockDomain& clock, MainMemory& memory, std::uint32_t outstanding,
                  bool one_by_one = false)
      : Clocked(name, clock),
        port_(memory.add_port(name, outstanding, this)),
        outstanding_(outstanding),
        one_by_one_(one_by_one) {}
  void tick(Cycle now) override {
    if (port_.responses.can_pop(now)) {
      port_.responses.pop(now);
      answered.push_back(now);
    }
    if (!may_send(now) || !port_.requests.can_push(now)) return;
    const HostAccess& access = accesses[entered.size()];
    port_.requests.push(now, {access.address, access.bytes, access.write});
    entered.push_back(now);
  }
  Cycle next_event(Cycle now) const override { return done() ? kNever : now + 1; }
  void print_state(std::ostream& out) const override { out << answered.size() << " answered"; }
  std::vector<Wait> waits(Cycle) const override { return {{&port_.responses, Wait::For::kData}}; }
  bool done() const { return answered.size() == accesses.size(); }

  std::vector<HostAccess> accesses;
  std::vector<Cycle> entered, answered;

 private:
  bool may_send(Cycle now) const {
    if (entered.size() == accesses.size() || accesses[entered.size()].earliest > now) return false;
    // A blocked thread goes on at the time of the response; its next request is seen in the next cycle.
    if (one_by_one_) return entered.size() == answered.size() && (answered.empty() || answered.back() < now);
    return entered.size() - answered.size() < outstanding_;
  }

  MemoryPort& port_;
  std::uint32_t outstanding_;
  bool one_by_one_;
};

}  // namespace lutetia
