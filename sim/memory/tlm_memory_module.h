// The memory edge in TLM-2.0: a target socket for an outside initiator (a host CPU, a traffic generator, another
// simulator), behind it a port of one of our memories. Build it after the SystemcKernel and before run(), beside or
// inside modules of your own, and give its core() to the kernel like any other block:
//
//   SystemcKernel kernel("top");
//   FixedMemory memory("memory", {});
//   ByteStore contents(1 << 30);
//   TlmMemoryModule edge("edge", memory, contents);
//   MyInitiator host("host");  host.socket.bind(edge.socket);
//   kernel.add(memory); kernel.add(edge.core());
//   kernel.run([&] { return host.done; }, [] { return false; });
//
// Base protocol. What arrives up to the edge of bus cycle t enters in t + 1 or later (memory/host_port.h).
//   b_transport    waits out the annotated delay, blocks until the response; from any number of threads
//   nb_transport   BEGIN_REQ -> END_REQ when the request enters the memory's channel, BEGIN_RESP when its response
//                  arrives; END_RESP, or TLM_COMPLETED as the answer to BEGIN_RESP, frees the slot. A second BEGIN_REQ
//                  before END_REQ, or a phase out of order, is an SC_REPORT_ERROR. What is refused is TLM_COMPLETED.
//   transport_dbg  the contents as of now, no time, cut at the end of the memory
// Data moves when the response arrives, in the order of requests of a socket; so a response means that every later
// request, of whatever socket on the same ByteStore, sees the write.
//
// Leaves out: byte enables, streaming (a width below the length), DMI, TLM_IGNORE_COMMAND, extensions, early END_REQ by
// BEGIN_RESP. Addresses are those of the memory: a bus in front has to subtract its base.
#pragma once
#include <tlm_utils/simple_target_socket.h>
#include <systemc>
#include <tlm>

#include "memory/byte_store.h"
#include "memory/host_port.h"
#include "memory/main_memory.h"

namespace lutetia {

class TlmMemoryModule final : public sc_core::sc_module, private HostPort::Host {
 public:
  tlm_utils::simple_target_socket<TlmMemoryModule> socket{"socket"};

  /// `clock` is that of the host's bus, `outstanding` the transactions between END_REQ and END_RESP.
  TlmMemoryModule(const sc_core::sc_module_name& name, MainMemory& memory, ByteStore& contents,
                  std::uint32_t outstanding = 8, const ClockDomain& clock = {})
      : sc_module(name), contents_(contents), core_(std::string(basename()) + ".port", clock, outstanding, *this) {
    core_.set_port(memory.add_port(core_.name() + ".memory", outstanding, &core_));
    socket.register_b_transport(this, &TlmMemoryModule::b_transport);
    socket.register_nb_transport_fw(this, &TlmMemoryModule::nb_transport_fw);
    socket.register_transport_dbg(this, &TlmMemoryModule::transport_dbg);
  }

  HostPort& core() { return core_; }

 private:
  using Payload = tlm::tlm_generic_payload;

  /// A thread inside b_transport; lives on its stack.
  struct Blocked {
    sc_core::sc_event answered;
    bool done = false;
  };
  struct Transaction {
    Payload* payload = nullptr;
    Blocked* blocked = nullptr;  ///< null: non-blocking
  };

  void b_transport(Payload& payload, sc_core::sc_time& delay) {
    if (!acceptable(payload)) return;
    if (delay != sc_core::SC_ZERO_TIME) wait(delay);
    delay = sc_core::SC_ZERO_TIME;
    Blocked blocked;
    begin({&payload, &blocked}, delay);
    while (!blocked.done) wait(blocked.answered);
  }

  tlm::tlm_sync_enum nb_transport_fw(Payload& payload, tlm::tlm_phase& phase, sc_core::sc_time& delay) {
    if (phase == tlm::BEGIN_REQ) {
      if (requesting_ != nullptr) SC_REPORT_ERROR(name(), "BEGIN_REQ before the END_REQ of the request before");
      if (!acceptable(payload)) return tlm::TLM_COMPLETED;
      if (payload.has_mm()) payload.acquire();
      requesting_ = &payload;
      begin({&payload, nullptr}, delay);
    } else if (phase == tlm::END_RESP && responding_ == &payload) {
      end_response(core_.cycle_after((sc_core::sc_time_stamp() + delay).value()));
    } else {
      SC_REPORT_ERROR(name(), "a phase that is not due");
    }
    return tlm::TLM_ACCEPTED;
  }

  unsigned int transport_dbg(Payload& payload) {
    const std::uint64_t address = payload.get_address(), capacity = contents_.capacity();
    if (address >= capacity || payload.get_command() == tlm::TLM_IGNORE_COMMAND) return 0;
    const std::uint64_t bytes = std::min<std::uint64_t>(payload.get_data_length(), capacity - address);
    move(payload, bytes);
    return static_cast<unsigned int>(bytes);
  }

  /// Sets the response status; errors are found before a request takes any time.
  bool acceptable(Payload& payload) const {
    payload.set_dmi_allowed(false);
    const auto bytes = payload.get_data_length();
    tlm::tlm_response_status status = tlm::TLM_INCOMPLETE_RESPONSE;
    if (payload.get_command() == tlm::TLM_IGNORE_COMMAND)
      status = tlm::TLM_COMMAND_ERROR_RESPONSE;
    else if (payload.get_byte_enable_ptr() != nullptr)
      status = tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
    else if (bytes == 0 || payload.get_streaming_width() < bytes)
      status = tlm::TLM_BURST_ERROR_RESPONSE;
    else if (!contents_.holds(payload.get_address(), bytes))
      status = tlm::TLM_ADDRESS_ERROR_RESPONSE;
    payload.set_response_status(status);
    return status == tlm::TLM_INCOMPLETE_RESPONSE;
  }

  void begin(const Transaction& transaction, const sc_core::sc_time& delay) {
    const Payload& payload = *transaction.payload;
    open_.push_back(transaction);
    core_.send({payload.get_address(), payload.get_data_length(), payload.is_write()},
               core_.cycle_after((sc_core::sc_time_stamp() + delay).value()));
  }

  void move(Payload& payload, std::uint64_t bytes) {
    if (payload.is_write())
      contents_.write(payload.get_address(), payload.get_data_ptr(), bytes);
    else
      contents_.read(payload.get_address(), payload.get_data_ptr(), bytes);
  }

  void entered(Cycle) override {
    const Transaction transaction = open_[entered_++];
    if (transaction.blocked != nullptr) return;
    requesting_ = nullptr;
    tlm::tlm_phase phase = tlm::END_REQ;
    sc_core::sc_time delay;
    socket->nb_transport_bw(*transaction.payload, phase, delay);
  }

  void answered(Cycle now) override {
    const Transaction transaction = open_.front();
    open_.pop_front();
    --entered_;
    Payload& payload = *transaction.payload;
    move(payload, payload.get_data_length());
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
    if (transaction.blocked != nullptr) {
      transaction.blocked->done = true;
      transaction.blocked->answered.notify(sc_core::SC_ZERO_TIME);
      core_.release(now);
      return;
    }
    responding_ = &payload;
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_core::sc_time delay;
    const tlm::tlm_sync_enum sync = socket->nb_transport_bw(payload, phase, delay);
    if (sync == tlm::TLM_COMPLETED || (sync == tlm::TLM_UPDATED && phase == tlm::END_RESP)) {
      const bool at_once = delay == sc_core::SC_ZERO_TIME;
      end_response(at_once ? now : core_.cycle_after((sc_core::sc_time_stamp() + delay).value()));
    }
  }

  void end_response(Cycle from) {
    Payload& payload = *responding_;
    responding_ = nullptr;
    core_.release(from);
    if (payload.has_mm()) payload.release();
  }

  ByteStore& contents_;
  HostPort core_;
  Ring<Transaction> open_;         ///< not answered, in the order of requests
  std::size_t entered_ = 0;        ///< how many of them have entered the memory's channel
  Payload* requesting_ = nullptr;  ///< between BEGIN_REQ and END_REQ
  Payload* responding_ = nullptr;  ///< between BEGIN_RESP and END_RESP
};

}  // namespace lutetia
